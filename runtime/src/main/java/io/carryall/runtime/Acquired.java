package io.carryall.runtime;

import io.carryall.core.item.Reason;

/**
 * What came of asking for a connection.
 *
 * @param <S> the kind of session
 */
public sealed interface Acquired<S> {

    /** Here it is; give it back by closing it. */
    record Open<S>(Pooled<S> connection) implements Acquired<S> {}

    /**
     * Come again after {@code retryMillis}.
     *
     * @param hostAsked the host has asked for patience; else our own limits are reached, and others of us hold what is wanted for as long as they have work
     */
    record Busy<S>(long retryMillis, boolean hostAsked) implements Acquired<S> {}

    /**
     * It cannot be had.
     *
     * @param reason        LOGIN_REFUSED: not in this pass any more. Else UNREACHABLE, TIMEOUT or REFUSED
     * @param detail        cleaned text
     * @param retryMillis   before which nobody here tries again; the caller bounds how often it comes back
     * @param failingMillis for how long nobody here has reached this host
     */
    record Unavailable<S>(Reason reason, String detail, long retryMillis, long failingMillis) implements Acquired<S> {
        public boolean isFinal() {
            return reason == Reason.LOGIN_REFUSED;
        }
    }
}
