package io.carryall.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carryall.testkit.dovecot.Dovecot;
import io.carryall.testkit.mail.Mail;
import io.carryall.testkit.mail.PlainImap;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("integration")
final class CheckCommandTest {
    private static Dovecot source;
    private static Dovecot target;

    @TempDir
    Path directory;

    @BeforeAll
    static void servers() {
        source = Dovecot.builder().start();
        target = Dovecot.builder().separator(".").capability("IMAP4rev1 SASL-IR LITERAL+ NAMESPACE APPENDLIMIT=2000 QUOTA").start();
        try (PlainImap imap = PlainImap.login(Dovecot.HOST, source.port(), "ann@old.example", Dovecot.PASSWORD)) {
            imap.ensure("a.b");
            imap.ensure("Junk/x");
            imap.append("INBOX", List.of(mail(100, "2020-01-01T10:00:00Z"), mail(5000, "2025-01-01T10:00:00Z"), mail(100, "2025-01-02T10:00:00Z")));
            imap.append("Junk/x", List.of(mail(100, "2025-01-01T10:00:00Z")));
        }
    }

    @AfterAll
    static void stop() {
        source.close();
        target.close();
    }

    @Test
    void it_lists_folders_counts_and_sizes_and_what_will_be_a_problem() throws Exception {
        target.quota("ann@new.example", 4096);
        CommandRun run = check("ann@old.example,ann@new.example,secret\n", "--json");

        assertThat(run.status()).as(run.err()).isZero();
        JsonNode pair = run.json().at("/pairs/0");
        assertThat(words(pair)).contains("no-uidplus", "no-multiappend", "too-large", "folder-name", "quota");
        JsonNode inbox = pair.at("/folders/0");
        assertThat(inbox.get("source").asText()).isEqualTo("INBOX");
        assertThat(inbox.get("messages").asInt()).isEqualTo(3);
        assertThat(inbox.get("excluded").asInt()).isEqualTo(1);
        assertThat(inbox.get("largest").asInt()).isGreaterThan(5000);
        assertThat(StreamSupport.stream(pair.get("folders").spliterator(), false).filter(f -> f.get("leftOut").asBoolean()).map(f -> f.get("source").asText())).contains("Junk/x");
        assertThat(pair.get("targetCapabilities").toString()).contains("APPENDLIMIT=2000");
    }

    @Test
    void a_refused_login_and_a_wrong_password_exit_with_3_and_the_others_are_looked_at() throws Exception {
        target.refuse("bob@new.example");
        CommandRun run = check("bob@old.example,bob@new.example,secret\ncyd@old.example,cyd@new.example,wrong\nann@old.example,ann@new.example,secret\n", "--json");

        assertThat(run.status()).isEqualTo(3);
        JsonNode pairs = run.json().get("pairs");
        assertThat(pairs.at("/0/problems").toString()).contains("login-refused").contains("\"side\":\"target\"");
        assertThat(pairs.at("/1/problems").toString()).contains("login-refused").contains("\"side\":\"source\"");
        assertThat(pairs.at("/2/ok").asBoolean()).isTrue();
        assertThat(run.out()).doesNotContain("\"wrong\"").doesNotContain(Dovecot.MASTER_PASSWORD);
    }

    @Test
    void a_server_out_of_reach_is_tried_a_few_times_and_not_for_every_mailbox() throws Exception {
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < 50; i++) {
            list.append("u").append(i).append("@old.example,u").append(i).append("@new.example,secret\n");
        }
        CommandRun run = checked(migration().replace(":" + source.port(), ":1"), list.toString(), "--json");

        assertThat(run.status()).isEqualTo(3);
        assertThat(run.json().at("/pairs/49/problems").toString()).contains("unreachable").contains("not tried");
    }

    @Test
    void people_get_a_table() throws Exception {
        CommandRun run = check("ann@old.example,ann@new.example,secret\n");

        assertThat(run.out()).contains("ann@old.example", "warning: too-large: 1 messages in INBOX are larger than the 2.0 KB", "Nothing was changed.");
    }

    @Test
    void it_says_once_that_the_journal_of_an_embedded_stack_stands_on_one_disk() throws Exception {
        CommandRun run = check("ann@old.example,ann@new.example,secret\n");

        assertThat(run.out().lines().filter(line -> line.startsWith("journal: one node on one disk"))).hasSize(1);
        assertThat(run.out()).contains(directory.resolve(".carryall").toString());
    }

    @Test
    void it_warns_of_what_an_installed_stack_lacks_of_what_is_promised_and_stops_nothing_for_it() throws Exception {
        try (FakeControl control = new FakeControl("right")) {
            CommandRun run = check("ann@old.example,ann@new.example,secret\n", "--server", control.url().toString());
            assertThat(run.status()).as(run.err()).isZero();
            assertThat(run.out()).contains("warning: Cassandra: keyspace carryall has 1 replica, 3 are promised on").doesNotContain("one disk");

            CommandRun told = check("ann@old.example,ann@new.example,secret\n", "--json", "--server", control.url().toString());
            assertThat(told.json().at("/journal/shortcomings/0").asText()).startsWith("Cassandra: keyspace carryall has 1 replica");
            assertThat(told.json().at("/journal/embedded").asBoolean(true)).isFalse();
        }
    }

    @Test
    void it_ends_with_3_where_the_installed_stack_is_away() throws Exception {
        assertThat(check("ann@old.example,ann@new.example,secret\n", "--server", "http://127.0.0.1:1").status()).isEqualTo(ExitStatus.UNFINISHED);
    }

    @Test
    void it_changes_nothing() throws Exception {
        check("ann@old.example,dan@new.example,secret\n");

        try (PlainImap imap = PlainImap.login(Dovecot.HOST, source.port(), "ann@old.example", Dovecot.PASSWORD)) {
            assertThat(imap.examine("INBOX").messages()).isEqualTo(3);
            assertThat(imap.search("UNSEEN")).hasSize(3);
        }
    }

    private CommandRun check(String list, String... options) throws Exception {
        return checked(migration(), list, options);
    }

    private CommandRun checked(String migration, String list, String... options) throws Exception {
        Path file = Files.writeString(directory.resolve("migration.yaml"), migration);
        Files.writeString(directory.resolve("mailboxes.csv"), "source,target,source-password\n" + list);
        String[] args = new String[options.length + 2];
        args[0] = "check";
        args[1] = file.toString();
        System.arraycopy(options, 0, args, 2, options.length);
        return CommandRun.of(directory, Map.of("MASTER", Dovecot.MASTER_PASSWORD, "CARRYALL_TOKEN", "right"), args);
    }

    private static String migration() {
        return """
                migration: acme-wave-1
                source: { url: "%s", login: { as: user } }
                target: { url: "%s", login: { as: admin, user: master, password: "env:MASTER" } }
                mailboxes: mailboxes.csv
                filter: { since: 2024-01-01, folders: { exclude: ["Junk/**"] } }
                """.formatted(source.url(), target.url());
    }

    private static List<String> words(JsonNode pair) {
        return StreamSupport.stream(pair.get("problems").spliterator(), false).map(problem -> problem.get("what").asText()).toList();
    }

    private static Mail mail(int bytes, String date) {
        return new Mail(Set.of(), OffsetDateTime.parse(date), ("Subject: x\r\n\r\n" + "x".repeat(bytes) + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }
}
