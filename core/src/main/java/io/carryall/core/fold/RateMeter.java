package io.carryall.core.fold;

import java.util.ArrayDeque;
import java.util.OptionalLong;

/**
 * How fast something grows, over a sliding window. Holds at most {@value #SAMPLES_MAX} samples. For one thread.
 */
public final class RateMeter {
    private static final int SAMPLES_MAX = 120;

    private final long windowMillis;
    private final ArrayDeque<Sample> samples = new ArrayDeque<>();

    public RateMeter(long windowMillis) {
        this.windowMillis = windowMillis;
    }

    /** Totals at a moment of the monotonic clock. Samples that come closer than the window allows replace the newest one. */
    public void sample(long nowMillis, long items, long bytes) {
        Sample newest = samples.peekLast();
        if (samples.size() > 1 && nowMillis - newest.millis < windowMillis / SAMPLES_MAX) {
            samples.pollLast();
        }
        samples.addLast(new Sample(nowMillis, items, bytes));
        while (samples.size() > 2 && (samples.size() > SAMPLES_MAX || nowMillis - samples.peekFirst().millis > windowMillis)) {
            samples.pollFirst();
        }
    }

    public Rates rates() {
        if (samples.size() < 2) {
            return Rates.NONE;
        }
        Sample first = samples.peekFirst();
        Sample last = samples.peekLast();
        double seconds = (last.millis - first.millis) / 1000.0;
        return seconds <= 0 ? Rates.NONE : new Rates(Math.max(0, (last.items - first.items) / seconds), Math.max(0, (last.bytes - first.bytes) / seconds));
    }

    /** Seconds until so many items are through at the present rate; empty while nothing moves. */
    public OptionalLong etaSeconds(long pendingItems) {
        if (pendingItems == 0) {
            return OptionalLong.of(0);
        }
        double rate = rates().itemsPerSecond();
        return rate <= 0 ? OptionalLong.empty() : OptionalLong.of((long) Math.ceil(pendingItems / rate));
    }

    public record Rates(double itemsPerSecond, double bytesPerSecond) {
        public static final Rates NONE = new Rates(0, 0);
    }

    private record Sample(long millis, long items, long bytes) {}
}
