package io.carryall.core.migration;

import static io.carryall.core.migration.ItemFilter.Verdict.LET_THROUGH;
import static io.carryall.core.migration.ItemFilter.Verdict.TOO_LARGE;
import static io.carryall.core.migration.ItemFilter.Verdict.TOO_NEW;
import static io.carryall.core.migration.ItemFilter.Verdict.TOO_OLD;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ItemFilterTest {
    private static final Instant SINCE = Instant.parse("2024-01-01T00:00:00Z");
    private static final Instant UNTIL = Instant.parse("2025-01-01T00:00:00Z");
    private final ItemFilter filter = new ItemFilter(SINCE, UNTIL, 100L);

    @Test
    void since_is_inclusive_and_until_is_not() {
        assertThat(filter.lets(1, SINCE)).isEqualTo(LET_THROUGH);
        assertThat(filter.lets(1, SINCE.minusSeconds(1))).isEqualTo(TOO_OLD);
        assertThat(filter.lets(1, UNTIL.minusSeconds(1))).isEqualTo(LET_THROUGH);
        assertThat(filter.lets(1, UNTIL)).isEqualTo(TOO_NEW);
    }

    @Test
    void the_largest_size_is_let_through() {
        assertThat(filter.lets(100, SINCE)).isEqualTo(LET_THROUGH);
        assertThat(filter.lets(101, SINCE)).isEqualTo(TOO_LARGE);
    }

    @Test
    void an_unreadable_date_leaves_nothing_out() {
        assertThat(filter.lets(100, null)).isEqualTo(LET_THROUGH);
    }

    @Test
    void no_filter_lets_everything_through() {
        assertThat(ItemFilter.EVERYTHING.lets(Long.MAX_VALUE, Instant.MIN)).isEqualTo(LET_THROUGH);
    }

    @Test
    void the_hash_tells_filters_apart_and_stays_the_same_for_ever() {
        Set<String> hashes = new HashSet<>();
        for (Instant since : new Instant[] {null, SINCE, UNTIL}) {
            for (Instant until : new Instant[] {null, SINCE, UNTIL}) {
                for (Long size : new Long[] {null, 1L, 100L}) {
                    hashes.add(new ItemFilter(since, until, size).hash());
                }
            }
        }
        assertThat(hashes).hasSize(27);
        assertThat(new ItemFilter(SINCE, UNTIL, 100L).hash()).isEqualTo(filter.hash()).hasSize(16);
        assertThat(filter.hash()).as("watermarks in ledgers that exist carry it").isEqualTo("36bf5a4574db3188");
    }
}
