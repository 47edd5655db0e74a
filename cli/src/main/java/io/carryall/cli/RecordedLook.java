package io.carryall.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.carryall.core.migration.MailServer;
import io.carryall.core.migration.MailboxPair;
import io.carryall.core.migration.MigrationSpec;
import io.carryall.core.port.MailException;
import io.carryall.core.port.Secret;
import io.carryall.core.port.TargetSession;
import io.carryall.imap.ImapMailSystem;
import io.carryall.imap.Timeouts;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Looks for messages that the ledger recorded, in the target mailbox that a pair is now said to go to. Changes nothing. */
final class RecordedLook {
    private static final Timeouts TIMEOUTS = new Timeouts(10_000, 60_000, 30_000);

    private final ImapMailSystem mail = new ImapMailSystem(TIMEOUTS);
    private final MigrationSpec spec;
    private final Map<String, Secret> secrets;

    RecordedLook(MigrationSpec spec, Map<String, Secret> secrets) {
        this.spec = spec;
        this.secrets = secrets;
    }

    /** What an operator should know of it; empty where messages are where they were recorded, or none was. */
    Optional<String> warning(JsonNode pair) {
        if (pair.path("recorded").isEmpty()) {
            return Optional.empty();
        }
        String target = pair.at("/to/target").asText();
        Optional<MailboxPair> listed = spec.mailboxes().stream().filter(each -> each.target().equalsIgnoreCase(target) || each.target().equalsIgnoreCase(pair.at("/from/target").asText())).findFirst();
        if (listed.isEmpty()) {
            return Optional.of(target + " was not looked at: it is not in the list");
        }
        try (TargetSession session = open(listed.get(), target)) {
            int recorded = 0;
            int found = 0;
            for (JsonNode folder : pair.path("recorded")) {
                recorded += folder.path("uids").size();
                found += found(session, folder);
            }
            return found > 0 ? Optional.empty() : Optional.of("of " + recorded + " messages that the ledger recorded none stands where it should in " + target
                    + ": if it is not the mailbox that they went to, give the pair its former name again before the next run");
        } catch (MailException e) {
            return Optional.of(target + " was not looked at: " + e.getMessage());
        }
    }

    private TargetSession open(MailboxPair listed, String target) throws MailException {
        MailServer server = spec.target();
        String secret = server.login().secret() == null ? listed.targetSecret() : server.login().secret();
        // Where the list has the former name still, that one must not be opened in place of the new one.
        String user = listed.targetUser().equalsIgnoreCase(listed.target()) ? target : listed.targetUser();
        return mail.openTarget(server.loginTo(target, user, secrets.get(secret)));
    }

    private static int found(TargetSession session, JsonNode folder) throws MailException {
        Set<Long> uids = new HashSet<>();
        folder.path("uids").forEach(uid -> uids.add(uid.asLong()));
        try {
            String name = folder.path("folder").asText();
            if (session.position(name).uidValidity() != folder.path("uidValidity").asLong()) {
                return 0;
            }
            uids.retainAll(session.look(name, uids.stream().min(Long::compare).orElse(1L), uid -> false, null).uids());
            return uids.size();
        } catch (MailException e) {
            if (session.isAlive()) {
                return 0;
            }
            throw e;
        }
    }
}
