package io.carryall.control;

import io.carryall.control.PairWatch.Ended;
import io.carryall.control.result.PairResult;
import io.carryall.core.item.PairId;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** The pairs of a pass that is driven here, in the order in which they were found. Thread-safe: one thread adds them while others walk over them, look at them and tell of them. */
final class WatchedPairs {
    /** Folders, failures and warnings of pairs that ended: some 10 MB. */
    private static final int KEPT_LINES_MAX = 50_000;
    /** Looks a second that idle pairs may cause together. */
    private static final int IDLE_LOOKS_PER_SECOND = 200;

    private final ControlSettings settings;
    private final Map<PairId, PairWatch> byId = new ConcurrentHashMap<>();
    private final Queue<PairWatch> order = new ConcurrentLinkedQueue<>();
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicInteger keptLines = new AtomicInteger();

    WatchedPairs(ControlSettings settings) {
        this.settings = settings;
    }

    /** Unless the pair is there. */
    void add(PairWatch watch) {
        if (byId.putIfAbsent(watch.pair().pair(), watch) == null) {
            if (watch.ended() != null) {
                countEnded();
            }
            order.add(watch);
        }
    }

    /** Null where the pass does not have it (yet). */
    PairWatch get(PairId pair) {
        return byId.get(pair);
    }

    Collection<PairWatch> all() {
        return Collections.unmodifiableCollection(order);
    }

    int size() {
        return byId.size();
    }

    /** Those that have come to their end in this pass; not those that it left where they were. */
    int ended() {
        return ended.get();
    }

    void countEnded() {
        ended.incrementAndGet();
    }

    /** The result is kept as long as there is room, else read again for that of the pass: those of 50,000 pairs are not kept in memory. */
    void keep(PairWatch watch, Ended how, PairResult result) {
        int lines = 1 + result.folders().size() + result.failures().size() + result.warnings().size();
        watch.ended(how, size() <= settings.pairsShownMax() || keptLines.addAndGet(lines) <= KEPT_LINES_MAX ? result : null);
    }

    /** How long a pair of which nothing is heard is left alone: the longer the more there are. */
    long idleMillis() {
        return Math.max(settings.pollMillis(), (size() - ended()) * 1_000L / IDLE_LOOKS_PER_SECOND);
    }
}
