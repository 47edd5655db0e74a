package io.carryall.core.fold;

import io.carryall.core.fold.RateMeter.Spread;
import java.util.Optional;

/**
 * When something will be done, as a range: what was observed lately goes up and down, and what mailboxes hold that nobody has walked over yet can only be guessed from the others. Seconds, {@code low <= high}.
 */
public record Forecast(long lowSeconds, long highSeconds) {
    /** Beyond that it is no forecast any more. */
    private static final long LONGEST_SECONDS = 90L * 24 * 3600;
    /** Even the steadiest rate is not known better than that. */
    private static final double LEAST_SHARE = 0.1;
    /** What went up and down by more than its mean may still not stand still. */
    private static final double SLOWEST_SHARE = 0.2;

    /**
     * Empty while nobody can tell.
     *
     * @param rate      of items that were settled; empty where there is no evidence yet
     * @param found     items found so far
     * @param pending   those of them that are not settled
     * @param scanned   mailboxes of which everything is found
     * @param unscanned the others
     */
    public static Optional<Forecast> of(Optional<Spread> rate, long found, long pending, int scanned, int unscanned) {
        if (rate.isEmpty() || scanned == 0 && unscanned > 0) {
            return Optional.empty();
        }
        double deviation = Math.max(rate.get().deviation(), rate.get().mean() * LEAST_SHARE);
        double fastest = rate.get().mean() + deviation;
        double slowest = Math.max(rate.get().mean() - deviation, rate.get().mean() * SLOWEST_SHARE);
        double more = unscanned == 0 ? 0 : (double) found / scanned * unscanned;
        return Optional.of(new Forecast(seconds(pending / fastest), seconds((pending + more) / slowest)));
    }

    private static long seconds(double seconds) {
        return Math.min(LONGEST_SECONDS, (long) Math.ceil(seconds));
    }
}
