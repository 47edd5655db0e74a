package io.carryall.cli.show;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ProgressLinesTest {
    private static final int WIDE = 200;

    @Test
    void a_pass_says_what_it_is_how_far_it_is_and_that_nobody_can_tell_the_time_left_before_there_is_evidence() {
        String summary = ProgressLines.summary(progress("null", ""));

        assertThat(summary).isEqualTo("wave pass 2 (delta): 40 of 100 items, time left unknown yet, 4.0 KB copied, 1 of 3 mailboxes done, 2 failed, 10 items/s, 1.0 KB/s");
    }

    @Test
    void the_time_left_is_a_range() {
        assertThat(ProgressLines.summary(progress("{'lowSeconds':50,'highSeconds':70}", ""))).contains("40 of 100 items, 50 s to 1 min 10 s left, ");
        assertThat(ProgressLines.summary(progress("{'lowSeconds':50,'highSeconds':50}", ""))).contains(", 50 s left, ");
        assertThat(ProgressLines.summary(progress("{'lowSeconds':0,'highSeconds':0}", ""))).contains(", nearly done, ");
    }

    @Test
    void the_four_steps_have_a_line_each_and_every_mailbox_one() {
        List<String> lines = ProgressLines.of(progress("null", going("ann@old.example")), WIDE, 20);

        assertThat(lines).hasSize(7);
        assertThat(lines.get(1)).isEqualTo("  1 scan      2 of 3 mailboxes, 100 found");
        assertThat(lines.get(2)).isEqualTo("  2 register  50 to copy (5.0 KB), 30 already there, 5 excluded");
        assertThat(lines.get(3)).isEqualTo("  3 copy      40 copied, 4.0 KB, 10 items/s, 1.0 KB/s");
        assertThat(lines.get(4)).isEqualTo("  4 record    40 settled, 2 failed");
        assertThat(lines.get(6)).contains("ann@old.example", "copy (delta)", "3/s", "5 s to 9 s");
    }

    @Test
    void a_small_terminal_gets_what_fits() {
        String many = IntStream.range(0, 30).mapToObj(i -> going("box" + i)).collect(Collectors.joining(","));

        assertThat(ProgressLines.of(progress("null", many), WIDE, 10)).hasSize(10).last().asString().contains("and 27 more");
        assertThat(ProgressLines.of(progress("null", many), WIDE, 5)).hasSize(5);
        assertThat(ProgressLines.of(progress("null", many), WIDE, 1)).hasSize(1);
        for (int width : new int[] {1, 7, 20, 79}) {
            assertThat(ProgressLines.of(progress("null", many), width, 30)).allSatisfy(line -> assertThat(line.codePointCount(0, line.length())).isLessThanOrEqualTo(width));
        }
    }

    @Test
    void the_time_left_is_never_what_a_narrow_terminal_has_no_room_for() {
        List<String> lines = ProgressLines.of(progress("{'lowSeconds':50,'highSeconds':421}", going("a-very-long-name-of-a-mailbox@old.example")), 40, 20);

        assertThat(lines).allSatisfy(line -> assertThat(TextWidth.of(line)).isLessThanOrEqualTo(40));
        assertThat(String.join(" ", lines)).contains("50 s to 7 min left", "40 settled", "2 failed", "1.0 KB/s");
        assertThat(lines.get(lines.size() - 1)).startsWith("  a-very").contains("…").endsWith("5 s to 9 s");
        assertThat(lines.subList(0, 2)).containsExactly("wave pass 2 (delta): 40 of 100 items,", "  50 s to 7 min left, 4.0 KB copied,");
        assertThat(ProgressLines.of(progress("{'lowSeconds':50,'highSeconds':421}", ""), 40, 5)).as("steps before details").hasSize(5).last().asString().contains("4 record");
    }

    @Test
    void the_first_column_is_set_to_the_left_and_the_columns_stand_below_each_other_whatever_the_names_are_made_of() {
        List<String> lines = ProgressLines.of(progress("null", going("ann@old.example") + "," + going("田中太郎@日本.example")), WIDE, 20);

        assertThat(lines.get(5)).startsWith("  mailbox ");
        assertThat(lines.get(6)).startsWith("  ann@old.example ");
        assertThat(TextWidth.of(lines.get(6))).isEqualTo(TextWidth.of(lines.get(7)));
    }

    @Test
    void names_cannot_steer_the_terminal() {
        List<String> lines = ProgressLines.of(progress("null", going("a\\u001b[2J\\u202eb\\n@old.example")), WIDE, 20);

        assertThat(String.join("", lines)).doesNotContain("\u001b").doesNotContain("\u202e").doesNotContain("\n").contains("\\u001b");
    }

    @Test
    void what_stands_on_more_rows_since_the_terminal_became_narrower_is_gone_back_over() {
        List<String> standing = List.of("x".repeat(80), "y".repeat(30), "");

        assertThat(LiveScreen.rows(standing, 80)).isEqualTo(3);
        assertThat(LiveScreen.rows(standing, 40)).isEqualTo(4);
        assertThat(LiveScreen.rows(standing, 20)).isEqualTo(7);
        assertThat(LiveScreen.back(standing, 20)).isEqualTo("\r\u001b[6A\u001b[J");
        assertThat(LiveScreen.back(List.of(), 20)).isEqualTo("\r\u001b[J");
    }

    @Test
    void the_size_of_the_terminal_is_what_stty_says_if_that_makes_sense() {
        TerminalSize otherwise = new TerminalSize(80, 24);

        assertThat(TerminalSize.parse("50 132\n", otherwise)).isEqualTo(new TerminalSize(132, 50));
        assertThat(TerminalSize.parse("0 0", otherwise)).isEqualTo(otherwise);
        assertThat(TerminalSize.parse("", otherwise)).isEqualTo(otherwise);
        assertThat(TerminalSize.parse("stty: standard input: not a tty", otherwise)).isEqualTo(otherwise);
    }

    private static String going(String source) {
        return "{'source':'" + source + "','target':'t','kind':'delta','step':'copy','found':10,'settled':4,'copied':4,'bytes':400,'failed':0,'rates':{'itemsPerSecond':3.0,'bytesPerSecond':30.0},'forecast':{'lowSeconds':5,'highSeconds':9}}";
    }

    private static JsonNode progress(String forecast, String going) {
        String json = "{'state':'running','revision':1,'pairsTotal':3,'pairsEnded':1,'rates':{'itemsPerSecond':10.0,'bytesPerSecond':1000.0},'progress':{'forecast':" + forecast + ",'scan':{'mailboxes':2,'items':100},"
                + "'register':{'toCopy':50,'toCopyBytes':5000,'alreadyThere':30,'excluded':5},'copy':{'items':40,'bytes':4000,'rates':{'itemsPerSecond':10.0,'bytesPerSecond':1000.0}},'record':{'items':40,'failed':2},'going':[" + going + "]},"
                + "'result':{'migration':'wave','pass':2,'kind':'delta','state':'running','found':100,'pending':60,'failed':2,'bytes':4000}}";
        try {
            return new ObjectMapper().readTree(json.replace('\'', '"'));
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
