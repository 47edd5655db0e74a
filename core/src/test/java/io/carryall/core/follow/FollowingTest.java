package io.carryall.core.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.follow.Following.Next;
import io.carryall.core.follow.Following.PairEnd;
import io.carryall.core.follow.Following.PassEnd;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class FollowingTest {
    private static final PairEnd CHANGED = new PairEnd(true, null);
    private static final PairEnd AT_REST = new PairEnd(false, null);
    private static final PairEnd REFUSED = new PairEnd(false, "login-refused");
    private static final PairEnd AWAY = new PairEnd(false, "unreachable");

    private final Following started = Following.of(List.of("ann", "ben"));

    @Test
    void everything_is_due_at_first() {
        assertThat(started.next(0)).isEqualTo(new Next.Pass(List.of("ann", "ben"), true));
        assertThat(started.lagMillis("ann", 5_000)).isEmpty();
        assertThat(started.lagMillis(5_000)).isEmpty();
    }

    @Test
    void what_changed_is_looked_at_again_after_the_shortest_wait() {
        Following after = started.after(pass(0, 1_000, CHANGED, CHANGED));

        assertThat(after.next(1_000)).isEqualTo(new Next.Wait(Pace.SHORTEST_MILLIS));
        assertThat(after.next(1_000 + Pace.SHORTEST_MILLIS)).isEqualTo(new Next.Pass(List.of("ann", "ben"), true));
    }

    @Test
    void a_mailbox_at_rest_is_looked_at_less_and_less_often_up_to_the_longest_wait() {
        Following following = started;
        long now = 0;
        for (long expected : new long[] {10_000, 20_000, 40_000, 80_000, 120_000, 120_000}) {
            following = following.after(pass(now, now + 100, AT_REST, AT_REST));
            now += 100;
            assertThat(following.next(now)).isEqualTo(new Next.Wait(expected));
            now += expected;
        }
    }

    @Test
    void servers_rest_as_long_as_they_worked() {
        assertThat(Pace.afterSuccess(true, 0, 45_000)).isEqualTo(45_000);
        assertThat(Pace.afterSuccess(true, 0, 3_600_000)).isEqualTo(Pace.LONGEST_MILLIS);
    }

    @Test
    void the_lag_counts_from_before_the_pass_began_and_not_from_its_end() {
        Following after = started.after(pass(1_000, 8_000, AT_REST, AT_REST));

        assertThat(after.lagMillis("ann", 9_000)).hasValue(8_000);
        assertThat(after.lagMillis(9_000)).hasValue(8_000);
    }

    @Test
    void a_pass_that_was_resumed_says_nothing_of_the_lag_and_is_followed_by_the_next_at_once() {
        Following after = started.after(new PassEnd(1_000, 8_000, true, Map.of("ann", CHANGED, "ben", AT_REST)));

        assertThat(after.lagMillis("ann", 8_000)).isEmpty();
        assertThat(after.next(8_000)).isEqualTo(new Next.Pass(List.of("ann", "ben"), true));
    }

    @Test
    void a_refused_login_is_tried_twice_an_hour_and_holds_up_nobody_else() {
        Following after = started.after(pass(0, 1_000, REFUSED, CHANGED));

        assertThat(after.next(11_000)).isEqualTo(new Next.Pass(List.of("ben"), false));
        assertThat(after.heldBack()).containsExactly("ann");
        assertThat(after.reason("ann")).isEqualTo("login-refused");
        for (long now = 11_000; now < 1_000 + Pace.REFUSED_MILLIS; now += 10_000) {
            assertThat(after.next(now)).isEqualTo(new Next.Pass(List.of("ben"), false));
        }
        assertThat(after.next(1_000 + Pace.REFUSED_MILLIS)).isEqualTo(new Next.Pass(List.of("ann", "ben"), true));
    }

    @Test
    void a_server_that_is_away_is_asked_less_and_less_often_and_at_once_as_usual_when_it_is_back() {
        assertThat(List.of(Pace.afterFailure("unreachable", 1), Pace.afterFailure("unreachable", 2), Pace.afterFailure("unreachable", 4), Pace.afterFailure("unreachable", 5), Pace.afterFailure("timeout", 1_000)))
                .containsExactly(60_000L, 120_000L, 480_000L, 900_000L, 900_000L);
        Following away = started.after(pass(0, 1_000, AWAY, AWAY));
        assertThat(away.next(1_000)).isEqualTo(new Next.Wait(60_000));

        Following back = away.after(pass(61_000, 62_000, CHANGED, CHANGED));
        assertThat(back.next(62_000)).isEqualTo(new Next.Wait(Pace.SHORTEST_MILLIS));
        assertThat(back.heldBack()).isEmpty();
    }

    @Test
    void the_lag_of_a_mailbox_that_stopped_goes_on_growing() {
        Following after = started.after(pass(0, 1_000, CHANGED, CHANGED)).after(pass(20_000, 21_000, AWAY, CHANGED));

        assertThat(after.lagMillis("ann", 30_000)).hasValue(30_000);
        assertThat(after.lagMillis("ben", 30_000)).hasValue(10_000);
        assertThat(after.lagMillis(30_000)).hasValue(30_000);
    }

    @Test
    void a_mailbox_at_rest_that_is_due_soon_goes_along() {
        Following after = started.after(pass(0, 1_000, CHANGED, AT_REST)).after(pass(11_000, 12_000, CHANGED, AT_REST));

        assertThat(after.next(22_000)).isEqualTo(new Next.Pass(List.of("ann", "ben"), true));
    }

    @Test
    void what_a_pass_does_not_tell_of_stays_as_it_was() {
        Following after = started.after(pass(0, 1_000, CHANGED, CHANGED)).after(new PassEnd(11_000, 12_000, false, Map.of("ann", CHANGED)));

        assertThat(after.lagMillis("ben", 12_000)).hasValue(12_000);
        assertThat(after.next(22_000)).isEqualTo(new Next.Pass(List.of("ann", "ben"), true));
    }

    private static PassEnd pass(long begun, long ended, PairEnd ann, PairEnd ben) {
        return new PassEnd(begun, ended, false, Map.of("ann", ann, "ben", ben));
    }
}
