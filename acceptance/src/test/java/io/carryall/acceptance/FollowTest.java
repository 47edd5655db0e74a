package io.carryall.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.carryall.testkit.dovecot.Dovecot;
import io.carryall.testkit.mail.Mail;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code run --follow} as a process of its own. */
@Tag("integration")
final class FollowTest {

    @TempDir
    Path directory;

    @Test
    void new_mail_arrives_while_it_is_followed_and_ctrl_c_between_two_passes_is_a_good_end() {
        Box.source("followed").fill("INBOX", 0, 5);
        Migration migration = Migration.of(directory, "followed").pair("followed@old.example", "followed@new.example");
        Command.Started command = follow(migration);
        Deadline.await(Deadline.LONG, "the first pass", () -> Box.target("followed").messages() == 5);

        Box.source("followed").fill("INBOX", 5, 2).fill("Later", 0, 1);
        Deadline.await(Deadline.LONG, "what came in meanwhile arrives", () -> Box.target("followed").messages() == 8);
        Box.source("followed").fill("Later", 1, 1);
        Deadline.await(Deadline.LONG, "and what came after that", () -> Box.target("followed").messages() == 9);
        awaitRest(migration);
        assertThat(migration.run().status()).as("a second run beside it").isEqualTo(1);
        awaitRest(migration);
        command.interrupt();
        Outcome outcome = command.await(Deadline.LONG);

        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(outcome.json().path("state").asText()).isEqualTo("finished");
        assertThat(outcome.json().path("copied").asInt()).isEqualTo(9);
        assertThat(outcome.json().path("passes").asInt()).isGreaterThanOrEqualTo(3);
        assertThat(outcome.json().at("/pairs/0/lagSeconds").asDouble()).isPositive().isLessThan(150);
        assertThat(Box.target("followed").messageIds("INBOX")).doesNotHaveDuplicates();
        migration.verified();
        migration.run().exits(0).counts(0, 9, 0, 0);
    }

    @Test
    void pause_ends_it_between_two_passes_and_a_refused_mailbox_does_not() {
        Box.source("kept").fill("INBOX", 0, 2);
        Migration migration = Migration.of(directory, "kept").pair("kept@old.example", "kept@new.example").pairWith("stranger@old.example", "stranger@new.example", "no such password");
        Command.Started command = follow(migration);
        Deadline.await(Deadline.LONG, "the first pass", () -> Box.target("kept").messages() == 2);
        Box.source("kept").fill("INBOX", 2, 1);
        Deadline.await(Deadline.LONG, "the good mailbox is followed", () -> Box.target("kept").messages() == 3);
        awaitRest(migration);
        assertThat(migration.command("pause", List.of()).status()).isZero();
        Outcome outcome = command.await(Deadline.LONG);

        assertThat(outcome.status()).as(outcome.err()).isEqualTo(3);
        assertThat(outcome.pair("stranger@old.example").at("/heldBack/reason").asText()).isEqualTo("login-refused");
        assertThat(outcome.pair("stranger@old.example").path("pass").asInt()).as("tried once").isEqualTo(1);
        assertThat(outcome.pair("kept@old.example").path("state").asText()).isEqualTo("finished");
        assertThat(outcome.pair("kept@old.example").path("pass").asInt()).isGreaterThan(1);
    }

    @Test
    void following_goes_on_when_the_stack_was_killed() throws Exception {
        Path state = Checkout.temporary("follow");
        try {
            Box.source("survivor").fill("INBOX", 0, 3);
            Migration migration = Migration.of(directory, "survivor").state(state).pair("survivor@old.example", "survivor@new.example");
            Command.Started command = follow(migration);
            Deadline.await(Deadline.LONG, "the first pass", () -> Box.target("survivor").messages() == 3);
            long pid = new ObjectMapper().readTree(Files.readString(state.resolve("stack.json"))).path("pid").asLong();
            ProcessHandle stack = ProcessHandle.of(pid).orElseThrow();
            stack.descendants().forEach(ProcessHandle::destroyForcibly);
            stack.destroyForcibly();

            Box.source("survivor").fill("INBOX", 3, 2);
            Deadline.await(Deadline.LONG, "on a stack that was started anew", () -> Box.target("survivor").messages() == 5);
            awaitRest(migration);
            command.interrupt();
            Outcome outcome = command.await(Deadline.LONG);

            assertThat(outcome.status()).as(outcome.err()).isZero();
            assertThat(outcome.json().path("state").asText()).isEqualTo("finished");
            assertThat(Box.target("survivor").messageIds("INBOX")).hasSize(5).doesNotHaveDuplicates();
        } finally {
            Checkout.delete(state);
        }
    }

    @Test
    void a_full_mailbox_rests_while_the_others_are_followed_and_what_is_not_named_is_left_alone() {
        Dovecot target = Installation.shared().target();
        target.quota("follow-full@new.example", 60_000);
        Box.source("follow-full").append("INBOX", Mail.of(("Subject: large\r\n\r\n" + "much to read\r\n".repeat(6_000)).getBytes(StandardCharsets.US_ASCII)));
        Box.source("follow-roomy").fill("INBOX", 0, 2);
        Box.source("follow-other").fill("INBOX", 0, 2);
        Migration migration = Migration.of(directory, "follow-quota").pairs(Stream.of("follow-full", "follow-roomy", "follow-other"));
        Command.Started command = follow(migration, "--mailbox", "follow-full@old.example", "--mailbox", "FOLLOW-roomy@old.example");
        Deadline.await(Deadline.LONG, "the first pass", () -> Box.target("follow-roomy").messages() == 2);
        awaitRest(migration);
        Box.source("follow-roomy").fill("INBOX", 2, 1);
        Deadline.await(Deadline.LONG, "the other one is followed", () -> Box.target("follow-roomy").messages() == 3);
        awaitRest(migration);
        command.interrupt();
        Outcome outcome = command.await(Deadline.LONG);

        assertThat(outcome.status()).as(outcome.err()).isEqualTo(3);
        assertThat(outcome.out().strip().lines()).as("one object").hasSize(1);
        assertThat(outcome.pair("follow-full@old.example").at("/heldBack/reason").asText()).isEqualTo("quota");
        assertThat(outcome.pair("follow-roomy@old.example").path("pass").asInt()).as("the full one is tried less often").isGreaterThan(outcome.pair("follow-full@old.example").path("pass").asInt());
        assertThat(outcome.json().path("pairs")).hasSize(2);
        assertThat(Box.target("follow-other").messages()).isZero();
    }

    @Test
    void following_goes_on_when_the_source_server_was_restarted_and_after_its_own_command_was_killed() {
        try (Dovecot source = Dovecot.started()) {
            Box box = new Box(source, "restarted@old.example").fill("INBOX", 0, 2);
            Migration migration = Migration.of(directory, "restarted").from(source).pair("restarted@old.example", "restarted@new.example");
            Command.Started killed = follow(migration);
            Deadline.await(Deadline.LONG, "the first pass", () -> Box.target("restarted").messages() == 2);
            awaitRest(migration);
            source.stop();
            source.start();
            box.fill("INBOX", 2, 1);
            Deadline.await(Deadline.LONG, "what came after the restart arrives", () -> Box.target("restarted").messages() == 3);
            killed.process().descendants().forEach(ProcessHandle::destroyForcibly);
            killed.process().destroyForcibly().onExit().join();
            box.fill("INBOX", 3, 1);

            Command.Started command = follow(migration);
            Deadline.await(Deadline.LONG, "another command goes on", () -> Box.target("restarted").messages() == 4);
            awaitRest(migration);
            Command.Started second = follow(migration, directory.resolve("second"));
            Outcome refused = second.await(Deadline.LONG);
            awaitRest(migration);
            command.interrupt();
            Outcome outcome = command.await(Deadline.LONG);

            assertThat(refused.status()).as("a second one beside it: %s", refused.err()).isEqualTo(1);
            assertThat(outcome.status()).as(outcome.err()).isZero();
            assertThat(Box.target("restarted").messageIds("INBOX")).hasSize(4).doesNotHaveDuplicates();
        }
    }

    private Command.Started follow(Migration migration, String... options) {
        return follow(migration, directory, options);
    }

    private static Command.Started follow(Migration migration, Path said, String... options) {
        try {
            Files.createDirectories(said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> all = new ArrayList<>(List.of("--follow"));
        all.addAll(List.of(options));
        return Command.start(said, Migration.environment(), migration.arguments("run", all));
    }

    /** Until it waits for the next pass, with some seconds left. */
    private static void awaitRest(Migration migration) {
        Deadline.await(Deadline.LONG, "it rests between two passes", () -> {
            Outcome status = migration.command("status", List.of());
            return status.json().at("/following/nextSeconds").asDouble() > 4;
        });
    }
}
