package io.carryall.core.copy;

import io.carryall.core.port.Leases.Lease;

/**
 * Whether a lease that somebody else holds may be taken over: when its token stood unchanged for the lease's length on the challenger's own monotonic clock. No clock of another
 * machine is ever believed.
 *
 * @param token       the token that the challenger saw first
 * @param sinceMillis when it saw it first, on its monotonic clock
 */
public record LeaseChallenge(String token, long sinceMillis) {

    public sealed interface Move {}

    /** Take it, if it is still as seen. */
    public record Take() implements Move {}

    /** Look again after this time. */
    public record LookAgain(LeaseChallenge challenge, long afterMillis) implements Move {}

    /**
     * @param before what the challenger knew so far, or null
     * @param seen   what stands there now, or null where nobody ever held it
     */
    public static Move decide(LeaseChallenge before, Lease seen, long nowMillis, long lengthMillis) {
        if (seen == null || seen.isFree()) {
            return new Take();
        }
        LeaseChallenge challenge = before != null && before.token.equals(seen.token()) ? before : new LeaseChallenge(seen.token(), nowMillis);
        long left = lengthMillis - (nowMillis - challenge.sinceMillis);
        return left <= 0 ? new Take() : new LookAgain(challenge, Math.min(left, lengthMillis / 4));
    }
}
