package io.carryall.core.copy;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.item.Reason;
import io.carryall.core.port.TargetSession.Refused;
import org.junit.jupiter.api.Test;

/** Real words of real servers. */
class RefusalTest {
    private static final int ATTEMPTS_MAX = 3;

    private static Refusal.Move decide(String code, String text, int messages, int attempt) {
        return Refusal.decide(new Refused(false, code, text, 0), messages, attempt, ATTEMPTS_MAX);
    }

    @Test
    void dovecots_limit_on_a_message_is_not_a_plea_for_patience() {
        String words = "Mail size is larger than the maximum size allowed by server configuration (0.001 + 0.000 secs).";

        assertThat(decide("LIMIT", words, 5, 1)).isEqualTo(new Refusal.Split());
        assertThat(decide("LIMIT", words, 1, 1)).isEqualTo(new Refusal.Fail(Reason.TOO_LARGE));
    }

    @Test
    void another_limit_is_waited_for_and_then_parks() {
        assertThat(decide("LIMIT", "Too many commands", 5, 1)).isEqualTo(new Refusal.TryLater(0));
        assertThat(decide("LIMIT", "Too many commands", 5, ATTEMPTS_MAX)).isEqualTo(new Refusal.Park(Reason.UNREACHABLE));
    }

    @Test
    void a_full_quota_parks_once_a_single_message_does_not_fit() {
        assertThat(decide("OVERQUOTA", "Quota exceeded (mailbox for user is full)", 2, 1)).isEqualTo(new Refusal.Split());
        assertThat(decide("OVERQUOTA", "Quota exceeded (mailbox for user is full)", 1, 1)).isEqualTo(new Refusal.Park(Reason.QUOTA));
    }
}
