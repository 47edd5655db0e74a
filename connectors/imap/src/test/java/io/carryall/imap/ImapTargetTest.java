package io.carryall.imap;

import static io.carryall.imap.Boxes.ascii;
import static io.carryall.imap.Boxes.outgoing;
import static io.carryall.imap.Boxes.target;
import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.port.MailException;
import io.carryall.core.port.SourceSession.MailFolder;
import io.carryall.core.port.TargetSession;
import io.carryall.core.port.TargetSession.Appended;
import io.carryall.core.port.TargetSession.NotSent;
import io.carryall.core.port.TargetSession.OneByOne;
import io.carryall.core.port.TargetSession.Outgoing;
import io.carryall.core.port.TargetSession.Planned;
import io.carryall.core.port.TargetSession.Refused;
import io.carryall.core.port.TargetSession.Stored;
import io.carryall.imap.Boxes.Message;
import io.carryall.imap.Boxes.Received;
import io.carryall.testkit.dovecot.Dovecot;
import io.carryall.testkit.dovecot.MailFormat;
import io.carryall.testkit.mail.Mail;
import io.carryall.testkit.mail.PlainImap;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

@Tag("integration")
class ImapTargetTest {
    private static Dovecot server;

    @BeforeAll
    static void start() {
        server = Dovecot.builder().start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void a_group_arrives_in_its_order_with_flags_and_dates(TestInfo test) throws MailException {
        String user = user(test);
        OffsetDateTime date = OffsetDateTime.parse("1999-12-31T23:59:58-03:30");
        try (TargetSession target = target(server, user)) {
            Appended appended = target.append("INBOX", List.of(outgoing(Mail.of("one").withFlags("\\Seen", "\\Flagged", "$Forwarded").at(date)), outgoing(Mail.of("two")), outgoing(Mail.of("three"))), () -> true);
            assertThat(appended).isInstanceOfSatisfying(Stored.class, stored -> {
                assertThat(stored.uids()).containsExactly(1L, 2L, 3L);
                assertThat(stored.dropped()).isEmpty();
            });
        }
        Map<Long, Message> there = Boxes.read(server, user, "INBOX");
        assertThat(there.get(1L).flags()).contains("\\Seen", "\\Flagged", "$Forwarded");
        assertThat(there.get(1L).date().toInstant()).isEqualTo(date.toInstant());
        assertThat(there.get(2L).content()).isEqualTo(Mail.of("two").content());
    }

    @Test
    void odd_messages_arrive_byte_for_byte(TestInfo test) throws MailException {
        String user = user(test);
        List<byte[]> odd = oddMessages();
        try (TargetSession target = target(server, user)) {
            for (byte[] message : odd) assertThat(target.append("INBOX", List.of(outgoing(message)), () -> true)).isInstanceOf(Stored.class);
        }
        List<Message> there = new ArrayList<>(Boxes.read(server, user, "INBOX").values());
        assertThat(there).hasSameSizeAs(odd);
        for (int i = 0; i < odd.size(); i++) assertThat(there.get(i).content()).as("message " + i).isEqualTo(asDovecotGivesIt(odd.get(i)));
    }

    /** FETCH BODY[] has no NUL (RFC 3501): Dovecot keeps it on disk and shows 0x80. Bare LF is shown as CRLF. */
    private static byte[] asDovecotGivesIt(byte[] message) {
        String text = new String(message, java.nio.charset.StandardCharsets.ISO_8859_1);
        return ascii(text.replace('\0', '\u0080').replaceAll("(?<!\r)\n", "\r\n"));
    }

    static List<byte[]> oddMessages() {
        byte[] longLine = new byte[10_000_000];
        Arrays.fill(longLine, (byte) 'x');
        System.arraycopy(ascii("Subject: long\r\n\r\n"), 0, longLine, 0, 17);
        return List.of(
                ascii("Subject: 8-bit \u00E9\u00FF\r\nX-\u00FC: y\r\n\r\nbody \u0080\u00FE\r\n"),
                ascii("Subject: bare CR\r\n\r\na\rb\r\rc\r\n"),
                ascii("Subject: bare LF\n\na\nb\n"),
                ascii("Subject: NUL\r\n\r\na\0b\r\n"),
                longLine,
                ascii("Subject: header only\r\n"),
                ascii("Subject: header only, no line end"),
                ascii("\r\nno header at all\r\n"),
                ascii("no header, no blank line"),
                ascii("\r\n"),
                ascii("."));
    }

    @Test
    void an_empty_message_is_refused_in_the_servers_words(TestInfo test) throws MailException {
        try (TargetSession target = target(server, user(test))) {
            assertThat(target.append("INBOX", List.of(outgoing(new byte[0])), () -> true)).isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.bad()).isFalse());
            assertThat(target.append("INBOX", List.of(outgoing(Mail.of("next"))), () -> true)).isInstanceOf(Stored.class);
        }
    }

    @Test
    void a_body_never_runs_as_commands(TestInfo test) throws MailException {
        String user = user(test);
        try (PlainImap imap = PlainImap.login(server, user)) {
            imap.create("VICTIM");
            imap.append("VICTIM", Mail.of("precious"));
        }
        byte[] attack = ascii("Subject: x\r\n\r\nz1 DELETE VICTIM\r\nz2 DELETE \"VICTIM\"\r\n");
        List<Set<String>> flags = List.of(Set.of("\\Bogus"), Set.of("\\Seen) \"bad date\" {3+}"), Set.of("a b"), Set.of("x{9999999999+}"), Set.of("kw]x"), Set.of("é"), Set.of("$" + "k".repeat(199)), Set.of("k".repeat(5000)), Set.of("\\Recent"));
        List<OffsetDateTime> dates = new ArrayList<>(Arrays.asList(null, OffsetDateTime.MIN, OffsetDateTime.MAX, OffsetDateTime.parse("0001-01-01T00:00:00Z"), OffsetDateTime.parse("9999-12-31T23:59:59-18:00")));
        for (Set<String> flag : flags) dates.forEach(date -> appendAlone(user, "INBOX", new Outgoing(flag, date, new Boxes.Bytes(attack))));
        for (Set<String> flag : flags) dates.forEach(date -> appendSecond(user, new Outgoing(flag, date, new Boxes.Bytes(attack))));
        appendAlone(user, "nowhere", outgoing(attack));
        appendAlone(user, "bad&name", outgoing(attack));
        appendAlone(user, "\u00E9\u00FF \"{3+}\r\n", outgoing(attack));
        try (PlainImap imap = PlainImap.login(server, user)) {
            assertThat(imap.list()).extracting(PlainImap.ListedFolder::name).contains("VICTIM");
            assertThat(imap.examine("VICTIM").messages()).isEqualTo(1);
            assertThat(imap.examine("INBOX").messages()).isEqualTo(3 * flags.size() * dates.size());
        }
    }

    /** By now the session trusts the folder, and sends literals without waiting for the server's leave. */
    private static void appendSecond(String user, Outgoing message) {
        try (TargetSession target = target(server, user)) {
            assertThat(target.append("INBOX", List.of(outgoing(Mail.of("first"))), () -> true)).isInstanceOf(Stored.class);
            assertThat(target.append("INBOX", List.of(message), () -> true)).isInstanceOf(Stored.class);
        } catch (MailException e) {
            throw new AssertionError(e);
        }
    }

    private static void appendAlone(String user, String folder, Outgoing message) {
        try (TargetSession target = target(server, user)) {
            Appended appended = target.append(folder, List.of(message), () -> true);
            assertThat(appended).isInstanceOfAny(Stored.class, Refused.class);
        } catch (MailException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_keyword_that_the_server_refuses_is_left_out_and_told(TestInfo test) throws MailException {
        String user = user(test);
        String tooLong = "k".repeat(120);
        try (TargetSession target = target(server, user)) {
            Appended appended = target.append("INBOX", List.of(outgoing(Mail.of("one").withFlags("$Fine")), outgoing(Mail.of("two").withFlags("$Fine", tooLong, "Other")), outgoing(Mail.of("three").withFlags("a b", "\\Seen"))), () -> true);
            assertThat(appended).isInstanceOfSatisfying(Stored.class, stored -> assertThat(stored.dropped()).containsExactly(Set.of(), Set.of(tooLong), Set.of("a b")));
        }
        Map<Long, Message> there = Boxes.read(server, user, "INBOX");
        assertThat(there).hasSize(3);
        assertThat(there.get(2L).flags()).contains("$Fine", "Other").doesNotContain(tooLong);
        assertThat(there.get(3L).flags()).contains("\\Seen");
    }

    @Test
    void nothing_is_stored_when_it_may_not_be_committed(TestInfo test) throws MailException {
        String user = user(test);
        try (TargetSession target = target(server, user)) {
            assertThat(target.append("INBOX", List.of(outgoing(Mail.of("one")), outgoing(Mail.of("two"))), () -> false)).isInstanceOf(NotSent.class);
            assertThat(target.append("INBOX", List.of(outgoing(Mail.of("three"))), () -> true)).isInstanceOf(NotSent.class);
            assertThat(target.isAlive()).isFalse();
        }
        assertThat(Boxes.read(server, user, "INBOX")).isEmpty();
    }

    @Test
    void a_missing_folder_is_refused_and_the_session_goes_on(TestInfo test) throws MailException {
        try (TargetSession target = target(server, user(test))) {
            assertThat(target.append("nowhere", List.of(outgoing(Mail.of("one"))), () -> true)).isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.code()).isEqualTo("TRYCREATE"));
            target.create(target.plan("nowhere"), true);
            assertThat(target.append("nowhere", List.of(outgoing(Mail.of("one"))), () -> true)).isInstanceOf(Stored.class);
        }
    }

    @Test
    void without_multiappend_each_message_has_an_answer_of_its_own(TestInfo test) throws MailException {
        for (String[] without : new String[][] {{"MULTIAPPEND"}, {"MULTIAPPEND", "LITERAL+"}, {"MULTIAPPEND", "UIDPLUS"}}) {
            try (Dovecot plain = Dovecot.started(without); TargetSession target = target(plain, user(test))) {
                List<Outgoing> messages = new ArrayList<>();
                for (int i = 0; i < 50; i++) messages.add(outgoing(i == 20 ? new byte[0] : Mail.of("m" + i).withFlags("$K" + i % 3).content(), "$K" + i % 3));
                assertThat(target.capabilities().multiAppend()).isFalse();
                List<Appended> each = ((OneByOne) target.append("INBOX", messages, () -> true)).each();
                assertThat(each).hasSize(50);
                assertThat(each.get(20)).isInstanceOf(Refused.class);
                assertThat(each.stream().filter(Stored.class::isInstance)).hasSize(49);
                List<Message> there = new ArrayList<>(Boxes.read(plain, user(test), "INBOX").values());
                assertThat(there.get(20).content()).isEqualTo(Mail.of("m21").content());
                assertThat(there.get(48).flags()).contains("$K1");
            }
        }
    }

    @Test
    void without_literal_plus_the_servers_leave_is_awaited(TestInfo test) throws MailException {
        try (Dovecot plain = Dovecot.started("LITERAL+"); TargetSession target = target(plain, user(test))) {
            assertThat(target.append("INBOX", List.of(outgoing(Mail.of("one")), outgoing(Mail.of("two")), outgoing(Mail.of("three"))), () -> true)).isInstanceOfSatisfying(Stored.class, stored -> assertThat(stored.uids()).hasSize(3));
            assertThat(target.append("nowhere", List.of(outgoing(Mail.of("one"))), () -> true)).isInstanceOf(Refused.class);
            assertThat(Boxes.read(plain, user(test), "INBOX")).hasSize(3);
        }
    }

    @Test
    void a_full_mailbox_and_a_large_message_are_refused_by_code(TestInfo test) throws MailException {
        String user = user(test);
        try (Dovecot small = Dovecot.builder().quotaBytes(20_000).maxMessageBytes(10_000).start(); TargetSession target = target(small, user)) {
            assertThat(target.append("INBOX", List.of(outgoing(new byte[11_000])), () -> true)).isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.code()).isEqualTo("LIMIT"));
            assertThat(target.append("INBOX", List.of(outgoing(filled(9_000)), outgoing(filled(9_000)), outgoing(filled(9_000))), () -> true)).isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.code()).isEqualTo("OVERQUOTA"));
            assertThat(target.append("INBOX", List.of(outgoing(filled(5_000))), () -> true)).isInstanceOf(Stored.class);
        }
    }

    private static byte[] filled(int bytes) {
        byte[] message = new byte[bytes];
        Arrays.fill(message, (byte) 'x');
        return message;
    }

    @Test
    void folders_with_any_name_are_made_or_escaped_with_a_warning(TestInfo test) throws MailException {
        List<String> paths = List.of("INBOX", "a%b", "a*b", "quo\"te", "back\\slash", " lead", "trail ", "a&b", "v1.2", "Entwürfe/台北", "INBOX/child", "a\\/b", "~tilde", ".hidden", "x..y", "deep/er/and/deeper", "n".repeat(300), "bell\u0007", "=26");
        for (MailFormat format : MailFormat.values()) {
            for (String prefix : new String[] {"", "INBOX."}) {
                Dovecot.Builder builder = Dovecot.builder().format(format);
                if (!prefix.isEmpty()) builder.separator(".").prefix(prefix);
                try (Dovecot dovecot = builder.start(); TargetSession target = target(dovecot, user(test))) {
                    Set<String> names = new TreeSet<>();
                    for (String path : paths) {
                        Planned made = target.create(target.plan(path), true);
                        assertThat(names.add(made.rawName())).as(path).isTrue();
                        assertThat(made.path().equals(path)).as(made.toString()).isEqualTo(made.warning() == null);
                        assertThat(target.append(made.rawName(), List.of(outgoing(Mail.of(path))), () -> true)).as(path).isInstanceOf(Stored.class);
                        assertThat(target.create(target.plan(path), true)).isEqualTo(made);
                        List<MailFolder> there = target.folders().stream().filter(folder -> folder.rawName().equals(made.rawName())).toList();
                        assertThat(there).as(format + prefix + " " + made).hasSize(1);
                        assertThat(there.get(0).path()).isEqualTo(made.path());
                        assertThat(there.get(0).subscribed()).isTrue();
                    }
                }
            }
        }
    }

    @Test
    void a_folder_is_looked_at_from_a_uid_on(TestInfo test) throws MailException {
        try (TargetSession target = target(server, user(test))) {
            target.create(target.plan("box"), false);
            long low = target.position("box").uidNext();
            target.append("box", List.of(outgoing(Mail.of("one")), outgoing(Mail.of("two")), outgoing(Mail.of("three"))), () -> true);
            Received received = new Received();
            TargetSession.Seen seen = target.look("box", low + 1, uid -> uid == low + 2, received);
            assertThat(seen.uids()).containsExactly(low + 1, low + 2);
            assertThat(seen.position()).isEqualTo(target.position("box"));
            assertThat(received.messages).containsOnlyKeys(low + 2);
            assertThat(target.look("box", low + 3, uid -> true, received).uids()).isEmpty();
            assertThat(target.append("box", List.of(outgoing(Mail.of("four"))), () -> true)).isInstanceOf(Stored.class);
        }
    }

    @Test
    void a_large_group_has_a_uid_for_each_message(TestInfo test) throws MailException {
        List<Outgoing> messages = new ArrayList<>();
        for (int i = 0; i < 500; i++) messages.add(outgoing(Mail.of("m" + i)));
        try (TargetSession target = target(server, user(test))) {
            assertThat(target.append("INBOX", messages, () -> true)).isInstanceOfSatisfying(Stored.class, stored -> assertThat(stored.uids()).containsExactlyElementsOf(LongStream.rangeClosed(1, 500).boxed().toList()));
        }
    }

    private static String user(TestInfo test) {
        return test.getTestMethod().orElseThrow().getName() + "@example";
    }
}
