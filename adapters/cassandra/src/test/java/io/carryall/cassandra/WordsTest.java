package io.carryall.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.item.SourceItem;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WordsTest {

    @Test
    void words_come_back_whatever_stands_in_them() {
        List<String> odd = List.of("\\Seen", "", "a b", "100%", "%0041", "line\r\nend", "tab\t", "ü", "\uD83D\uDE00", "\uD83D", "\u0000", "%");

        assertThat(Words.split(Words.join(odd))).isEqualTo(odd);
    }

    @Test
    void no_word_is_no_text() {
        assertThat(Words.join(List.of())).isEmpty();
        assertThat(Words.split("")).isEmpty();
        assertThat(Words.split(Words.join(List.of("")))).containsExactly("");
    }

    @Test
    void items_come_back_from_their_text() {
        List<SourceItem> items = List.of(new SourceItem(1, 0, -5), new SourceItem(4_294_967_295L, 5_000_000_000L, 1_700_000_000L), new SourceItem(7, 7, SourceItem.NO_DATE));

        assertThat(ItemText.of(items)).isEqualTo("1:0:-5 4294967295:5000000000:1700000000 7:7:-");
        assertThat(ItemText.parse(ItemText.of(items))).isEqualTo(items);
        assertThat(ItemText.parse("")).isEmpty();
    }
}
