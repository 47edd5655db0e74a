package io.carryall.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OperatorCommandsTest {
    @TempDir
    Path directory;
    private Path file;
    private FakeControl control;

    @BeforeEach
    void control() throws Exception {
        file = MigrationFixture.write(directory);
        control = new FakeControl("secret-token");
    }

    @AfterEach
    void close() {
        control.close();
    }

    @Test
    void pause_needs_no_secret_and_gives_what_stands_then() {
        CommandRun run = run("pause", "--json");
        assertThat(run.status()).isZero();
        assertThat(run.json().get("state").asText()).isEqualTo("paused");
        assertThat(control.requests).containsExactly("POST /api/migrations/acme-wave-1/pause");
    }

    @Test
    void pause_exits_with_1_where_nothing_is_under_way() {
        control.conflict = "pass 2 of acme-wave-1 is over: there is nothing to pause";
        CommandRun run = run("pause");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("there is nothing to pause");
    }

    @Test
    void a_run_whose_pass_is_paused_ends_with_3() {
        control.result.put("state", "paused");
        CommandRun run = run("run", "--json");
        assertThat(run.status()).isEqualTo(3);
        assertThat(run.json().get("state").asText()).isEqualTo("paused");
    }

    @Test
    void resume_goes_on_with_a_pass_and_shows_it_to_its_end() {
        CommandRun run = run("resume", "--json");
        assertThat(run.status()).isZero();
        assertThat(run.json()).isEqualTo(control.result);
        assertThat(control.begun.get("resume").asBoolean()).isTrue();
    }

    @Test
    void resume_exits_with_1_where_nothing_is_to_be_resumed() {
        control.conflict = "no pass has run yet: there is nothing to resume";
        CommandRun run = run("resume", "--json");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.json().at("/errors/0/message").asText()).isEqualTo(control.conflict);
    }

    private CommandRun run(String command, String... options) {
        List<String> arguments = new ArrayList<>(List.of(command, file.toString(), "--server", control.url().toString()));
        arguments.addAll(List.of(options));
        return CommandRun.of(Path.of("/nowhere"), Map.of("CARRYALL_TOKEN", "secret-token", "ANN", "ann's"), arguments.toArray(String[]::new));
    }
}
