package io.carryall.testkit.simulator;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Supplier;

/** Time, chance and what happens next: one thread, one seed. The same seed gives the same events in the same order. */
final class World {
    private static final int TRACE_MAX = 60;

    private record Event(long atMillis, long number, Runnable what) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return atMillis != other.atMillis ? Long.compare(atMillis, other.atMillis) : Long.compare(number, other.number);
        }
    }

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final Random random;
    private final Odds odds;
    private final Deque<String> trace;
    private final boolean aloud;
    private long nowMillis;
    private long lastNumber;
    private boolean calm;

    /** @param traced whether the last events are kept; {@code aloud}: each is printed, too */
    World(Random random, Odds odds, boolean traced, boolean aloud) {
        this.random = random;
        this.odds = odds;
        this.trace = traced ? new ArrayDeque<>() : null;
        this.aloud = aloud;
    }

    long nowMillis() {
        return nowMillis;
    }

    Random random() {
        return random;
    }

    Odds odds() {
        return odds;
    }

    /** From now on nothing goes wrong that is not under way already. */
    void calmDown() {
        calm = true;
    }

    boolean isCalm() {
        return calm;
    }

    /** Whether a fault of this likelihood happens now. */
    boolean fault(double likelihood) {
        return !calm && likelihood > 0 && random.nextDouble() < likelihood;
    }

    boolean chance(double likelihood) {
        return random.nextDouble() < likelihood;
    }

    long between(long from, long to) {
        return from + random.nextInt((int) (to - from + 1));
    }

    long latency() {
        return fault(odds.slow()) ? between(200, 6_000) : between(1, 20);
    }

    void in(long millis, Runnable what) {
        events.add(new Event(nowMillis + Math.max(0, millis), ++lastNumber, what));
    }

    /** Lets the next event happen; false where there is none. */
    boolean step() {
        Event event = events.poll();
        if (event == null) {
            return false;
        }
        nowMillis = event.atMillis();
        event.what().run();
        return true;
    }

    long steps() {
        return lastNumber;
    }

    void note(Supplier<String> what) {
        if (trace == null) {
            return;
        }
        String line = String.format("%9.3f  %s", nowMillis / 1_000.0, what.get());
        if (aloud) {
            System.out.println(line);
        }
        trace.add(line);
        if (trace.size() > TRACE_MAX) {
            trace.poll();
        }
    }

    Iterable<String> trace() {
        return trace;
    }
}
