package io.carryall.core.fold;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RateMeterTest {
    private final RateMeter meter = new RateMeter(10_000);

    @Test
    void knows_no_rate_before_something_moved() {
        assertThat(meter.rates()).isEqualTo(RateMeter.Rates.NONE);
        assertThat(meter.spread()).isEmpty();
    }

    @Test
    void tells_the_rate_of_the_window_alone() {
        meter.sample(0, 0, 0);
        meter.sample(20_000, 1_000, 10_000);
        meter.sample(25_000, 1_500, 20_000);
        assertThat(meter.rates()).isEqualTo(new RateMeter.Rates(100, 2_000));
    }

    @Test
    void never_tells_a_negative_rate() {
        meter.sample(0, 100, 100);
        meter.sample(1_000, 50, 50);
        assertThat(meter.rates()).isEqualTo(RateMeter.Rates.NONE);
    }

    @Test
    void a_steady_rate_has_no_deviation_and_a_halting_one_has() {
        RateMeter halting = new RateMeter(10_000);
        for (int second = 0; second <= 10; second++) {
            meter.sample(second * 1_000, second * 100, 0);
            halting.sample(second * 1_000, second < 5 ? 0 : (second - 5) * 200, 0);
        }
        assertThat(meter.spread()).contains(new RateMeter.Spread(100, 0));
        assertThat(halting.spread()).hasValueSatisfying(spread -> {
            assertThat(spread.mean()).isEqualTo(100);
            assertThat(spread.deviation()).isBetween(80.0, 100.0);
        });
    }

    @Test
    void a_few_seconds_are_no_evidence_and_neither_is_what_stands_still() {
        RateMeter still = new RateMeter(10_000);
        for (int second = 0; second <= 4; second++) {
            meter.sample(second * 1_000, second * 100, 0);
            still.sample(second * 2_000, 7, 0);
        }
        assertThat(meter.spread()).isEmpty();
        assertThat(still.spread()).isEmpty();
    }
}
