package io.carryall.core.copy;

import java.time.Duration;
import java.time.Instant;

/**
 * How long a lease is good for its holder: counted from before the renewal was sent, on the monotonic and on the wall clock, whichever ran further. The one may stand still while
 * the machine sleeps, the other may be set back.
 */
public record LeaseTerm(long lengthMillis, long fromMonotonicMillis, Instant fromWall) {

    public long remainingMillis(long monotonicMillis, Instant wall) {
        long elapsed = Math.max(monotonicMillis - fromMonotonicMillis, Duration.between(fromWall, wall).toMillis());
        return lengthMillis - elapsed;
    }

    /** Whether the committing bytes of a group may still go out. */
    public boolean mayCommit(long monotonicMillis, Instant wall, long marginMillis) {
        return remainingMillis(monotonicMillis, wall) > marginMillis;
    }
}
