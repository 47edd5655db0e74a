package io.carryall.core.port;

import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Passes of migrations. */
public interface Passes {
    /** The newest pass of the migration. */
    Optional<Pass> newest(String migration);

    Optional<Pass> get(PassId pass);

    /** Makes the pass, RUNNING, unless it is there: false, and nothing is changed. {@code spec} is the migration file as it is now (JSON, without secrets and without the list of pairs). */
    boolean create(PassId pass, String spec, boolean full, Instant startedAt);

    /** Moves the pass on by lightweight transaction: false if it is not in {@code from} now. */
    boolean move(PassId pass, PassState from, PassState to);

    /** Which pairs the pass has. Written before its scans are published; to be repeated after a crash. */
    void putPairs(PassId pass, List<PassPair> pairs);

    void forEachPair(PassId pass, Consumer<PassPair> pairs);

    Optional<PassPair> pair(PassId pass, PairId pair);

    /** The same of several, in no order; those that the pass does not have are left out. Least is read where they are of one group ({@link #groupOf}). */
    default List<PassPair> pairs(PassId pass, Collection<PairId> pairs) {
        return pairs.stream().map(pair -> pair(pass, pair)).flatMap(Optional::stream).toList();
    }

    /** Pairs of one group lie together: there are {@value #GROUPS}. */
    static int groupOf(PairId pair) {
        return Math.floorMod(pair.value().hashCode(), GROUPS);
    }

    int GROUPS = 64;

    /** Notes how a pair ended in this pass: JSON of its part of the result. Overwritten when the pair ends again (a resumed pass). */
    void pairEnded(PassId pass, PairId pair, String result);

    Optional<String> pairEnd(PassId pass, PairId pair);

    /** Every migration that the ledger knows, in no order. */
    List<String> migrations();

    enum PassState { RUNNING, PAUSED, INTERRUPTED, ENDED }

    record Pass(PassId id, PassState state, String spec, boolean full, Instant startedAt) {}

    /**
     * @param sourceSecret a reference ({@code env:}, {@code file:}, {@code run:}), never the secret; null where the migration's own login is used
     */
    record PassPair(PairId pair, int generation, boolean full, String source, String target, String sourceUser, String targetUser, String sourceSecret, String targetSecret) {}
}
