package io.carryall.runtime;

import io.carryall.core.port.Clock;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** The machine's clocks. */
public final class SystemClock implements Clock {
    @Override
    public long monotonicMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    @Override
    public Instant wall() {
        return Instant.now();
    }
}
