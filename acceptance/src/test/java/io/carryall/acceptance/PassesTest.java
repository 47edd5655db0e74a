package io.carryall.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carryall.testkit.mail.MailboxSnapshot;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One pass after another, whole or interrupted. */
@Tag("integration")
final class PassesTest {

    @TempDir
    Path directory;

    @Test
    void a_second_run_copies_nothing_and_a_third_exactly_what_is_new() {
        List<String> names = IntStream.range(0, 6).mapToObj(i -> "six" + i).toList();
        names.forEach(name -> Box.source(name).generate(0, 120));
        long bytes = bytes(names);
        Migration migration = Migration.of(directory, "six").pairs(names.stream());

        Outcome first = migration.verifiedAfter(Migration::run).exits(0).counts(720, 0, 0, 0);
        Outcome second = migration.run().exits(0).counts(0, 720, 0, 0);
        names.stream().limit(5).forEach(name -> Box.source(name).generate(120, 20));
        Outcome third = migration.verifiedAfter(Migration::run).exits(0).counts(100, 720, 0, 0);

        assertThat(List.of(first, second, third)).extracting(run -> run.json().path("pass").asInt() + run.json().path("kind").asText()).containsExactly("1full", "2delta", "3delta");
        names.forEach(name -> assertThat(Box.source(name).look().differencesOf(Box.target(name).look())).as(name).isEmpty());
        assertThat(first.json().path("bytes").asLong()).isEqualTo(bytes);
    }

    private static long bytes(List<String> names) {
        return names.stream().flatMap(name -> Box.source(name).look().folders().values().stream()).flatMap(folder -> folder.items().stream()).mapToLong(MailboxSnapshot.Item::bytes).sum();
    }

    @Test
    void a_part_of_the_list_can_be_run_and_a_dry_run_copies_nothing() {
        Box.source("part1").fill("INBOX", 0, 3);
        Box.source("part2").fill("INBOX", 0, 4);
        Migration migration = Migration.of(directory, "part").pair("part1@old.example", "part1@new.example").pair("part2@old.example", "part2@new.example");

        assertThat(migration.run("--dry-run").status()).isZero();
        assertThat(Box.target("part1").messages() + Box.target("part2").messages()).isZero();
        migration.run("--mailbox", "part2@old.example").exits(0).counts(4, 0, 0, 0);
        migration.run().exits(0);

        assertThat(Box.target("part1").messages()).isEqualTo(3);
        assertThat(Box.target("part2").messages()).isEqualTo(4);
    }

    @Test
    void an_interrupted_run_exits_with_130_within_seconds_and_the_next_one_goes_on_with_the_same_pass() {
        Migration migration = slow("ctrl-c");
        Command.Started command = Command.start(directory, Migration.environment(), migration.arguments("run", List.of()));
        Deadline.await(Deadline.LONG, "something arrived", () -> Box.target("ctrl-c").messages() > 0);

        long begun = System.nanoTime();
        command.interrupt();
        Outcome interrupted = command.await(Deadline.LONG).exits(130);

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(30));
        assertThat(interrupted.json().path("state").asText()).isEqualTo("interrupted");
        assertThat(interrupted.json().path("pending").asLong()).isPositive();
        goesOn(migration, "ctrl-c", interrupted.json());
    }

    @Test
    void after_a_command_that_was_killed_the_next_run_goes_on_with_the_same_pass() {
        Migration migration = slow("killed");
        Command.Started command = Command.start(directory, Migration.environment(), migration.arguments("run", List.of()));
        Deadline.await(Deadline.LONG, "something arrived", () -> Box.target("killed").messages() > 0);
        command.process().descendants().forEach(ProcessHandle::destroyForcibly);
        command.process().destroyForcibly().onExit().join();

        goesOn(migration, "killed", null);
    }

    @Test
    void two_migrations_with_the_same_pair_at_the_same_time_copy_nothing_twice_and_the_second_says_that_it_joins_in() {
        Migration one = slow("both");
        Migration other = Migration.of(directory, "both-again").pair("both@old.example", "both@new.example");
        Command.Started command = Command.start(directory, Migration.environment(), one.arguments("run", List.of()));
        Deadline.await(Deadline.LONG, "something arrived", () -> Box.target("both").messages() > 0);
        Outcome joined = other.run().exits(0);
        Outcome first = command.await(Deadline.LONG).exits(0);

        assertThat(first.migrated() + joined.migrated()).isEqualTo(1_500);
        assertThat(joined.warnings()).extracting(warning -> warning.path("what").asText()).containsExactly("also-running");
        assertThat(Box.source("both").look().differencesOf(Box.target("both").look())).isEmpty();
        one.run().exits(0).counts(0, 1_500, 0, 0);
        other.run().exits(0).counts(0, 1_500, 0, 0);
    }

    /** 1,500 messages of 4 KB, carried slowly enough to be interrupted. */
    private Migration slow(String name) {
        Box.source(name).generate(0, 1_500);
        return Migration.of(directory, name).pair(name + "@old.example", name + "@new.example").with("limits", "{ target: { bytes-per-second: 400KB } }");
    }

    private static void goesOn(Migration migration, String name, JsonNode interrupted) {
        Outcome next = migration.verifiedAfter(Migration::run).exits(0).counts(1_500, 0, 0, 0);

        assertThat(next.json().path("pass").asInt()).isEqualTo(1);
        assertThat(next.json().path("kind").asText()).isEqualTo("full");
        assertThat(next.json().at("/pairs/0/kind").asText()).isEqualTo("full");
        if (interrupted != null) {
            assertThat(next.migrated()).isGreaterThan(interrupted.path("migrated").asLong());
            assertThat(interrupted.path("pass").asInt()).isEqualTo(1);
        }
        assertThat(Box.source(name).look().differencesOf(Box.target(name).look())).isEmpty();
        migration.run().exits(0).counts(0, 1_500, 0, 0);
    }
}
