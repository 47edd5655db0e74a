package io.carryall.core.fold;

/**
 * When a pair is to be swept: some time after anything was heard of it, and then less and less often for as long as it stays quiet, so that pages that wait their turn for hours are not published over and over. For one
 * thread at a time.
 */
public final class SweepPace {
    private static final int PAUSES_MAX = 32;
    /** Long enough that those who copy have heard that the pass goes on. */
    private static final long SOON_MILLIS = 1_500;

    private final long quietMillis;
    private long pauseMillis;
    private long atMillis = Long.MAX_VALUE;

    /** @param quietMillis how long nothing may be heard of a pair before it is swept */
    public SweepPace(long quietMillis) {
        this.quietMillis = quietMillis;
    }

    /** Something happened to the pair. */
    public void heard(long nowMillis) {
        pauseMillis = quietMillis;
        atMillis = nowMillis + quietMillis;
    }

    /** Something may come of a sweep before long, whatever was heard. */
    public void soon(long nowMillis) {
        atMillis = Math.min(atMillis, nowMillis + SOON_MILLIS);
    }

    /** True if it is time: the next time is later then. */
    public boolean begin(long nowMillis) {
        if (nowMillis < atMillis) {
            return false;
        }
        atMillis = nowMillis + pauseMillis;
        pauseMillis = Math.min(pauseMillis * 2, quietMillis * PAUSES_MAX);
        return true;
    }
}
