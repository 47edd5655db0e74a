package io.carryall.cli.show;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PassTextTest {
    private static final String LONG = "a-person-with-a-very-long-name.of-the-department@mail.old.example";

    @Test
    void on_a_wide_terminal_and_elsewhere_each_mailbox_has_a_line_with_both_its_names() {
        List<String> lines = mailboxes(Integer.MAX_VALUE, pair("ann@old.example", "ann@new.example", 120));

        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).isEqualTo("source           target           state     found  migrated  already there  excluded  failed  pending");
        assertThat(lines.get(1)).isEqualTo("ann@old.example  ann@new.example  finished    120        20             98         1       1        0");
        assertThat(mailboxes(101, pair("ann@old.example", "ann@new.example", 120))).isEqualTo(lines);
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 40, 79, 80, 95, 100, 120, 140})
    void no_line_is_wider_than_the_terminal_and_no_figure_is_cut(int width) {
        List<String> lines = mailboxes(width, pair(LONG, LONG.replace("old", "new"), 1_234_567), pair("bob@old.example", "bob@new.example", 5));

        assertThat(lines).allSatisfy(line -> assertThat(TextWidth.of(line)).isLessThanOrEqualTo(Math.max(width, "    98 already there,".length())));
        assertThat(String.join(" ", lines)).contains("1,234,567", "finished", "bob");
    }

    @Test
    void names_that_are_too_long_are_shortened_in_the_middle() {
        List<String> lines = mailboxes(120, pair(LONG, "ann@new.example", 120), pair(LONG.replace("old.example", "old.example2"), "bob@new.example", 120));

        assertThat(lines).hasSize(3).extracting(TextWidth::of).allMatch(width -> width <= 120);
        assertThat(lines.get(1)).startsWith("a-person").contains("…").contains("mail.old.example  ann@new.example  finished");
        assertThat(lines.get(2)).startsWith("a-person").contains("…").contains("ail.old.example2  bob@new.example  finished");
    }

    @Test
    void on_a_narrow_terminal_the_figures_stand_below_the_names() {
        assertThat(mailboxes(60, pair("ann@old.example", "ann@new.example", 120))).containsExactly(
                "ann@old.example → ann@new.example",
                "  finished: 120 found, 20 migrated, 98 already there,",
                "    1 excluded, 1 failed, 0 pending");
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 120, Integer.MAX_VALUE})
    void names_cannot_steer_the_terminal(int width) {
        List<String> lines = mailboxes(width, pair("a\\u001b[2J@old.example", "b\\u202e\\n@new.example", 1));

        assertThat(String.join("", lines)).doesNotContain("\u001b").doesNotContain("\u202e").doesNotContain("\n").contains("\\u001b");
    }

    @Test
    void a_delta_pass_says_how_many_mailboxes_it_copies_in_full() {
        String delta = "{'source':'a','target':'b','kind':'delta'}";
        String full = "{'source':'c','target':'d','kind':'full'}";

        assertThat(summary("delta", delta, full, full)).startsWith("wave, pass 3 (delta, 2 of 3 mailboxes in full): finished.");
        assertThat(summary("delta", delta)).startsWith("wave, pass 3 (delta): finished.");
        assertThat(summary("full", full, full)).startsWith("wave, pass 3 (full): finished.");
    }

    private static String summary(String kind, String... pairs) {
        List<String> lines = PassText.of(json("{'migration':'wave','pass':3,'kind':'" + kind + "','state':'finished','pairs':[" + String.join(",", pairs) + "]}"), 120);
        return lines.get(lines.size() - 1);
    }

    private static String pair(String source, String target, int found) {
        return "{'source':'" + source + "','target':'" + target + "','state':'finished','found':" + found + ",'migrated':20,'alreadyThere':98,'excluded':1,'failed':1,'pending':0}";
    }

    /** What is told of each, without the summary and the blank line before it. */
    private static List<String> mailboxes(int width, String... pairs) {
        List<String> lines = PassText.of(json("{'migration':'wave','pass':1,'kind':'full','state':'finished','pairs':[" + String.join(",", pairs) + "]}"), width);
        return lines.subList(0, lines.size() - 2);
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text.replace('\'', '"'));
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
