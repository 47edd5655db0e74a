package io.carryall.cli.show;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class TextWidthTest {

    @Test
    void characters_of_east_asia_and_pictures_take_two_columns_and_marks_above_a_letter_none() {
        assertThat(TextWidth.of("ann@old.example")).isEqualTo(15);
        assertThat(TextWidth.of("田中")).isEqualTo(4);
        assertThat(TextWidth.of("ｶﾅ한ァ")).isEqualTo(6);
        assertThat(TextWidth.of("e\u0301\u0308o")).isEqualTo(2);
        assertThat(TextWidth.of("🎉")).isEqualTo(2);
        assertThat(TextWidth.of("a\u200db")).isEqualTo(2);
    }

    @Test
    void what_is_cut_is_never_wider_than_there_is_room_for_and_keeps_its_marks() {
        assertThat(TextWidth.cut("田中太郎", 8)).isEqualTo("田中太郎");
        assertThat(TextWidth.cut("田中太郎", 7)).isEqualTo("田中太…");
        assertThat(TextWidth.cut("田中太郎", 6)).isEqualTo("田中…");
        assertThat(TextWidth.cut("e\u0301e\u0301e\u0301", 2)).isEqualTo("e\u0301…");
        assertThat(TextWidth.cut("abc", 1)).isEqualTo("…");
        assertThat(TextWidth.cut("abc", 0)).isEmpty();
    }

    @Test
    void what_is_shortened_keeps_its_beginning_and_its_end_and_is_never_wider_than_there_is_room_for() {
        assertThat(TextWidth.shortened("ann@old.example", 15)).isEqualTo("ann@old.example");
        assertThat(TextWidth.shortened("ann@old.example", 14)).isEqualTo("ann@old…xample");
        assertThat(TextWidth.shortened("ann@old.example", 3)).isEqualTo("a…e");
        assertThat(TextWidth.shortened("ann@old.example", 2)).isEqualTo("a…");
        assertThat(TextWidth.shortened("ann@old.example", 0)).isEmpty();
        assertThat(TextWidth.shortened("田中太郎", 7)).isEqualTo("田…郎");
        assertThat(TextWidth.shortened("ae\u0301\u0308bc", 3)).isEqualTo("a…c");
        assertThat(TextWidth.shortened("abcde\u0301", 4)).isEqualTo("ab…e\u0301");
    }

    @Test
    void a_wide_character_that_does_not_fit_at_the_edge_stands_on_the_next_row() {
        assertThat(TextWidth.rows("田中太郎", 8)).isEqualTo(1);
        assertThat(TextWidth.rows("田中太郎", 4)).isEqualTo(2);
        assertThat(TextWidth.rows("田中太郎", 3)).isEqualTo(4);
        assertThat(TextWidth.rows("", 3)).isEqualTo(1);
    }

    @Test
    void the_columns_of_a_table_stand_below_each_other_whatever_its_cells_are_made_of() {
        TextTable table = new TextTable("name", " count");
        table.row("田中", "1");
        table.row("e\u0301e\u0301", "22");
        table.row("a\u202eb", "3");

        List<String> lines = table.lines();

        assertThat(lines).extracting(TextWidth::of).containsOnly(TextWidth.of(lines.get(0)));
        assertThat(lines.get(3)).startsWith("a\\u202eb ");
    }
}
