package io.carryall.verify;

import io.carryall.core.migration.Limits;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Keeps bodies of all connections to one server within its limit of bytes per second, a quarter of a second ahead at most. Thread-safe. */
final class Pace {
    private static final long AHEAD_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    static final Pace UNLIMITED = new Pace(Limits.Side.UNLIMITED);

    private final long bytesPerSecond;
    private long paidUntilNanos = System.nanoTime();

    Pace(long bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
    }

    /** Waits until so many bytes were allowed. */
    void pay(int bytes) {
        if (bytesPerSecond != Limits.Side.UNLIMITED) {
            LockSupport.parkNanos(price(bytes));
        }
    }

    private synchronized long price(int bytes) {
        long now = System.nanoTime();
        long from = paidUntilNanos - now < 0 ? now : paidUntilNanos;
        paidUntilNanos = from + (long) (bytes * 1e9 / bytesPerSecond);
        return paidUntilNanos - now - AHEAD_NANOS;
    }
}
