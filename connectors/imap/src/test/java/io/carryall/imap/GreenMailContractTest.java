package io.carryall.imap;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.carryall.core.port.MailException;
import io.carryall.core.port.MailSystem;
import io.carryall.core.port.MailboxLogin;
import io.carryall.core.port.Secret;
import io.carryall.core.port.ServerAddress;
import io.carryall.core.port.SourceSession;
import io.carryall.core.port.SourceSession.MailFolder;
import io.carryall.core.port.TargetSession;
import io.carryall.core.port.TargetSession.Appended;
import io.carryall.core.port.TargetSession.OneByOne;
import io.carryall.core.port.TargetSession.Planned;
import io.carryall.core.port.TargetSession.Stored;
import io.carryall.core.record.FolderStatus;
import io.carryall.testkit.contract.ImapMailbox;
import io.carryall.testkit.contract.Mailbox;
import io.carryall.testkit.contract.SourceContract;
import io.carryall.testkit.contract.TargetContract;
import io.carryall.testkit.contract.TestedServer;
import io.carryall.testkit.mail.Mail;
import io.carryall.testkit.mail.MailboxSnapshot;
import io.carryall.testkit.mail.OddMessages;
import io.carryall.testkit.mail.PlainImap;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The ports' contracts on a second kind of server, which has neither MULTIAPPEND nor LITERAL+ nor CONDSTORE. It takes no message that it can't parse, shows some in a form of its own, and reads a name with wildcards as a pattern: where a contract asks
 * for these things, what it can do of them is asked instead.
 */
@Tag("integration")
class GreenMailContractTest {
    private static final MailSystem MAIL = new ImapMailSystem();
    private static final String HOST = "127.0.0.1";
    private static final String PASSWORD = "secret";
    private static GreenMail server;

    @BeforeAll
    static void start() {
        ServerSetup setup = new ServerSetup(0, HOST, ServerSetup.PROTOCOL_IMAP);
        // two seconds by default: too few where the machine is busy
        setup.setServerStartupTimeout(60_000);
        server = new GreenMail(setup);
        server.start();
    }

    @AfterAll
    static void stop() {
        server.stop();
    }

    private static MailboxLogin loginAs(String user) {
        server.setUser(user, user, PASSWORD);
        return new MailboxLogin(new ServerAddress(HOST, server.getImap().getPort(), ServerAddress.Security.NONE, null), user, user, null, null, new Secret(PASSWORD));
    }

    private static Mailbox mailboxOf(String user) {
        server.setUser(user, user, PASSWORD);
        return new ImapMailbox(() -> PlainImap.login(HOST, server.getImap().getPort(), user, PASSWORD));
    }

    private record OnGreenMail() implements TestedServer {
        @Override
        public MailSystem mail() {
            return MAIL;
        }

        @Override
        public MailboxLogin login(String user) {
            return loginAs(user);
        }

        @Override
        public Mailbox mailbox(String user) {
            return mailboxOf(user);
        }
    }

    private static boolean isTaken(Mailbox mailbox, String folder, Mail mail) {
        try {
            mailbox.append(folder, mail);
            return true;
        } catch (PlainImap.Refused e) {
            return false;
        }
    }

    private static boolean isStored(Appended appended) {
        return appended instanceof OneByOne many ? many.each().get(0) instanceof Stored : appended instanceof Stored;
    }

    @Nested
    class AsSource implements SourceContract {
        @Override
        public TestedServer server() {
            return new OnGreenMail();
        }

        @Override
        @Test
        public void odd_messages_come_as_the_server_holds_them() throws MailException {
            String user = "odd-" + UUID.randomUUID();
            Mailbox mailbox = mailboxOf(user);
            OddMessages.all().forEach(odd -> isTaken(mailbox, "INBOX", odd.mail()));
            MailboxSnapshot.Folder held = mailbox.snapshot().folders().get("INBOX");

            try (SourceSession source = MAIL.openSource(loginAs(user))) {
                Boxes.Received received = new Boxes.Received();
                source.fetch("INBOX", held.uidValidity(), held.items().stream().map(MailboxSnapshot.Item::uid).toList(), received);

                assertThat(held.items()).hasSizeGreaterThan(3);
                assertThat(held.items()).allSatisfy(item -> assertThat(MailboxSnapshot.exactDigest(received.messages.get(item.uid()).content())).isEqualTo(item.exact()));
            }
        }

        @Override
        @Test
        public void flags_are_told_of_all_of_some_or_of_those_that_changed_since_a_state() throws MailException {
            String user = "flags-" + UUID.randomUUID();
            Mailbox mailbox = mailboxOf(user);
            List<Long> uids = mailbox.append("INBOX", Mail.of("a").withFlags("\\Seen"), Mail.of("b"));

            try (SourceSession source = MAIL.openSource(loginAs(user))) {
                FolderStatus status = source.statuses(List.of("INBOX")).get("INBOX");
                mailbox.flag("INBOX", uids.get(1), Set.of("\\Flagged"), Set.of());
                Map<Long, Set<String>> all = new HashMap<>();
                source.flags("INBOX", status.uidValidity(), 0, all::put);
                Map<Long, Set<String>> some = new HashMap<>();
                source.flags("INBOX", status.uidValidity(), List.of(uids.get(1)), some::put);

                assertThat(status.modSeq()).as("it has no CONDSTORE").isZero();
                assertThat(all.keySet()).containsExactlyInAnyOrderElementsOf(uids);
                assertThat(all.get(uids.get(0))).contains("\\Seen");
                assertThat(some).containsOnlyKeys(uids.get(1));
                assertThat(some.get(uids.get(1))).contains("\\Flagged").doesNotContain("\\Seen");
            }
        }
    }

    @Nested
    class AsTarget implements TargetContract {
        @Override
        public TestedServer server() {
            return new OnGreenMail();
        }

        @Override
        @Test
        public void a_folder_of_any_name_is_made_once_and_stands_where_it_was_planned() throws MailException {
            try (TargetSession target = MAIL.openTarget(loginAs("names-" + UUID.randomUUID()))) {
                for (String path : List.of("INBOX", "Verträge/Entwürfe", "日本語", "R&D", "deep/er/and/deeper")) {
                    Planned made = target.create(target.plan(path), true);

                    assertThat(target.create(target.plan(path), true)).isEqualTo(made);
                    assertThat(target.folders()).filteredOn(folder -> folder.path().equals(made.path())).singleElement().matches(MailFolder::selectable);
                }
            }
        }

        @Override
        @Test
        public void odd_messages_arrive_as_they_would_by_hand() throws MailException {
            String user = "odd-" + UUID.randomUUID();
            Mailbox mailbox = mailboxOf(user);
            mailbox.create("ByHand");
            List<Boolean> byHand = new ArrayList<>();
            List<Boolean> byUs = new ArrayList<>();
            for (OddMessages.Odd odd : OddMessages.all()) {
                byHand.add(isTaken(mailbox, "ByHand", odd.mail()));
                try (TargetSession target = MAIL.openTarget(loginAs(user))) {
                    byUs.add(isStored(target.append("INBOX", List.of(Boxes.outgoing(odd.mail())), () -> true)));
                }
            }

            assertThat(byUs).isEqualTo(byHand).contains(true, false);
            MailboxSnapshot snapshot = mailbox.snapshot();
            assertThat(snapshot.items("INBOX")).extracting(MailboxSnapshot.Item::exact).isEqualTo(snapshot.items("ByHand").stream().map(MailboxSnapshot.Item::exact).toList());
        }

        @Override
        @Test
        public void flags_that_may_not_be_sent_are_left_out_and_no_body_runs_as_a_command() throws MailException {
            String user = "harm-" + UUID.randomUUID();
            Mailbox mailbox = mailboxOf(user);
            mailbox.create("VICTIM");
            List<Set<String>> flags = List.of(Set.of("\\Recent"), Set.of("par)en"), Set.of("a\r\nz3 DELETE VICTIM"), Set.of("{3+}"));
            for (Set<String> set : flags) {
                try (TargetSession target = MAIL.openTarget(loginAs(user))) {
                    byte[] body = "Subject: harm\r\n\r\nz1 DELETE VICTIM\r\nz2 CREATE INTRUDER\r\n".getBytes(StandardCharsets.US_ASCII);
                    assertThat(isStored(target.append("INBOX", List.of(Boxes.outgoing(body, set.toArray(String[]::new))), () -> true))).as(set.toString()).isTrue();
                }
            }

            assertThat(mailbox.snapshot().items("INBOX")).hasSize(flags.size());
            assertThat(mailbox.snapshot().folders()).containsKey("VICTIM").doesNotContainKey("INTRUDER");
        }
    }
}
