package io.carryall.core.rekey;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.item.SourceItem;
import org.junit.jupiter.api.Test;

final class KnownItemsTest {
    private final KnownItems known = new KnownItems();

    @Test
    void an_item_of_another_size_or_date_under_the_same_uid_is_another_item() {
        known.add(new SourceItem(1, 10, 100));
        known.add(new SourceItem(3, 10, 100));
        known.add(new SourceItem(7, 10, 100));

        KnownItems.Comparison comparison = known.comparison();
        comparison.compare(new SourceItem(1, 10, 100));
        comparison.compare(new SourceItem(2, 10, 100));
        comparison.compare(new SourceItem(3, 11, 100));
        comparison.compare(new SourceItem(7, 10, 101));

        assertThat(comparison.common()).isEqualTo(1);
        assertThat(comparison.different()).isEqualTo(2);
    }

    @Test
    void what_the_server_could_not_measure_says_nothing() {
        known.add(new SourceItem(1, 0, SourceItem.NO_DATE));
        known.add(new SourceItem(2, 10, 100));

        KnownItems.Comparison comparison = known.comparison();
        comparison.compare(new SourceItem(1, 10, 100));
        comparison.compare(new SourceItem(2, 0, SourceItem.NO_DATE));

        assertThat(comparison.different()).isZero();
        assertThat(comparison.common()).isZero();
    }
}
