package io.carryall.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.testkit.dovecot.Dovecot;
import io.carryall.testkit.mail.Mail;
import io.carryall.testkit.mail.PlainImap;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("integration")
final class VerifyCommandTest {
    private static Dovecot source;
    private static Dovecot target;

    @TempDir
    Path directory;

    @BeforeAll
    static void servers() {
        source = Dovecot.builder().start();
        target = Dovecot.builder().start();
        Mail one = Mail.of("one");
        Mail two = Mail.of("two");
        put(source, "ann@old.example", one, two);
        put(target, "ann@new.example", one, two);
        put(source, "bob@old.example", one, two);
        put(source, "bob@old.example", Mail.of("no headers".getBytes(StandardCharsets.US_ASCII)));
        put(target, "bob@new.example", one);
    }

    @AfterAll
    static void stop() {
        source.close();
        target.close();
    }

    @Test
    void two_sides_that_match_exit_with_0() throws Exception {
        CommandRun run = verify("--json", "--mailbox", "ann@old.example", "--bodies");

        assertThat(run.status()).as(run.out()).isZero();
        assertThat(run.json().get("matches").asBoolean()).isTrue();
        assertThat(run.json().get("pairs")).hasSize(1);
        assertThat(run.json().fieldNames()).toIterable().contains("missing", "doubled", "different", "extra");
    }

    @Test
    void what_is_missing_is_listed_and_exits_with_2() throws Exception {
        CommandRun run = verify("--json");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.json().at("/missing/0/source").asText()).isEqualTo("bob@old.example");
        assertThat(run.json().at("/missing/0/folder").asText()).isEqualTo("INBOX");
        assertThat(run.json().at("/missing/0/uid").asInt()).isEqualTo(2);
        assertThat(run.json().at("/missing/0/messageId").asText()).isEqualTo("<two@old.example>");
        assertThat(run.json().at("/missing/0").has("what")).isFalse();
        assertThat(run.json().at("/missing/1").has("messageId")).isTrue();
        assertThat(run.json().at("/missing/1/messageId").isNull()).isTrue();
        assertThat(verify().out()).contains("missing: bob@old.example → bob@new.example: INBOX uid 2", "do not match: 2 missing");
    }

    @Test
    void a_mailbox_that_could_not_be_looked_at_exits_with_3() throws Exception {
        assertThat(verify("--json", "--mailbox", "cyd@old.example").status()).isEqualTo(3);
    }

    private CommandRun verify(String... options) throws Exception {
        Files.writeString(directory.resolve("mailboxes.csv"), "source,target,source-password\nann@old.example,ann@new.example,secret\nbob@old.example,bob@new.example,secret\n"
                + (String.join(" ", options).contains("cyd") ? "cyd@old.example,cyd@new.example,wrong\n" : ""));
        Path file = Files.writeString(directory.resolve("migration.yaml"), """
                migration: acme-wave-1
                source: { url: "%s", login: { as: user } }
                target: { url: "%s", login: { as: admin, user: master, password: "env:MASTER" } }
                mailboxes: mailboxes.csv
                """.formatted(source.url(), target.url()));
        String[] args = new String[options.length + 2];
        args[0] = "verify";
        args[1] = file.toString();
        System.arraycopy(options, 0, args, 2, options.length);
        return CommandRun.of(directory, Map.of("MASTER", Dovecot.MASTER_PASSWORD), args);
    }

    private static void put(Dovecot server, String user, Mail... mails) {
        try (PlainImap imap = PlainImap.login(server, user)) {
            imap.append("INBOX", mails);
        }
    }
}
