package io.carryall.core.fold;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.fold.RateMeter.Spread;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ForecastTest {
    private static final Optional<Spread> STEADY = Optional.of(new Spread(100, 0));

    @Test
    void without_evidence_nobody_can_tell() {
        assertThat(Forecast.of(Optional.empty(), 1_000, 1_000, 1, 0)).isEmpty();
    }

    @Test
    void a_steady_rate_makes_a_narrow_range_around_the_mean() {
        assertThat(Forecast.of(STEADY, 2_000, 1_000, 3, 0)).contains(new Forecast(10, 12));
    }

    @Test
    void a_rate_that_goes_up_and_down_makes_a_wide_one() {
        assertThat(Forecast.of(Optional.of(new Spread(100, 50)), 2_000, 1_000, 3, 0)).contains(new Forecast(7, 20));
        assertThat(Forecast.of(Optional.of(new Spread(100, 300)), 2_000, 1_000, 3, 0)).contains(new Forecast(3, 50));
    }

    @Test
    void mailboxes_that_nobody_has_walked_over_may_hold_as_much_as_the_others() {
        assertThat(Forecast.of(STEADY, 2_000, 1_000, 2, 2)).contains(new Forecast(10, 34));
        assertThat(Forecast.of(STEADY, 2_000, 1_000, 0, 2)).isEmpty();
    }

    @Test
    void nothing_left_is_no_time_left() {
        assertThat(Forecast.of(STEADY, 2_000, 0, 1, 0)).contains(new Forecast(0, 0));
    }
}
