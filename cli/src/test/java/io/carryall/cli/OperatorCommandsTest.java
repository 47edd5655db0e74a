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

    @Test
    void retry_hands_on_the_reason_and_the_mailboxes() {
        CommandRun run = run("retry", "--reason", "too-large", "--mailbox", "ann@old.example");
        assertThat(run.status()).isZero();
        assertThat(control.begun.get("reason").asText()).isEqualTo("too-large");
        assertThat(control.begun.get("mailboxes")).hasToString("[\"ann@old.example\"]");
        assertThat(run.out()).contains("2 failed items (too-large 2) are eligible again");
    }

    @Test
    void what_arrived_is_accepted_by_its_uid_and_only_where_it_was_ambiguous() {
        CommandRun run = run("retry", "--reason", "ambiguous", "--accept", "--folder", "Sent", "--uid", "17", "--uid", "18");
        assertThat(run.status()).isZero();
        assertThat(control.begun.get("accept").asBoolean()).isTrue();
        assertThat(control.begun.get("folder").asText()).isEqualTo("Sent");
        assertThat(control.begun.get("uids")).hasToString("[17,18]");
        control.requests.clear();
        assertThat(run("retry", "--accept", "--json").json().at("/errors/0/expected").asText()).isEqualTo("--reason ambiguous");
        assertThat(run("retry", "--uid", "17").status()).isEqualTo(1);
        assertThat(control.requests).isEmpty();
    }

    @Test
    void retry_knows_the_reasons() {
        CommandRun run = run("retry", "--reason", "to-large", "--json");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.json().at("/errors/0/expected").asText()).contains("too-large, quota");
        assertThat(control.requests).isEmpty();
    }

    @Test
    void reset_says_what_would_arrive_twice_and_does_nothing_without_a_terminal_and_a_yes() {
        CommandRun run = run("reset", "--mailbox", "ann@old.example");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("17 messages").contains("a second time").contains("--yes");
        assertThat(control.requests).containsExactly("POST /api/reset");
        assertThat(control.begun.hasNonNull("generations")).isFalse();
    }

    @Test
    void reset_with_yes_resets_what_was_looked_at() {
        CommandRun run = run("reset", "--mailbox", "ann@old.example", "--yes", "--json");
        assertThat(run.status()).isZero();
        assertThat(control.begun.get("generations")).hasToString("{\"p1\":4}");
        assertThat(run.json().get("reset").asBoolean()).isTrue();
    }

    @Test
    void reset_of_a_mailbox_that_is_not_in_the_list_is_wrong() {
        assertThat(run("reset", "--mailbox", "nobody@old.example", "--yes").status()).isEqualTo(1);
        assertThat(control.requests).isEmpty();
    }

    @Test
    void remap_warns_that_the_list_has_a_former_name_still() {
        CommandRun run = run("remap", "--from", "x", "--to", "y", "--side", "source");
        assertThat(run.status()).isZero();
        assertThat(control.begun.get("side").asText()).isEqualTo("source");
        assertThat(run.out()).contains("a@x to a@z is now a@y to a@z");
        assertThat(run.err()).contains("the mailbox list has former names still");
    }

    private CommandRun run(String command, String... options) {
        List<String> arguments = new ArrayList<>(List.of(command, file.toString(), "--server", control.url().toString()));
        arguments.addAll(List.of(options));
        return CommandRun.of(Path.of("/nowhere"), Map.of("CARRYALL_TOKEN", "secret-token", "ANN", "ann's"), arguments.toArray(String[]::new));
    }
}
