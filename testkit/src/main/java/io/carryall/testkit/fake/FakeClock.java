package io.carryall.testkit.fake;

import java.time.Duration;
import java.time.Instant;

import io.carryall.core.port.Clock;

/** Time that passes only when a test says so; the two clocks can be moved apart, as they are by a sleeping machine or a set clock. Thread-safe. */
public final class FakeClock implements Clock {
    private long monotonicMillis = 1_000_000;
    private Instant wall = Instant.parse("2026-01-02T03:04:05Z");

    /** Both clocks. */
    public synchronized void advance(Duration time) {
        advanceMonotonic(time);
        advanceWall(time);
    }

    public synchronized void advanceMonotonic(Duration time) {
        monotonicMillis += time.toMillis();
    }

    public synchronized void advanceWall(Duration time) {
        wall = wall.plus(time);
    }

    @Override
    public synchronized long monotonicMillis() {
        return monotonicMillis;
    }

    @Override
    public synchronized Instant wall() {
        return wall;
    }
}
