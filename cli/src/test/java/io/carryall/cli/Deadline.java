package io.carryall.cli;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for what must come true. */
final class Deadline {
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private Deadline() {
    }

    static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("never came true: " + what);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
