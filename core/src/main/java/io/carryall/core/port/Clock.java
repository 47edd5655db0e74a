package io.carryall.core.port;

import java.time.Instant;

/** Time. A lease is counted on both clocks, whichever ran further: the one stands still while a machine sleeps, the other can be set. */
public interface Clock {
    long monotonicMillis();

    Instant wall();
}
