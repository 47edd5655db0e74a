package io.carryall.cassandra;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Write timestamps. Cassandra keeps the cell with the highest one; facts want the first. So a fact's timestamp is {@value #FACTS_FROM} minus the microseconds since 1970: the
 * earlier it was written, the higher it is. It lies above every ordinary timestamp, so a DELETE or an UPDATE typed by hand (whose tombstone would silently swallow each later
 * write of the fact) has no effect on it.
 *
 * <p>Within one process no two are equal and the order is strict, whatever the wall clock does. Between processes it is as good as their clocks; writers therefore look first
 * and write only what is not there, so that only facts written within one round trip of each other are decided by clocks. Two that are equal to the microsecond are decided by
 * Cassandra, by the cell's bytes, the same on all replicas.
 */
final class FactClock {
    static final long FACTS_FROM = 9_000_000_000_000_000L;

    private static final AtomicLong LAST = new AtomicLong();

    private FactClock() {}

    /** For what is written once: the first stays. */
    static long fact() {
        return FACTS_FROM - now();
    }

    /** For a fact that prevails over the other facts of its cell, whichever came first; of several such ones the first stays. */
    static long prevailing() {
        return FACTS_FROM + fact();
    }

    /** The timestamp that {@link #fact} would have given then, so that both kinds can be put in the order of their writing. */
    static long asFact(long written) {
        return written > FACTS_FROM ? written - FACTS_FROM : written;
    }

    /** For what the last one decides. Never below what is known to stand there. */
    static long after(long writtenAt) {
        return Math.max(now(), writtenAt + 1);
    }

    private static long now() {
        long wall = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        return LAST.updateAndGet(last -> Math.max(last + 1, wall));
    }
}
