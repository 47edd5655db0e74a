package io.carryall.core.fold;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SweepPaceTest {
    private final SweepPace pace = new SweepPace(60_000);

    @Test
    void nothing_is_swept_before_anything_was_heard_of_it() {
        assertThat(pace.begin(Long.MAX_VALUE - 1)).isFalse();
    }

    @Test
    void a_pair_is_swept_when_nothing_was_heard_of_it_for_so_long() {
        pace.heard(1_000);
        assertThat(pace.begin(60_999)).isFalse();
        assertThat(pace.begin(61_000)).isTrue();
        assertThat(pace.begin(61_000)).as("once").isFalse();
    }

    @Test
    void a_pair_that_stays_quiet_is_swept_less_and_less_often_down_to_every_half_hour_or_so() {
        pace.heard(0);
        assertThat(minutesOfSweeps(200)).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 64L, 96L, 128L, 160L, 192L);
        pace.heard(200 * 60_000);
        assertThat(pace.begin(201 * 60_000)).as("heard of again").isTrue();
    }

    @Test
    void a_sweep_that_may_bring_something_soon_comes_soon_and_never_later() {
        pace.heard(0);
        pace.soon(1_000);
        assertThat(pace.begin(2_499)).isFalse();
        assertThat(pace.begin(2_500)).isTrue();
        pace.heard(10_000);
        pace.soon(69_999);
        assertThat(pace.begin(70_000)).isTrue();
    }

    private List<Long> minutesOfSweeps(int until) {
        List<Long> minutes = new ArrayList<>();
        for (long minute = 0; minute < until; minute++) {
            if (pace.begin(minute * 60_000)) {
                minutes.add(minute);
            }
        }
        return minutes;
    }
}
