package io.carryall.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.carryall.core.migration.Filter;
import io.carryall.core.migration.FolderMap;
import io.carryall.core.migration.MailServer;
import io.carryall.core.migration.MailServer.Login;
import io.carryall.core.migration.MailServer.Login.As;
import io.carryall.core.migration.MailboxPair;
import io.carryall.core.migration.MigrationSpec;
import io.carryall.core.port.Secret;
import io.carryall.core.port.ServerAddress;
import io.carryall.core.port.ServerAddress.Security;
import io.carryall.imap.ImapMailSystem;
import io.carryall.testkit.dovecot.Dovecot;
import io.carryall.testkit.mail.Mail;
import io.carryall.testkit.mail.MailFiller;
import io.carryall.testkit.mail.MailGenerator;
import io.carryall.testkit.mail.MailProfile;
import io.carryall.testkit.mail.OddMessages;
import io.carryall.testkit.mail.PlainImap;
import io.carryall.verify.VerifyResult.Item;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two real servers that differ in delimiter, prefix and the name of their folder for sent mail; the copy is made and then spoilt by hand. Each test has mailboxes of its own. */
@Tag("integration")
final class VerifierTest {
    private static final String BY_HAND = "From: a@x\r\nTo: b@x\r\nSubject: %s\r\nMessage-ID: <%s@x>\r\nDate: Mon, 6 May 2024 07:08:09 +0200\r\n\r\n%s\r\n";
    private static Dovecot old;
    private static Dovecot fresh;
    private static int users;

    private String user;
    private PlainImap source;
    private PlainImap target;

    @BeforeAll
    static void startServers() {
        old = Dovecot.builder().start();
        Map<String, String> specialUse = new LinkedHashMap<>(Map.of("Sent Messages", "\\Sent"));
        fresh = Dovecot.builder().separator(".").prefix("INBOX.").specialUse(specialUse).start();
    }

    @AfterAll
    static void stopServers() {
        old.close();
        fresh.close();
    }

    @BeforeEach
    void openMailboxes(TestInfo test) {
        user = "user" + ++users;
        source = PlainImap.login(old, user);
        target = PlainImap.login(fresh, user);
    }

    @AfterEach
    void closeMailboxes() {
        source.close();
        target.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_copy_of_a_whole_mailbox_matches(boolean bodies) throws Exception {
        new MailFiller(source).createFolders().fill(new MailGenerator(MailProfile.SMALL, 7), 1, 0, 300);
        copyMailbox();
        VerifyResult result = verify(spec(), bodies);
        assertThat(result.missing()).isEmpty();
        assertThat(result.different()).isEmpty();
        assertThat(result.doubled()).isEmpty();
        assertThat(result.extra()).isEmpty();
        assertThat(result.matches()).isTrue();
        assertThat(result.exitStatus()).isZero();
        assertThat(result.pairs().get(0).folders().stream().mapToLong(VerifyResult.Folder::sourceMessages).sum()).isEqualTo(300);
        assertThat(result.pairs().get(0).folders().stream().mapToLong(VerifyResult.Folder::targetMessages).sum()).isEqualTo(300);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_message_deleted_on_the_target_is_missing(boolean bodies) throws Exception {
        fillAndCopy("one", "two", "three");
        onTarget(imap -> imap.expunge("2"));
        VerifyResult result = verify(spec(), bodies);
        assertThat(result.missing()).containsExactly(new Item(user, user, "INBOX", 2L, "<two@x>", null, null));
        assertThat(result.exitStatus()).isEqualTo(2);
        assertThat(List.of(result.doubled(), result.different(), result.extra())).allMatch(List::isEmpty);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_message_doubled_on_the_target_is_told_by_the_uid_of_its_double(boolean bodies) throws Exception {
        fillAndCopy("one", "two", "three");
        onTarget(imap -> imap.copy("2", "INBOX"));
        VerifyResult result = verify(spec(), bodies);
        assertThat(result.doubled()).containsExactly(new Item(user, user, "INBOX", 4L, "<two@x>", null, null));
        assertThat(result.matches()).isFalse();
        assertThat(List.of(result.missing(), result.different(), result.extra())).allMatch(List::isEmpty);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void another_body_under_the_same_message_id_is_different(boolean bodies) throws Exception {
        fillAndCopy("one", "two", "three");
        onTarget(imap -> imap.expunge("2"));
        target.append("INBOX", byHand("two", "not what was there"));
        VerifyResult result = verify(spec(), bodies);
        assertThat(result.different()).extracting(Item::folder, Item::uid, Item::messageId, Item::what).containsExactly(tuple("INBOX", 2L, "<two@x>", "bytes"));
        assertThat(List.of(result.missing(), result.doubled(), result.extra())).allMatch(List::isEmpty);
    }

    @Test
    void a_body_changed_within_its_size_is_seen_with_bodies_only() throws Exception {
        fillAndCopy("one", "two");
        onTarget(imap -> imap.expunge("1"));
        target.append("INBOX", byHand("one", "text of eno"));
        assertThat(verify(spec(), false).matches()).isTrue();
        assertThat(verify(spec(), true).different()).extracting(Item::uid, Item::what).containsExactly(tuple(1L, "bytes"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void flags_changed_on_the_target_differ(boolean bodies) throws Exception {
        fillAndCopy("one", "two");
        onTarget(imap -> imap.addFlags("2", "\\Flagged", "$Label1"));
        VerifyResult result = verify(spec(), bodies);
        assertThat(result.different()).containsExactly(new Item(user, user, "INBOX", 2L, "<two@x>", "flags", "source (), target ($label1 \\Flagged)"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_keyword_lost_on_a_target_that_stores_keywords_differs(boolean bodies) throws Exception {
        source.append("INBOX", byHand("one", "text of one").withFlags("\\Seen", "Holiday"));
        target.append("INBOX", byHand("one", "text of one").withFlags("\\Seen"));
        assertThat(verify(spec(), bodies).different()).extracting(Item::what, Item::detail).containsExactly(tuple("flags", "source (\\Seen holiday), target (\\Seen)"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void another_date_differs_and_another_zone_does_not(boolean bodies) throws Exception {
        source.append("INBOX", byHand("one", "text of one"), byHand("two", "text of two"));
        target.append("INBOX", byHand("one", "text of one").at(OffsetDateTime.parse("2024-05-06T05:08:09Z")), byHand("two", "text of two").at(OffsetDateTime.parse("2024-05-06T05:08:10Z")));
        VerifyResult result = verify(spec(), bodies);
        assertThat(result.different()).containsExactly(new Item(user, user, "INBOX", 2L, "<two@x>", "date", "source 2024-05-06T05:08:09Z, target 2024-05-06T05:08:10Z"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void what_only_the_target_has_is_extra_and_does_not_count(boolean bodies) throws Exception {
        fillAndCopy("one");
        target.append("INBOX", byHand("new", "came later"));
        target.create("INBOX.Own");
        target.append("INBOX.Own", byHand("own", "somebody's own"));
        VerifyResult result = verify(spec(), bodies);
        assertThat(result.extra()).containsExactly(new Item(user, user, "INBOX", 2L, "<new@x>", null, null), new Item(user, user, "Own", 1L, "<own@x>", null, null));
        assertThat(result.matches()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void true_duplicates_stay_two(boolean bodies) throws Exception {
        fillAndCopy("one", "one", "one");
        assertThat(verify(spec(), bodies).matches()).isTrue();
        onTarget(imap -> imap.expunge("3"));
        assertThat(verify(spec(), bodies).missing()).hasSize(1);
        onTarget(imap -> imap.copy("1:2", "INBOX"));
        VerifyResult result = verify(spec(), bodies);
        assertThat(result.missing()).isEmpty();
        assertThat(result.doubled()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void line_ends_that_were_made_canonical_are_no_difference(boolean bodies) throws Exception {
        List<String> odd = List.of(
                "Message-ID: <lf@x>\nSubject: bare LF\n\nline\nline\n", "Message-ID: <cr@x>\r\nSubject: bare CR\r\n\r\nline\rline\r\n",
                "Message-ID: <mixed@x>\r\nSubject: mixed\n\r\nline\n\rline\r\n", "no header, bare CR\rand LF\n", "Subject: header only, bare LF\n");
        odd.forEach(message -> source.append("INBOX", mail(message)));
        odd.forEach(message -> target.append("INBOX", mail(canonical(message))));
        makeRest();
        assertMatches(verify(spec(), bodies));
    }

    @Test
    void odd_messages_that_are_the_same_on_both_sides_match() throws Exception {
        List<Mail> odd = Stream.of("\r\n", "x", "Message-ID: <1@x>\r\nMessage-ID: <2@x>\r\n\r\n", "Subject: \u00e4\u00f6 8 bit\r\n\r\n\u00fc", ": no name\r\n continued\r\n\r\nbody", "Message-ID: <" + "y".repeat(100_000) + ">\r\n\r\n",
                "Subject: long line\r\n\r\n" + "z".repeat(1_000_000) + "\r\n").map(VerifierTest::mail).toList();
        odd.forEach(mail -> source.append("INBOX", mail));
        odd.forEach(mail -> target.append("INBOX", mail));
        makeRest();
        assertMatches(verify(spec(), false));
        assertMatches(verify(spec(), true));
    }

    /** All of one date, many without any header; together with public odd messages where they stand beside the checkout. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void odd_messages_are_told_apart_whatever_their_line_ends_became(boolean bodies) throws Exception {
        List<OddMessages.Odd> odd = OddMessages.withCorpus(Path.of(System.getProperty("carryall.home"), "..", "shared", "corpus"));
        odd.forEach(message -> source.append("INBOX", message.mail()));
        odd.forEach(message -> target.append("INBOX", mail(canonical(new String(message.content(), StandardCharsets.ISO_8859_1))).at(message.mail().internalDate())));
        makeRest();
        assertMatches(verify(spec(), bodies));
        onTarget(imap -> imap.expunge("7,9"));
        assertThat(verify(spec(), bodies).missing()).extracting(Item::uid).containsExactly(7L, 9L);
    }

    private static String canonical(String content) {
        return content.replace("\r\n", "\n").replace('\r', '\n').replace("\n", "\r\n");
    }

    @Test
    void folders_meet_by_path_whatever_the_delimiter_and_by_special_use() throws Exception {
        source.create("Work/2024");
        source.create("dotted.name");
        source.append("Work/2024", byHand("one", "text of one"));
        source.append("Sent", byHand("two", "text of two"));
        source.append("dotted.name", byHand("three", "text of three"));
        target.create("INBOX.Work.2024");
        target.create("INBOX.dotted=2Ename");
        target.append("INBOX.Work.2024", byHand("one", "text of one"));
        target.append("INBOX.Sent Messages", byHand("two", "text of two"));
        target.append("INBOX.dotted=2Ename", byHand("three", "text of three"));
        makeRest();
        VerifyResult result = verify(spec(), false);
        assertThat(List.of(result.missing(), result.extra())).allMatch(List::isEmpty);
        assertThat(result.pairs().get(0).folders()).extracting(VerifyResult.Folder::source, VerifyResult.Folder::target).contains(
                tuple("Sent", "Sent Messages"), tuple("Work/2024", "Work/2024"), tuple("dotted.name", "dotted=2Ename"));
    }

    @Test
    void all_of_a_missing_folder_is_missing_and_an_empty_one_is_missing_itself() throws Exception {
        makeRest();
        source.create("Work");
        source.append("Work", byHand("one", "text of one"), byHand("two", "text of two"));
        source.create("Empty");
        VerifyResult result = verify(spec(), false);
        assertThat(result.missing()).extracting(Item::folder, Item::uid, Item::what).containsExactlyInAnyOrder(
                tuple("Work", 1L, null), tuple("Work", 2L, null), tuple("Empty", null, "folder"));
    }

    @Test
    void what_the_file_leaves_out_is_neither_missing_nor_extra() throws Exception {
        makeRest();
        source.append("INBOX", byHand("old", "text of old").at(OffsetDateTime.parse("2023-01-01T00:00:00Z")), byHand("new", "text of new"), byHand("large", "x".repeat(10_000)));
        target.append("INBOX", byHand("old", "text of old").at(OffsetDateTime.parse("2023-01-01T00:00:00Z")), byHand("new", "text of new"));
        source.append("Trash", byHand("gone", "text of gone"));
        target.create("INBOX.Both");
        source.create("Both");
        Filter filter = new Filter(OffsetDateTime.parse("2024-01-01T00:00:00Z").toInstant(), null, null, List.of("Trash"), 5_000L);
        VerifyResult result = verify(spec(filter, FolderMap.NONE, pair(user)), false);
        assertThat(List.of(result.missing(), result.extra())).allMatch(List::isEmpty);
        assertThat(result.matches()).isTrue();
        assertThat(result.pairs().get(0).excludedFolders()).containsExactly("Trash");
        assertThat(result.pairs().get(0).folders().get(0)).isEqualTo(new VerifyResult.Folder("INBOX", "INBOX", 3, 2, 2, 0, 0, 0, 0));
    }

    @Test
    void folders_that_are_mapped_into_one_are_compared_together() throws Exception {
        makeRest();
        source.create("A");
        source.create("B");
        source.append("A", byHand("one", "text of one"));
        source.append("B", byHand("one", "text of one"), byHand("two", "text of two"));
        target.create("INBOX.Both");
        target.append("INBOX.Both", byHand("one", "text of one"), byHand("one", "text of one"));
        VerifyResult result = verify(spec(Filter.EVERYTHING, new FolderMap(Map.of("A", "Both", "B", "Both")), pair(user)), false);
        assertThat(result.doubled()).isEmpty();
        assertThat(result.missing()).extracting(Item::folder, Item::uid).containsExactly(tuple("B", 2L));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void two_sources_in_one_target_are_compared_together_also_when_one_is_asked_for(boolean bodies) throws Exception {
        fillAndCopy("one", "two");
        try (PlainImap other = PlainImap.login(old, user + "b")) {
            other.append("INBOX", byHand("one", "text of one"), byHand("lost", "text of lost"));
        }
        target.append("INBOX", byHand("one", "text of one"));
        MigrationSpec shared = spec(Filter.EVERYTHING, FolderMap.NONE, pair(user), new MailboxPair(user + "b", user, null, null, "pw", "pw"));
        VerifyResult all = verify(shared, bodies);
        assertThat(all.doubled()).isEmpty();
        assertThat(all.missing()).extracting(Item::source, Item::messageId).containsExactly(tuple(user + "b", "<lost@x>"));
        VerifyResult first = verifier(shared, new VerifyOptions(bodies, Set.of(user.toUpperCase()))).run(VerifyProgress.SILENT);
        assertThat(first.pairs()).hasSize(1);
        assertThat(first.matches()).isTrue();
    }

    @Test
    void a_mailbox_that_refuses_us_is_told_and_the_others_are_compared() throws Exception {
        fillAndCopy("one");
        old.refuse(user + "locked");
        VerifyResult result = verify(spec(Filter.EVERYTHING, FolderMap.NONE, pair(user + "locked"), pair(user)), false);
        assertThat(result.exitStatus()).isEqualTo(3);
        assertThat(result.matches()).isFalse();
        assertThat(result.pairs().get(0).error().reason()).isEqualTo("login-refused");
        assertThat(result.pairs().get(1).error()).isNull();
        assertThat(result.pairs().get(1).matches()).isTrue();
    }

    @Test
    void an_administrator_verifies_on_behalf_of_users_and_changes_nothing() throws Exception {
        fillAndCopy("one", "two");
        Login admin = new Login(As.ADMIN, Dovecot.MASTER_USER, "master", null);
        MigrationSpec spec = new MigrationSpec("test", server(old, admin), server(fresh, admin), null, null, null, null, null, false, null, List.of(new MailboxPair(user, user, null, null, null, null)));
        Set<String> before = recent();
        assertThat(verify(spec, true).matches()).isTrue();
        assertThat(recent()).isEqualTo(before);
    }

    private Set<String> recent() {
        return Stream.of(source, target).flatMap(imap -> imap.command("STATUS INBOX (RECENT UNSEEN)").untagged().stream()).map(response -> response.text()).collect(Collectors.toSet());
    }

    private static void assertMatches(VerifyResult result) {
        assertThat(List.of(result.missing(), result.doubled(), result.different(), result.extra())).allMatch(List::isEmpty);
        assertThat(result.matches()).isTrue();
    }

    private static Mail byHand(String name, String body) {
        return mail(String.format(BY_HAND, name, name, body));
    }

    private static Mail mail(String content) {
        return Mail.of(content.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void fillAndCopy(String... names) {
        for (String name : names) {
            source.append("INBOX", byHand(name, "text of " + name));
            target.append("INBOX", byHand(name, "text of " + name));
        }
        makeRest();
    }

    /** The folders that the old server makes by itself. */
    private void makeRest() {
        List.of("INBOX.Drafts", "INBOX.Trash", "INBOX.Junk").forEach(target::ensure);
    }

    private void onTarget(Consumer<PlainImap> change) {
        target.select("INBOX");
        change.accept(target);
        target.command("CLOSE");
    }

    private void copyMailbox() {
        for (PlainImap.ListedFolder folder : source.list()) {
            String there = folder.name().equals("INBOX") ? "INBOX" : folder.name().equals("Sent") ? "INBOX.Sent Messages" : "INBOX." + folder.name().replace(".", "=2E").replace("/", ".");
            target.ensure(there);
            if (folder.selectable() && source.examine(folder.name()).messages() > 0) {
                source.fetch("1:*", mail -> target.append(there, new Mail(mail.flags().stream().filter(flag -> !flag.equals("\\Recent")).collect(Collectors.toSet()), mail.internalDate(), mail.content())));
            }
        }
    }

    private static MailServer server(Dovecot dovecot, Login login) {
        return new MailServer(null, new ServerAddress(Dovecot.HOST, dovecot.port(), Security.NONE, null), false, login);
    }

    private static MailboxPair pair(String user) {
        return new MailboxPair(user, user, null, null, "pw", "pw");
    }

    private MigrationSpec spec() {
        return spec(Filter.EVERYTHING, FolderMap.NONE, pair(user));
    }

    private static MigrationSpec spec(Filter filter, FolderMap map, MailboxPair... pairs) {
        return new MigrationSpec("test", server(old, Login.EACH_USER), server(fresh, Login.EACH_USER), filter, map, null, null, null, true, null, List.of(pairs));
    }

    private static VerifyResult verify(MigrationSpec spec, boolean bodies) throws InterruptedException {
        return verifier(spec, new VerifyOptions(bodies, Set.of())).run(VerifyProgress.SILENT);
    }

    private static Verifier verifier(MigrationSpec spec, VerifyOptions options) {
        Map<String, Secret> secrets = Map.of("pw", new Secret(Dovecot.PASSWORD), "master", new Secret(Dovecot.MASTER_PASSWORD));
        return new Verifier(new ImapMailSystem(), spec, secrets::get, options);
    }
}
