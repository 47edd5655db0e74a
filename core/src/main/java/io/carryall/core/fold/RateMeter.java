package io.carryall.core.fold;

import java.util.ArrayDeque;
import java.util.Optional;

/**
 * How fast something grows, over a sliding window. Holds at most {@value #SAMPLES_MAX} samples. For one thread.
 */
public final class RateMeter {
    private static final int SAMPLES_MAX = 120;
    private static final int PARTS = 5;
    private static final long EVIDENCE_MILLIS = 5_000;

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

    /**
     * How the rate of items went up and down in the window: its mean, and the standard deviation over {@value #PARTS} parts of equal length. Empty where there is no evidence: less than {@value #EVIDENCE_MILLIS} ms, or nothing moved.
     */
    public Optional<Spread> spread() {
        if (samples.size() < PARTS || samples.peekLast().millis - samples.peekFirst().millis < EVIDENCE_MILLIS || samples.peekLast().items <= samples.peekFirst().items) {
            return Optional.empty();
        }
        long begin = samples.peekFirst().millis;
        double partMillis = (samples.peekLast().millis - begin) / (double) PARTS;
        double mean = rates().itemsPerSecond();
        double squares = 0;
        for (int part = 0; part < PARTS; part++) {
            double rate = (itemsAt(begin + part * partMillis + partMillis) - itemsAt(begin + part * partMillis)) / partMillis * 1000;
            squares += (rate - mean) * (rate - mean);
        }
        return Optional.of(new Spread(mean, Math.sqrt(squares / PARTS)));
    }

    /** Between two samples, on the line between them. */
    private double itemsAt(double millis) {
        Sample before = samples.peekFirst();
        for (Sample sample : samples) {
            if (sample.millis >= millis) {
                double share = sample.millis == before.millis ? 1 : (millis - before.millis) / (sample.millis - before.millis);
                return before.items + (sample.items - before.items) * share;
            }
            before = sample;
        }
        return before.items;
    }

    /** In items a second. */
    public record Spread(double mean, double deviation) {}

    public record Rates(double itemsPerSecond, double bytesPerSecond) {
        public static final Rates NONE = new Rates(0, 0);
    }

    private record Sample(long millis, long items, long bytes) {}
}
