package io.carryall.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.testkit.dovecot.Dovecot;
import io.carryall.testkit.mail.Mail;
import io.carryall.testkit.mail.MailboxSnapshot;
import io.carryall.testkit.mail.OddMessages;
import io.carryall.testkit.net.FaultProxy;
import io.carryall.testkit.net.FaultProxy.Action;
import io.carryall.testkit.net.FaultProxy.Direction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a hostile message, a hostile server or a curious neighbour must not get. */
@Tag("integration")
final class SecurityTest {
    /** Cassandra's commit log segments and Kafka's logs are smaller; what is mapped larger than that is an index of zeros. */
    private static final long FILE_BYTES_MAX = 64L << 20;

    @TempDir
    Path directory;

    /**
     * Dovecot answers an APPEND with a flag or a date that it does not know with BAD, and takes the lines of the message for commands. A source may say any flag and any date: this one does, of messages whose bodies are
     * commands.
     */
    @ParameterizedTest
    @ValueSource(strings = {"", "MULTIAPPEND", "MULTIAPPEND LITERAL+"})
    void a_message_body_never_runs_as_commands(String less) {
        String name = "attack" + less.length();
        try (Dovecot target = Dovecot.started(less.isEmpty() ? new String[0] : less.split(" ")); Dovecot server = Dovecot.started();
                MaskingProxy hostile = new MaskingProxy(server.port()).mask("XBogus", "\\Bogus").mask("Paren-1", "Paren)1").mask("06-May-2024 07:08:09 +0200", "66-Foo-2024 77:88:99 +9999")) {
            Mail commands = OddMessages.named("body-of-imap-commands").mail();
            Mail fromTheFirstByte = OddMessages.named("imap-commands-from-the-first-byte").mail();
            Box source = new Box(server, name + "@old.example").append("INBOX", commands.withFlags("\\Seen", "XBogus"), fromTheFirstByte.withFlags("XBogus"), commands.at(commands.internalDate().plusDays(1)), fromTheFirstByte,
                    Mail.of("harmless").withFlags("XBogus", "$Forwarded"));
            Box victim = new Box(target, name + "@new.example").fill("VICTIM", 0, 1);
            MailboxSnapshot before = source.look();

            Outcome run = Migration.of(directory, name).fromPort(hostile.port()).to(target).pair(source.user(), victim.user()).run();

            MailboxSnapshot after = victim.look();
            assertThat(after.folders()).as(run.out()).containsKey("VICTIM").doesNotContainKey("INTRUDER");
            assertThat(after.items("VICTIM")).hasSize(1);
            assertThat(after.items("INBOX")).extracting(MailboxSnapshot.Item::exact).as(run.out()).containsExactlyInAnyOrderElementsOf(before.items("INBOX").stream().map(MailboxSnapshot.Item::exact).toList());
            assertThat(after.items("INBOX")).extracting(MailboxSnapshot.Item::flags).allMatch(flags -> flags.stream().noneMatch(flag -> flag.contains("Bogus")));
            run.exits(0).counts(5, 0, 0, 0);
        }
    }

    @Test
    void secrets_are_in_a_private_file_during_the_pass_and_nowhere_after_it() throws IOException {
        Installation shared = Installation.shared();
        String content = "Quittenmarmelade";
        try (FaultProxy between = new FaultProxy(shared.target().port())) {
            Box.source("private").append("INBOX", Mail.of(content), Mail.of(content + " once more"));
            between.trapBeforeText(Direction.TO_SERVER, "APPEND", Action.HOLD);
            CompletableFuture<Outcome> run = CompletableFuture.supplyAsync(() -> Migration.of(directory, "private").toPort(between.port()).pair("private@old.example", "private@new.example").run());
            between.awaitSprung(1, Deadline.LONG);

            Path file = shared.state().resolve("secrets/private.json");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
            assertThat(Files.readString(file)).contains(Dovecot.MASTER_PASSWORD);
            assertThat(commandLines()).as("command lines").noneMatch(line -> line.contains(Dovecot.MASTER_PASSWORD));
            between.release();

            run.join().exits(0).counts(2, 0, 0, 0);
            assertThat(file).doesNotExist();
        }
        // Kafka's and Cassandra's data and all logs are below the state directory.
        for (String secret : List.of(Dovecot.MASTER_PASSWORD, base64("private@new.example\0master\0" + Dovecot.MASTER_PASSWORD), content)) {
            assertThat(filesWith(shared.state(), secret)).as("files with " + secret).isEmpty();
        }
    }

    private static List<Path> filesWith(Path directory, String text) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path file : Checkout.files(directory)) {
            try {
                if (Files.size(file) < FILE_BYTES_MAX && Files.readString(file, StandardCharsets.ISO_8859_1).contains(text)) {
                    found.add(file);
                }
            } catch (NoSuchFileException e) {
                // a server took it away: what it held stands in another one now, or nowhere
            }
        }
        return found;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> commandLines() {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.map(process -> process.info().commandLine().orElse("")).toList();
        }
    }

    @Test
    void a_certificate_that_names_another_host_stops_the_pass_before_any_password_is_sent() {
        try (Dovecot target = Dovecot.builder().tls("elsewhere.example").start()) {
            Box.source("tls").fill("INBOX", 0, 1);
            Migration migration = Migration.of(directory, "tls").toUrl("imaps://127.0.0.1:" + target.tlsPort(), "ca: " + target.certificate()).pair("tls@old.example", "tls@new.example");

            Outcome run = migration.run().exits(3);

            assertThat(run.json().at("/pairs/0/error/reason").asText()).isIn("unreachable", "login-refused");
            assertThat(target.log()).doesNotContain("Login: user=");
            assertThat(new Box(target, "tls@new.example").messages()).isZero();
        }
    }

    @Test
    void tls_and_starttls_carry_mail_where_the_certificate_is_trusted() {
        try (Dovecot target = Dovecot.builder().tls().start()) {
            Box.source("secure").fill("INBOX", 0, 3);
            Migration migration = Migration.of(directory, "secure").toUrl("imaps://127.0.0.1:" + target.tlsPort(), "ca: " + target.certificate()).pair("secure@old.example", "secure@new.example");

            migration.verifiedAfter(Migration::run).exits(0).counts(3, 0, 0, 0);
            Box.source("secure").fill("INBOX", 3, 2);
            migration.toUrl("imap://127.0.0.1:" + target.port(), "ca: " + target.certificate()).verifiedAfter(Migration::run).exits(0).counts(2, 3, 0, 0);

            assertThat(target.log().lines().filter(line -> line.contains("Login: user=<secure@new.example>"))).isNotEmpty().allMatch(line -> line.contains("TLS"));
        }
    }
}
