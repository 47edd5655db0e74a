package io.carryall.testkit.fake;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What goes wrong in a fake. A plan is asked before each call, by the call's name ({@code items.done}, {@code publish}); it may count, draw lots or look at the name.
 * Thread-safe if the plan is.
 */
public final class Faults {
    /** What becomes of one call. */
    public enum Fate {
        WORKS,
        /** Fails, and nothing happened. */
        LOST_BEFORE,
        /** Fails, and it happened all the same: the reply was lost. */
        LOST_AFTER
    }

    private final AtomicReference<Function<String, Fate>> plan = new AtomicReference<>(call -> Fate.WORKS);

    /** From now on this decides. */
    public void plan(Function<String, Fate> next) {
        plan.set(next);
    }

    /** The next call of that name fails in this way, then everything works. */
    public void once(String call, Fate fate) {
        plan.set(name -> {
            if (!name.equals(call)) {
                return Fate.WORKS;
            }
            heal();
            return fate;
        });
    }

    public void heal() {
        plan.set(call -> Fate.WORKS);
    }

    <T> T run(String call, Function<String, RuntimeException> failure, Supplier<T> work) {
        Fate fate = plan.get().apply(call);
        if (fate == Fate.LOST_BEFORE) {
            throw failure.apply(call + " was lost on its way");
        }
        T result = work.get();
        if (fate == Fate.LOST_AFTER) {
            throw failure.apply("the reply to " + call + " was lost");
        }
        return result;
    }
}
