package io.carryall.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that start, share and leave a stack, which is a real process of its own here too, only without a pipeline inside. */
final class EmbeddedStackTest {
    @TempDir
    Path directory;
    private Path home;
    private Path file;
    private Path state;

    @BeforeEach
    void install() throws Exception {
        home = FakeStandalone.install(directory.resolve("home with spaces"));
        file = MigrationFixture.write(directory);
        state = Files.createDirectory(directory.resolve(".carryall"));
    }

    @AfterEach
    void no_process_is_left() {
        command("down", "--state", state.toString());
    }

    @Test
    void run_starts_a_stack_beside_the_migration_file_and_the_stack_ends_with_it() throws Exception {
        CommandRun run = command("run", file.toString());

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.err()).contains("starting Kafka ...", "the stack is ready after");
        assertThat(state.resolve("stack.json")).doesNotExist();
    }

    @Test
    void secrets_reach_the_services_in_a_private_file_that_goes_away_with_the_pass() throws Exception {
        command("run", file.toString());

        assertThat(Files.readString(state.resolve("seen-secrets"))).startsWith("[OWNER_").doesNotContain("GROUP").doesNotContain("OTHERS")
                .contains("\"run:source/ann@old.example\":\"ann's\"", "\"run:admin-target\":\"master's\"");
        assertThat(state.resolve("secrets/acme-wave-1.json")).doesNotExist();
        assertThat(Files.getPosixFilePermissions(state)).hasSize(3);
    }

    @Test
    void up_keeps_the_stack_and_commands_share_it_until_down() throws Exception {
        JsonNode up = command("up", "--state", state.toString(), "--json").json();
        CommandRun run = command("run", file.toString());
        JsonNode again = command("up", "--state", state.toString(), "--json").json();
        JsonNode down = command("down", "--state", state.toString(), "--json").json();

        assertThat(up.get("state").asText()).isEqualTo("up");
        assertThat(run.err()).doesNotContain("starting");
        assertThat(again.get("pid")).isEqualTo(up.get("pid"));
        assertThat(down.get("stopped").asBoolean()).isTrue();
        // It is our child, and in the process table until this JVM has collected it.
        Deadline.await("its process is gone", () -> ProcessHandle.of(up.get("pid").asLong()).filter(ProcessHandle::isAlive).isEmpty());
        assertThat(command("down", "--state", state.toString()).out()).contains("was not running");
    }

    @Test
    void two_commands_at_once_start_one_stack() {
        CompletableFuture<CommandRun> one = CompletableFuture.supplyAsync(() -> command("up", "--state", state.toString(), "--json"));
        CompletableFuture<CommandRun> two = CompletableFuture.supplyAsync(() -> command("up", "--state", state.toString(), "--json"));

        assertThat(one.join().json().get("pid")).isEqualTo(two.join().json().get("pid"));
    }

    @Test
    void a_stack_that_does_not_start_gives_its_reason_in_one_line() throws Exception {
        Files.createFile(state.resolve("broken"));
        CommandRun run = command("run", file.toString(), "--quiet");

        assertThat(run.status()).isEqualTo(3);
        assertThat(run.err()).contains("the stack did not start: port 9092 is taken: end what listens there").hasLineCount(1);
    }

    @Test
    void a_stack_that_is_not_built_says_so() {
        CommandRun run = CommandRun.of(directory, MigrationFixture.ENVIRONMENT, "run", file.toString());

        assertThat(run.status()).isEqualTo(3);
        assertThat(run.err()).contains("the stack is not built");
    }

    @Test
    void a_stack_file_of_a_dead_process_is_no_stack() throws Exception {
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        Files.writeString(state.resolve("stack.json"), "{\"pid\":" + dead.pid() + ",\"url\":\"http://127.0.0.1:1\",\"token\":\"x\"}");

        assertThat(command("run", file.toString()).status()).isZero();
    }

    @Test
    void a_second_run_of_the_same_migration_exits_with_1_and_names_the_pass() throws Exception {
        Files.createFile(state.resolve("endless"));
        Interruption[] interruption = new Interruption[1];
        CompletableFuture<CommandRun> first = CompletableFuture.supplyAsync(() -> {
            interruption[0] = Interruption.ofThisThread();
            return command("run", file.toString(), "--json");
        });
        Deadline.await("the first pass runs", () -> read(state.resolve("secrets/acme-wave-1.lock")).contains("pass 2"));
        CommandRun second = command("run", file.toString());
        interruption[0].request();

        assertThat(second.status()).isEqualTo(1);
        assertThat(second.err()).contains("acme-wave-1 is running: pass 2 of acme-wave-1");
        assertThat(first.join().status()).isEqualTo(130);
        assertThat(state.resolve("secrets/acme-wave-1.json")).doesNotExist();
    }

    @Test
    void a_pass_whose_command_was_killed_is_taken_over() throws Exception {
        Files.createFile(state.resolve("orphan"));
        CommandRun run = command("run", file.toString());

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.err()).contains("pass 2 is running since 10:00, and its command is gone; taking it over ...");
    }

    private static String read(Path path) {
        try {
            return Files.exists(path) ? Files.readString(path) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private CommandRun command(String... args) {
        return CommandRun.of(home, MigrationFixture.ENVIRONMENT, args);
    }
}
