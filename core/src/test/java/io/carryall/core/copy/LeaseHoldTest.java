package io.carryall.core.copy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class LeaseHoldTest {
    private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

    private final LeaseHold hold = new LeaseHold(5_000);

    @Test
    void a_group_of_an_earlier_epoch_may_not_be_committed_though_the_lease_is_ours_again() {
        hold.taken("a", 7, term(0));
        hold.drop();
        hold.taken("b", 9, term(0));

        assertThat(hold.mayCommit(9, 1_000, NOON)).isTrue();
        assertThat(hold.mayCommit(7, 1_000, NOON)).isFalse();
    }

    @Test
    void the_clock_that_ran_further_counts() {
        hold.taken("a", 1, term(0));

        assertThat(hold.mayCommit(1, 14_999, NOON)).isTrue();
        assertThat(hold.mayCommit(1, 15_000, NOON)).isFalse();
        assertThat(hold.mayCommit(1, 0, NOON.plusSeconds(15))).isFalse();
        assertThat(hold.mayCommit(1, 14_999, NOON.minusSeconds(3_600))).isTrue();
    }

    @Test
    void after_renewals_of_which_nothing_is_known_each_of_their_tokens_may_stand_there() {
        hold.taken("a", 1, term(0));

        assertThat(hold.unknown("b", 6_000, NOON)).isTrue();
        assertThat(hold.unknown("c", 12_000, NOON)).isTrue();
        assertThat(hold.tokens()).containsExactly("a", "b", "c");
        assertThat(hold.unknown("d", 18_000, NOON)).isFalse();

        hold.renewed("e", term(13_000));
        assertThat(hold.tokens()).containsExactly("e");
        assertThat(hold.mayCommit(1, 20_000, NOON)).isTrue();
    }

    @Test
    void nothing_may_be_committed_under_a_lease_that_is_not_held() {
        assertThat(hold.mayCommit(0, 0, NOON)).isFalse();
    }

    private static LeaseTerm term(long fromMillis) {
        return new LeaseTerm(20_000, fromMillis, NOON);
    }
}
