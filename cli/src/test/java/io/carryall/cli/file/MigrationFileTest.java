package io.carryall.cli.file;

import static io.carryall.cli.file.Fixture.LIST;
import static io.carryall.cli.file.Fixture.RIGHT;
import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.migration.MailServer.Login.As;
import io.carryall.core.migration.MigrationSpec;
import io.carryall.core.migration.MigrationSpec.FlagsPolicy;
import io.carryall.core.port.ServerAddress.Security;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MigrationFileTest {
    @TempDir
    Path directory;
    private Fixture fixture;

    @BeforeEach
    void fixture() {
        fixture = new Fixture(directory);
    }

    @Test
    void a_file_that_is_right_is_read_whole() {
        MigrationFile.Read read = fixture.read(RIGHT, LIST);

        assertThat(read.errors()).isEmpty();
        assertThat(read.warnings()).isEmpty();
        MigrationSpec spec = read.spec();
        assertThat(spec.migration()).isEqualTo("acme-wave-1");
        assertThat(spec.source().system()).isEqualTo("old");
        assertThat(spec.source().address()).hasToString("mail.old.example:993").extracting("security").isEqualTo(Security.TLS);
        assertThat(spec.target().system()).isEqualTo("127.0.0.1");
        assertThat(spec.target().address().security()).isEqualTo(Security.NONE);
        assertThat(spec.target().login().as()).isEqualTo(As.ADMIN);
        assertThat(spec.filter().since()).isEqualTo(Instant.parse("2024-01-01T00:00:00Z"));
        assertThat(spec.filter().exclude()).containsExactly("Trash", "Junk/**");
        assertThat(spec.filter().maxSizeBytes()).isEqualTo(100_000_000);
        assertThat(spec.folders().map()).containsEntry("Sent Messages", "Sent");
        assertThat(spec.limits().source().bytesPerSecond()).isEqualTo(50_000_000);
        assertThat(spec.mailboxes()).extracting("source").containsExactly("ann@old.example", "bob@old.example");
    }

    @Test
    void a_small_file_takes_the_defaults() {
        MigrationSpec spec = fixture.read("""
                migration: small
                source: { url: "imap://old.example", login: { as: user } }
                target: { url: "imaps://[::1]:1993", login: { as: user } }
                mailboxes: mailboxes.csv
                """, "target-password,source-password,target,source\nenv:ANN,env:BOB,b@x,a@x").spec();

        assertThat(spec.source().address().security()).isEqualTo(Security.STARTTLS);
        assertThat(spec.source().address().port()).isEqualTo(143);
        assertThat(spec.target().address().host()).isEqualTo("::1");
        assertThat(spec.limits().target().connections()).isEqualTo(8);
        assertThat(spec.filter().include()).containsExactly("**");
    }

    @Test
    void secrets_are_named_by_references_and_never_stand_in_the_migration() {
        MigrationFile.Read read = fixture.read(RIGHT, LIST);

        assertThat(read.spec().mailboxes().get(0).sourceSecret()).isEqualTo("run:source/ann@old.example");
        assertThat(read.spec().target().login().secret()).isEqualTo("run:admin-target");
        assertThat(read.secrets().get("run:source/ann@old.example").reveal()).isEqualTo("ann's");
        assertThat(read.secrets().get("run:admin-target").reveal()).isEqualTo("master's");
        assertThat(read.toString()).doesNotContain("ann's").doesNotContain("master's");
    }

    @Test
    void an_installed_carryall_gets_references_as_they_stand_and_no_plain_secret() throws Exception {
        fixture.read(RIGHT, LIST.replace("env:BOB", "plain"));
        MigrationFile.Read read = MigrationFile.read(directory.resolve("migration.yaml"), Map.of(), MigrationFile.Secrets.PASSED_ON);

        assertThat(fixture.shown(read.errors())).singleElement().asString().startsWith("mailboxes.csv:3: the source-password is a plain secret");
    }

    @Test
    void every_error_of_both_files_comes_at_once() {
        String migration = """
                migraton: x
                source:
                  url: http://mail.old.example
                  login: { as: boss }
                target:
                  url: imap://mail.new.example?tls=none
                  login: { as: admin, user: master }
                mailboxes: mailboxes.csv
                filter: { since: 2024-02-30, max-size: big }
                flags: [copy]
                limits: { source: { connections: many } }
                """;
        assertThat(fixture.errors(migration, "source,target,passwrd\na,b,c\n")).satisfiesExactly(
                e -> assertThat(e).startsWith("migration.yaml:1: unknown key \"migraton\"; expected \"migration\""),
                e -> assertThat(e).startsWith("migration.yaml:1: migration is missing"),
                e -> assertThat(e).startsWith("migration.yaml:3: source.url is \"http://mail.old.example\"; expected imaps://HOST"),
                e -> assertThat(e).startsWith("migration.yaml:4: source.login.as is \"boss\"; expected user or admin"),
                e -> assertThat(e).startsWith("migration.yaml:6: target.url is").contains("in the clear"),
                e -> assertThat(e).startsWith("migration.yaml:7: target.login.password is missing"),
                e -> assertThat(e).startsWith("migration.yaml:9: filter.since is \"2024-02-30\"; expected a date such as"),
                e -> assertThat(e).startsWith("migration.yaml:9: filter.max-size is \"big\"; expected a size such as"),
                e -> assertThat(e).startsWith("migration.yaml:10: flags is a list; expected copy or follow"),
                e -> assertThat(e).startsWith("migration.yaml:11: limits.source.connections is \"many\"; expected a whole number"),
                e -> assertThat(e).startsWith("mailboxes.csv:1: unknown column \"passwrd\""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "max-size: 100MB|max-size: 0|14: filter.max-size is \"0\"",
        "max-size: 100MB|maxsize: 1|14: unknown key \"maxsize\" in filter; expected \"max-size\"",
        "until: 2026-12-01|until: 2024-01-01|12: filter.until is not after since",
        "\"Sent\" }|\"\" }|16: folders.map.Sent Messages is \"\"; expected a folder of the target",
        "\"Sent\" }|\"a//b\" }|16: folders.map.Sent Messages is \"a//b\"; expected a folder of the target",
        "flags: copy|flags: Copy|17: flags is \"Copy\"; expected copy or follow",
        "allow-shared-target: false|allow-shared-target: yes|20: allow-shared-target is \"yes\"; expected true or false",
        "migration: acme-wave-1|migration: a/b|1: migration is \"a/b\"",
        "migration: acme-wave-1|migration:|1: migration is empty",
        "system: old|separator: x|4: unknown key \"separator\" in source",
        "flags: copy|migration: again|17: \"migration\" stands twice; expected each key once (first on line 1)",
        "mailboxes: mailboxes.csv|mailboxes: [a]|9: mailboxes is a list",
        "{ as: user }|user|5: source.login is text; expected a mapping",
        "{ as: user }|{ as: user, user: x }|5: source.login.user is of no use",
        "exclude: [\"Trash\"|exclude: [[\"Trash\"]|13: filter.folders.exclude is a list; expected text in each place",
        "env:TARGET|env:NOWHERE|8: the target.login.password can't be resolved: the environment variable NOWHERE is not set",
        "env:TARGET|env:EMPTY|8: the target.login.password can't be resolved: the environment variable EMPTY is empty",
        "env:TARGET|file:nowhere|8: the target.login.password can't be resolved: the secret file",
        "system: old|ca: nowhere.pem|4: source.ca is \"nowhere.pem\"; expected a file that can be read",
        "system: old|ca: mailboxes.csv|4: source.ca is \"mailboxes.csv\"; expected a PEM file",
        "per-mailbox: 2 }, target|per-mailbox: 0 }, target|",
        "limits: {|limits: [|21: not YAML"
    })
    void one_mistake_gives_one_error_with_its_line(String right, String wrong, String error) {
        String made = RIGHT.replace(", bytes-per-second: 50MB", "");
        assertThat(made).contains(right);
        assertThat(fixture.errors(made.replace(right, wrong), LIST)).singleElement().asString().startsWith("migration.yaml:" + (error == null ? "21:" : error));
    }

    @Test
    void secrets_are_read_from_files_beside_the_migration_without_their_line_end() throws Exception {
        Files.writeString(directory.resolve("pw"), " with spaces \r\n");

        assertThat(fixture.read(RIGHT.replace("env:TARGET", "file:pw"), LIST).secrets().get("run:admin-target").reveal()).isEqualTo(" with spaces ");
    }

    @Test
    void flags_that_are_to_be_followed_are_nothing_to_warn_of() {
        MigrationFile.Read read = fixture.read(RIGHT.replaceAll("(?m)^flags:.*$", "").stripTrailing() + "\nflags: follow\n", LIST);

        assertThat(read.errors()).isEmpty();
        assertThat(read.warnings()).isEmpty();
        assertThat(read.spec().flags()).isEqualTo(FlagsPolicy.FOLLOW);
    }

    @Test
    void a_plain_secret_is_accepted_with_one_warning_a_file() {
        MigrationFile.Read read = fixture.read(RIGHT.replace("env:TARGET", "hunter2"), LIST.replace("env:", ""));

        assertThat(read.errors()).isEmpty();
        assertThat(fixture.shown(read.warnings())).satisfiesExactly(w -> assertThat(w).startsWith("migration.yaml:8:"), w -> assertThat(w).startsWith("mailboxes.csv:2:"));
        assertThat(read.warnings().toString()).doesNotContain("hunter2");
    }

    @Test
    void no_tls_is_accepted_on_loopback_or_when_said_to_be_meant() {
        assertThat(fixture.errors(RIGHT.replace("imaps://mail.old.example", "imap://mail.old.example?tls=none\n  insecure: true"), LIST)).isEmpty();
        assertThat(fixture.errors(RIGHT.replace("127.0.0.1:12143", "localhost:12143"), LIST)).isEmpty();
        assertThat(fixture.errors(RIGHT.replace("127.0.0.1:12143", "127.0.0.1.example:12143"), LIST)).hasSize(1);
    }

    @Test
    void a_file_of_nested_aliases_costs_nothing() {
        StringBuilder laughs = new StringBuilder(RIGHT).append("x0: &x0 [a, a, a, a, a, a, a, a, a]\n");
        for (int i = 1; i < 40; i++) {
            laughs.append("x").append(i).append(": &x").append(i).append(" [").append(("*x" + (i - 1) + ", ").repeat(8)).append("*x").append(i - 1).append("]\n");
        }
        long start = System.nanoTime();
        assertThat(fixture.errors(laughs.toString(), LIST)).singleElement().asString().contains("aliases");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void deep_nesting_and_tags_are_refused() {
        assertThat(fixture.errors("a: " + "[".repeat(100_000), LIST)).singleElement().asString().contains("not YAML");
        assertThat(fixture.errors(RIGHT.replace("flags: copy", "flags: !!javax.script.ScriptEngineManager [x]"), LIST)).hasSize(1);
    }

    @Test
    void bytes_that_are_not_utf_8_are_named_with_their_line() {
        byte[] migration = RIGHT.replace("system: old", "system: \u00fc").getBytes(StandardCharsets.ISO_8859_1);

        assertThat(fixture.shown(fixture.read(migration, LIST.getBytes(StandardCharsets.UTF_8)).errors())).containsExactly("migration.yaml:4: bytes that are not UTF-8; expected UTF-8");
    }

    @Test
    void a_password_in_a_url_is_not_shown() {
        assertThat(fixture.errors(RIGHT.replace("imaps://mail.old.example", "imaps://ann:hunter2@mail.old.example"), LIST)).singleElement().asString().contains("source.url").doesNotContain("hunter2");
    }

    @Test
    void files_that_are_missing_or_empty_are_errors() {
        assertThat(MigrationFile.read(directory.resolve("nowhere.yaml"), Map.of(), MigrationFile.Secrets.RESOLVED).errors()).singleElement().asString().contains("the file does not exist");
        assertThat(MigrationFile.read(directory, Map.of(), MigrationFile.Secrets.RESOLVED).errors()).singleElement().asString().contains("this is a folder");
        assertThat(fixture.errors("", LIST)).singleElement().asString().contains("the file is empty");
        assertThat(fixture.errors(RIGHT.replace("mailboxes.csv", "nowhere.csv"), LIST)).singleElement().asString().startsWith("nowhere.csv: the file does not exist");
        assertThat(fixture.errors(RIGHT, "")).singleElement().asString().startsWith("mailboxes.csv:1: the mailbox list is empty");
    }
}
