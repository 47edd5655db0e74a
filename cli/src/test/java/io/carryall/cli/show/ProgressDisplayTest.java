package io.carryall.cli.show;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ProgressDisplayTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private ProgressDisplay display(boolean terminal, boolean quiet, Map<String, String> environment) {
        return new ProgressDisplay(new PrintStream(err, true, StandardCharsets.UTF_8), terminal, quiet, environment);
    }

    private String shown() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private static ObjectNode progress() {
        ObjectNode progress = JsonNodeFactory.instance.objectNode().put("state", "running").put("pairsTotal", 1);
        progress.putObject("result").put("migration", "wave").put("pass", 1).put("kind", "full");
        return progress;
    }

    @Test
    void a_terminal_is_left_with_line_breaks_on_and_nothing_of_the_display() {
        try (ProgressDisplay display = display(true, false, Map.of("TERM", "xterm"))) {
            display.show(progress());
            assertThat(shown()).contains("wave pass 1 (full)").doesNotContain("\u001b[?25l");
        }

        assertThat(shown().lastIndexOf("\u001b[?7h")).isGreaterThan(shown().lastIndexOf("\u001b[?7l"));
        assertThat(shown()).endsWith("\u001b[J");
    }

    @Test
    void a_terminal_that_says_that_it_is_dumb_gets_no_sequences() {
        try (ProgressDisplay display = display(true, false, Map.of("TERM", "dumb"))) {
            display.show(progress());
            display.live("waiting");
        }

        assertThat(shown()).doesNotContain("\u001b");
    }

    @Test
    void nothing_is_shown_when_quiet() {
        try (ProgressDisplay display = display(true, true, Map.of("TERM", "xterm"))) {
            display.show(progress());
            display.standing(List.of("waiting"));
        }

        assertThat(shown()).isEmpty();
    }
}
