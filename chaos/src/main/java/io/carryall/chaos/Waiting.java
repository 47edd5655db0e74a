package io.carryall.chaos;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waiting for what must, or may, come true. */
final class Waiting {
    private static final long LOOK_MILLIS = 20;

    @FunctionalInterface
    interface Condition {
        boolean holds();
    }

    private Waiting() {
    }

    static void until(Duration longest, String what, Condition condition) {
        if (!whether(longest, condition)) {
            throw new AssertionError("not within " + longest.toSeconds() + " s: " + what);
        }
    }

    /** Whether it came true within that time. */
    static boolean whether(Duration longest, Condition condition) {
        long deadline = System.nanoTime() + longest.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            pause(LOOK_MILLIS);
        }
        return true;
    }

    /** For harm that lasts; nothing is decided by it. */
    static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
