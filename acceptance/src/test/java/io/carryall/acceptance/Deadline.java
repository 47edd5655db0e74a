package io.carryall.acceptance;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Waiting for what must come true. */
final class Deadline {
    /** For whatever takes seconds on a machine with nothing else to do: a test that waits in vain is wrong, and may take long to say so. */
    static final Duration LONG = Duration.ofMinutes(5);
    private static final long LOOK_MILLIS = 50;

    @FunctionalInterface
    interface Condition {
        boolean holds() throws Exception;
    }

    private Deadline() {
    }

    static void await(Duration longest, String what, Condition condition) {
        await(longest, () -> what, condition);
    }

    /** @param what said when it never came true */
    static void await(Duration longest, Supplier<String> what, Condition condition) {
        long deadline = System.nanoTime() + longest.toNanos();
        try {
            while (!condition.holds()) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("not within " + longest.toSeconds() + " s: " + what.get());
                }
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting: " + what.get(), e);
        } catch (AssertionError | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(what.get(), e);
        }
    }
}
