package io.carryall.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MainTest {
    @TempDir
    Path directory;

    @Test
    void help_lists_the_commands_with_examples() {
        CommandRun run = CommandRun.of("--help");

        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("check", "Example:", "--json", "--state", "--server", "--quiet", "--no-color");
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "check", "run", "verify", "status", "up", "down"})
    void each_command_explains_itself_with_an_example(String command) {
        CommandRun run = CommandRun.of(command, "--help");

        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("Example:", "carryall " + command);
    }

    @Test
    void a_wrong_command_line_exits_with_1_and_says_what_was_meant() {
        CommandRun run = CommandRun.of("chekc", "x.yaml");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("chekc").contains("check");
    }

    @Test
    void no_command_at_all_exits_with_1() {
        assertThat(CommandRun.of().status()).isEqualTo(1);
    }

    @Test
    void a_wrong_command_line_is_json_where_json_was_asked_for() {
        CommandRun run = CommandRun.of("check", "--json", "x.yaml", "--frobnicate");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).isEmpty();
        assertThat(run.json().at("/errors/0/message").asText()).contains("--frobnicate");
        assertThat(run.json().at("/errors/0").has("file")).isTrue();
    }

    @Test
    void options_are_accepted_before_and_after_the_name_of_the_command() throws Exception {
        Path file = Files.writeString(directory.resolve("m.yaml"), "migration: x\nsorce: y\n");
        JsonNode before = CommandRun.of("--json", "--quiet", "--state", "s", "check", file.toString()).json();
        JsonNode after = CommandRun.of("check", file.toString(), "--state", "s", "--quiet", "--no-color", "--json").json();

        assertThat(before).isEqualTo(after);
        assertThat(before.at("/errors/0/line").asInt()).isEqualTo(1);
        assertThat(before.at("/errors/0/file").asText()).isEqualTo(file.toString());
        assertThat(before.findValuesAsText("message")).contains("unknown key \"sorce\"", "source is missing", "target is missing", "mailboxes is missing");
    }

    @Test
    void errors_for_people_go_to_standard_error() throws Exception {
        Path file = Files.writeString(directory.resolve("m.yaml"), "migration: \"\u009b2J\u202e\"\n");
        CommandRun run = CommandRun.of("check", file.toString());

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(file + ":1:").contains("expected").doesNotContain("\u009b").doesNotContain("\u202e");
    }
}
