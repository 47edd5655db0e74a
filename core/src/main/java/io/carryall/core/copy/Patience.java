package io.carryall.core.copy;

/** How often in a row something failed that may pass by itself: the waits grow, and after {@link CopyLimits#attemptsMax} it is not tried any more. Whatever succeeds begins anew. */
final class Patience {
    private final CopyLimits limits;
    private int failures;

    Patience(CopyLimits limits) {
        this.limits = limits;
    }

    void renew() {
        failures = 0;
    }

    /** @return whether it has run out */
    boolean failedAgain() {
        return ++failures >= limits.attemptsMax();
    }

    /** The number, from 1, of the attempt that failed if one did now. */
    int attempt() {
        return failures + 1;
    }

    long backoffMillis(long askedMillis) {
        return limits.backoff(failures, askedMillis);
    }
}
