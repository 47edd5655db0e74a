package io.carryall.testkit.simulator;

import io.carryall.core.port.Clock;
import java.time.Instant;

/** A process on a machine of its own: it can crash and be started again, be stopped and go on, and its two clocks are its own. */
final class Machine implements Clock {
    private static final Instant EPOCH = Instant.parse("2026-01-02T03:04:05Z");

    private final World world;
    private final String name;
    private final double rate;
    private final boolean clockStopsWithIt;
    private Runnable boot = () -> { };
    private int life;
    private boolean up;
    private long pausedUntilMillis;
    private long stoodStillMillis;
    private long wallOffsetMillis;

    Machine(World world, String name, boolean clockStopsWithIt) {
        this.world = world;
        this.name = name;
        this.rate = 1 + (world.random().nextDouble() - 0.5) / 100;
        this.clockStopsWithIt = clockStopsWithIt;
        this.wallOffsetMillis = world.between(-2_000, 2_000);
    }

    String name() {
        return name + "." + life;
    }

    void start(Runnable onBoot) {
        boot = onBoot;
        up = true;
        boot.run();
    }

    boolean isUp() {
        return up;
    }

    boolean isPaused() {
        return pausedUntilMillis > world.nowMillis();
    }

    int life() {
        return life;
    }

    /** What happens in this life of the process, when it is not stopped; never after a crash. */
    Runnable here(Runnable what) {
        int mine = life;
        return () -> run(mine, what);
    }

    void in(long millis, Runnable what) {
        world.in(millis, here(what));
    }

    private void run(int mine, Runnable what) {
        if (mine != life || !up) {
            return;
        }
        if (isPaused()) {
            world.in(pausedUntilMillis - world.nowMillis() + world.between(0, 3), () -> run(mine, what));
            return;
        }
        what.run();
    }

    void crash(long downMillis) {
        if (!up) {
            return;
        }
        world.note(() -> name() + " crashes");
        up = false;
        life++;
        pausedUntilMillis = 0;
        world.in(downMillis, () -> {
            up = true;
            world.note(() -> name() + " starts");
            boot.run();
        });
    }

    void pause(long millis) {
        if (!up || isPaused()) {
            return;
        }
        world.note(() -> name() + " is stopped for " + millis + " ms");
        pausedUntilMillis = world.nowMillis() + millis;
        if (clockStopsWithIt) {
            stoodStillMillis += millis;
        }
    }

    /** A clock that stands still while the process is stopped is not also set back: nothing could tell such a process how long it was away. */
    void setWallClock(long byMillis) {
        wallOffsetMillis += clockStopsWithIt ? Math.abs(byMillis) : byMillis;
    }

    @Override
    public long monotonicMillis() {
        return (long) ((world.nowMillis() - stoodStillMillis) * rate) + 1_000_000;
    }

    @Override
    public Instant wall() {
        return EPOCH.plusMillis(world.nowMillis() + wallOffsetMillis);
    }
}
