package io.carryall.testkit.fake;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;

import io.carryall.core.flags.FlagSet;
import io.carryall.core.flags.FlagTurn.Flagged;
import io.carryall.core.port.MailException;
import io.carryall.core.port.SourceSession;
import io.carryall.core.port.SourceSession.MailFolder;
import io.carryall.core.port.SourceSession.Receiver;
import io.carryall.core.port.TargetSession;
import io.carryall.testkit.mail.Mail;

/** A session to a {@link FakeMailServer} as a target. */
final class FakeTargetSession implements TargetSession {
    private static final Set<String> SYSTEM_FLAGS = Set.of("\\Seen", "\\Answered", "\\Flagged", "\\Deleted", "\\Draft");

    private final FakeMailServer server;
    private final FakeMailbox mailbox;
    private final FakeSession session;
    private final Capabilities capabilities;
    private final int lostAtStart;

    FakeTargetSession(FakeMailServer server, FakeMailbox mailbox, int lostAtStart, Capabilities capabilities) {
        this.server = server;
        this.mailbox = mailbox;
        this.lostAtStart = lostAtStart;
        this.session = new FakeSession(server, lostAtStart);
        this.capabilities = capabilities;
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public List<MailFolder> folders() throws MailException {
        session.requireAlive();
        return mailbox.list();
    }

    @Override
    public Planned plan(String path) {
        String escaped = path.replace(FakeMailbox.DELIMITER, "=7C");
        return new Planned(FakeMailbox.raw(escaped), escaped, escaped.equals(path) ? null : "the name became " + escaped);
    }

    @Override
    public Planned create(Planned planned, boolean subscribe) throws MailException {
        session.requireAlive();
        mailbox.createRaw(planned.rawName());
        if (subscribe) {
            mailbox.subscribeRaw(planned.rawName());
        }
        return planned;
    }

    @Override
    public Position position(String rawName) throws MailException {
        session.requireAlive();
        return mailbox.position(rawName).orElseThrow(() -> FakeSession.changed(rawName));
    }

    @Override
    public Appended append(String rawName, List<Outgoing> messages, BooleanSupplier mayCommit) {
        if (capabilities.multiAppend()) {
            return appendGroup(rawName, messages, mayCommit);
        }
        List<Appended> each = new ArrayList<>();
        messages.forEach(message -> each.add(appendGroup(rawName, List.of(message), mayCommit)));
        return new OneByOne(each);
    }

    private Appended appendGroup(String rawName, List<Outgoing> messages, BooleanSupplier mayCommit) {
        FakeMailServer.AppendFate fate = session.isAlive() ? server.nextFate() : FakeMailServer.AppendFate.NOT_SENT;
        if (fate == FakeMailServer.AppendFate.NOT_SENT || !mayCommit.getAsBoolean()) {
            session.close();
            return new NotSent("the connection was lost");
        }
        List<Mail> mails = messages.stream().map(FakeTargetSession::mail).toList();
        switch (fate) {
            case REFUSED:
                return new Refused(false, "", "not now", 0);
            case REPLY_LOST:
                storeOrRefuse(rawName, messages, mails);
                return lost();
            case LATE:
                server.storeLater(() -> storeOrRefuse(rawName, messages, mails));
                return lost();
            case LOST:
                return lost();
            default:
                return storeOrRefuse(rawName, messages, mails);
        }
    }

    private InDoubt lost() {
        session.close();
        return new InDoubt("the connection was lost");
    }

    private Appended storeOrRefuse(String rawName, List<Outgoing> messages, List<Mail> mails) {
        long limit = server.limit();
        if (limit >= 0 && mails.stream().anyMatch(mail -> mail.content().length > limit)) {
            return new Refused(false, "TOOBIG", "a message is too big", 0);
        }
        if (!mailbox.hasRoomFor(mails.stream().mapToLong(mail -> mail.content().length).sum())) {
            return new Refused(false, "OVERQUOTA", "the quota is exceeded", 0);
        }
        return mailbox.position(rawName).flatMap(position -> mailbox.store(rawName, mails).map(uids -> (Appended) new Stored(position.uidValidity(), capabilities.uidPlus() ? uids : List.of(), dropped(messages))))
                .orElse(new Refused(false, "TRYCREATE", "there is no such folder", 0));
    }

    private static Mail mail(Outgoing message) {
        try (InputStream in = message.content().open()) {
            Set<String> kept = new TreeSet<>(message.flags());
            kept.removeIf(flag -> !mayBeSent(flag));
            return new Mail(kept, message.date(), in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Set<String>> dropped(List<Outgoing> messages) {
        List<Set<String>> dropped = new ArrayList<>();
        for (Outgoing message : messages) {
            Set<String> left = new TreeSet<>(message.flags());
            left.removeIf(flag -> mayBeSent(flag) || flag.equals("\\Recent"));
            dropped.add(left);
        }
        return dropped.stream().allMatch(Set::isEmpty) ? List.of() : dropped;
    }

    private static boolean mayBeSent(String flag) {
        return SYSTEM_FLAGS.contains(flag) || flag.matches("[!#$'+,\\-./0-9:;<=>?@A-Z^_`a-z|}~]+");
    }

    @Override
    public Seen look(String rawName, long lowUid, LongPredicate wanted, Receiver receiver) throws MailException {
        Position position = position(rawName);
        List<FakeMailbox.Message> messages = mailbox.messages(rawName, lowUid).orElseThrow(() -> FakeSession.changed(rawName));
        FakeSession.hand(mailbox, rawName, messages.stream().filter(message -> wanted.test(message.uid())).toList(), receiver);
        return new Seen(position, messages.stream().map(FakeMailbox.Message::uid).toList());
    }

    @Override
    public SourceSession reading() {
        return new FakeSourceSession(server, mailbox, lostAtStart);
    }

    @Override
    public FlagFolder openFlags(String rawName) throws MailException {
        long uidValidity = position(rawName).uidValidity();
        return new FlagFolder() {
            @Override
            public long uidValidity() {
                return uidValidity;
            }

            @Override
            public boolean holds(String flag) {
                return mayBeSent(flag);
            }

            @Override
            public Map<Long, Flagged> look(List<Long> uids) throws MailException {
                session.requireAlive();
                Map<Long, Flagged> found = new HashMap<>();
                mailbox.messages(rawName, 1).orElseThrow(() -> FakeSession.changed(rawName)).stream().filter(message -> uids.contains(message.uid()))
                        .forEach(message -> found.put(message.uid(), new Flagged(FlagSet.of(message.flags()), message.modSeq())));
                return found;
            }

            @Override
            public boolean store(List<FlagEdit> edits, BooleanSupplier mayStore) throws MailException {
                session.requireAlive();
                if (!mayStore.getAsBoolean()) {
                    return false;
                }
                edits.forEach(edit -> mailbox.flag(rawName, edit.uid(), edit.add().names(), edit.remove().names(), edit.before().modSeq()));
                return true;
            }

            @Override
            public void close() {
                // Nothing is held.
            }
        };
    }

    @Override
    public boolean isAlive() {
        return session.isAlive();
    }

    @Override
    public void close() {
        session.close();
    }
}
