package io.carryall.runtime;

import io.carryall.core.port.Clock;

/** Bytes a second towards one host. What was not used is kept for at most a second. Thread-safe. */
public final class Bandwidth {
    private static final long KEPT_MILLIS = 1_000;

    private final Clock clock;
    private double busyUntilMillis;

    Bandwidth(Clock clock) {
        this.clock = clock;
        busyUntilMillis = clock.monotonicMillis() - KEPT_MILLIS;
    }

    /** Notes bytes that went or are about to go, and tells how many milliseconds to wait before any more do. */
    synchronized long spend(long bytes, long bytesPerSecond) {
        if (bytesPerSecond == Long.MAX_VALUE) {
            return 0;
        }
        long now = clock.monotonicMillis();
        busyUntilMillis = Math.max(busyUntilMillis, now - KEPT_MILLIS) + bytes * 1000.0 / bytesPerSecond;
        return Math.max(0, (long) Math.ceil(busyUntilMillis - now));
    }
}
