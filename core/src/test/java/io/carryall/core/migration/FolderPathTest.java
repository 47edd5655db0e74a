package io.carryall.core.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class FolderPathTest {

    @Test
    void a_slash_inside_a_name_is_written_with_a_backslash() {
        assertThat(FolderPath.of("a/b", "c")).hasToString("a\\/b/c");
        assertThat(FolderPath.parse("a\\/b/c").levels()).containsExactly("a/b", "c");
    }

    @Test
    void a_backslash_elsewhere_is_literal() {
        assertThat(FolderPath.of("back\\slash")).hasToString("back\\slash");
        assertThat(FolderPath.parse("back\\slash").levels()).containsExactly("back\\slash");
    }

    @Test
    void a_name_that_ends_in_a_backslash_is_not_taken_for_an_escaped_slash() {
        assertThat(FolderPath.of("a\\", "b")).hasToString("a\\\\/b");
        assertThat(FolderPath.of("a\\", "b")).isNotEqualTo(FolderPath.of("a/b"));
    }

    @Test
    void inbox_is_the_same_in_any_case_as_the_first_level_only() {
        assertThat(FolderPath.parse("inbox/Sub")).isEqualTo(FolderPath.parse("INBOX/Sub"));
        assertThat(FolderPath.parse("x/inbox")).isNotEqualTo(FolderPath.parse("x/INBOX"));
    }

    @Test
    void every_path_has_one_text_that_reads_back_as_the_same_path() {
        Random random = new Random(7);
        for (int i = 0; i < 100_000; i++) {
            FolderPath path = new FolderPath(levels(random));
            assertThat(FolderPath.parse(path.toString())).isEqualTo(path);
        }
    }

    @Test
    void any_text_reads_as_some_path_that_is_written_stably() {
        Random random = new Random(8);
        for (int i = 0; i < 100_000; i++) {
            FolderPath path = FolderPath.parse(name(random, 8));
            assertThat(FolderPath.parse(path.toString())).isEqualTo(path);
        }
    }

    private static List<String> levels(Random random) {
        List<String> levels = new ArrayList<>();
        for (int n = 1 + random.nextInt(4); n > 0; n--) {
            levels.add(name(random, 4));
        }
        return levels;
    }

    private static String name(Random random, int longest) {
        StringBuilder name = new StringBuilder();
        for (int n = random.nextInt(longest + 1); n > 0; n--) {
            name.append("\\/ab*".charAt(random.nextInt(5)));
        }
        return name.toString();
    }
}
