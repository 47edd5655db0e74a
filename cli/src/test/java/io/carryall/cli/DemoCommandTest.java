package io.carryall.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo on real mail servers, with a stack that copies nothing: so the verification at its end must find everything missing. */
@Tag("integration")
final class DemoCommandTest {
    @TempDir
    Path directory;

    @Test
    void it_types_what_an_operator_would_type_and_says_what_to_do_next() throws Exception {
        Path home = FakeStandalone.install(directory.resolve("home"));
        CommandRun run = CommandRun.in(directory, home, Map.of(), "demo");

        assertThat(run.status()).as(run.err()).isEqualTo(2);
        Path file = directory.resolve("carryall-demo/migration.yaml");
        assertThat(run.out()).containsSubsequence("== 1 of 6", "== 2 of 6", "== 3 of 6", "$ carryall run " + file, "== 4 of 6", "== 5 of 6", "$ carryall run " + file, "== 6 of 6", "$ carryall verify " + file,
                "source and target do not match: 1,060 missing", "What next:");
        assertThat(run.err()).doesNotContain("warning");
        assertThat(Files.readString(file)).contains("imap://127.0.0.1:");
        Deadline.await("the stack is gone", () -> !Files.exists(directory.resolve("carryall-demo/.carryall/stack.json")));
    }

    @Test
    void its_json_holds_the_results_of_its_commands() throws Exception {
        Path home = FakeStandalone.install(directory.resolve("home"));
        CommandRun run = CommandRun.in(directory, home, Map.of(), "demo", "--json", "--quiet");

        assertThat(run.json().at("/full/state").asText()).isEqualTo("finished");
        assertThat(run.json().at("/verify/matches").asBoolean()).isFalse();
        assertThat(run.err()).isEmpty();
    }
}
