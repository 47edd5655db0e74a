package io.carryall.core.register;

import io.carryall.core.item.PassId;
import io.carryall.core.port.Items.Facts;
import io.carryall.core.port.Items.Failed;

/** Where an item stands, as its facts say: done over failed over open. */
public enum Standing {
    /** It is on the target. */
    DONE,
    /** It failed, and this pass does not try it (again). */
    FAILED,
    /** It is to be copied. */
    OPEN;

    /** @param facts null where there are none */
    public static Standing of(Facts facts, PassId pass) {
        if (facts == null) {
            return OPEN;
        }
        if (facts.done() != null) {
            return DONE;
        }
        boolean givenUp = facts.failures().stream().anyMatch(failure -> settlesIn(pass, failure));
        return givenUp ? FAILED : OPEN;
    }

    private static boolean settlesIn(PassId pass, Failed failure) {
        return !failure.retryable() || failure.pass().equals(pass);
    }
}
