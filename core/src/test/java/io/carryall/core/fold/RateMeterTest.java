package io.carryall.core.fold;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RateMeterTest {
    private final RateMeter meter = new RateMeter(10_000);

    @Test
    void knows_no_rate_before_something_moved() {
        assertThat(meter.rates()).isEqualTo(RateMeter.Rates.NONE);
        assertThat(meter.etaSeconds(5)).isEmpty();
        assertThat(meter.etaSeconds(0)).hasValue(0);
    }

    @Test
    void tells_the_rate_of_the_window_alone() {
        meter.sample(0, 0, 0);
        meter.sample(20_000, 1_000, 10_000);
        meter.sample(25_000, 1_500, 20_000);
        assertThat(meter.rates()).isEqualTo(new RateMeter.Rates(100, 2_000));
        assertThat(meter.etaSeconds(1_001)).hasValue(11);
    }

    @Test
    void never_tells_a_negative_rate() {
        meter.sample(0, 100, 100);
        meter.sample(1_000, 50, 50);
        assertThat(meter.rates()).isEqualTo(RateMeter.Rates.NONE);
    }
}
