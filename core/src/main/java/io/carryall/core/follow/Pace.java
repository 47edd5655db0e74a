package io.carryall.core.follow;

import io.carryall.core.item.Reason;

/**
 * How long a pair is left alone after a pass. All in milliseconds.
 */
public final class Pace {
    /** Between the end of a pass and the begin of the next, and after a pass in which a pair changed. */
    public static final long SHORTEST_MILLIS = 10_000;
    /** For a pair at rest. With the time that a pass takes it is how far a target may lag behind. */
    public static final long LONGEST_MILLIS = 120_000;
    /** After a failure, doubled with each that follows. */
    public static final long FAILED_SHORTEST_MILLIS = 60_000;
    public static final long FAILED_LONGEST_MILLIS = 900_000;
    /** Servers count refused logins and lock the account: ten in half an hour is a common limit, so two an hour leave its user room. */
    public static final long REFUSED_MILLIS = 1_800_000;

    private Pace() {
    }

    /**
     * After a pass over the pair that came to its end.
     *
     * @param changed    whether something was copied
     * @param waited     what this gave the last time; 0: there was none
     * @param passMillis how long the pass took: servers rest at least as long as they worked, up to the longest wait
     */
    public static long afterSuccess(boolean changed, long waited, long passMillis) {
        long wanted = changed ? SHORTEST_MILLIS : waited * 2;
        return Math.max(SHORTEST_MILLIS, Math.min(LONGEST_MILLIS, Math.max(wanted, passMillis)));
    }

    /**
     * After a pass that the pair stopped in.
     *
     * @param failures in a row, this one included
     */
    public static long afterFailure(String reason, int failures) {
        if (reason.equals(Reason.LOGIN_REFUSED.word())) {
            return REFUSED_MILLIS;
        }
        int doublings = Math.max(0, Math.min(failures - 1, 10));
        return Math.min(FAILED_LONGEST_MILLIS, FAILED_SHORTEST_MILLIS << doublings);
    }
}
