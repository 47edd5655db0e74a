package io.carryall.core.port;

import io.carryall.core.item.PairId;
import io.carryall.core.item.PairName;
import io.carryall.core.item.PassId;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Mailbox pairs and their generations. */
public interface Pairs {
    /** The pair of that name; made with generation 1 where it is new. Two callers at once get the same one. */
    Pair named(PairName name);

    /**
     * The same, and a new one gets this id, unless it is another pair's. A pair that comes from another installation keeps its id, so that a later journal of it can be told from one of a pair that is merely called the same.
     */
    Pair named(PairName name, PairId wanted);

    Optional<Pair> find(PairName name);

    /** Every pair, in no order. */
    void forEach(Consumer<Pair> pairs);

    /** The same, and stops after so many: all of a large list are found with less than a look for each. */
    void forEach(int max, Consumer<Pair> pairs);

    Optional<Pair> get(PairId pair);

    /** Notes that the pair has completed a pass in its generation. Passes in which nothing had changed need not be noted. */
    void completed(PairId pair, int generation, PassId pass);

    /** Whether the pair has completed any pass in its generation. If not, the next one is a full pass. */
    boolean hasCompleted(PairId pair, int generation);

    /** Which passes the pair has completed in its generation. */
    Set<PassId> completedPasses(PairId pair, int generation);

    /** Begins the next generation, in which nothing is known of the pair, by lightweight transaction: false if the present one is not {@code expected}. */
    boolean nextGeneration(PairId pair, int expected);

    /**
     * Gives the pair another name, by lightweight transaction. The former one is free then: whoever names a pair by it gets a new one. False, and nothing is changed, if {@code to} is the name of another pair. May be repeated after a
     * crash.
     */
    boolean rename(PairId pair, PairName from, PairName to);

    /**
     * @param hasCompleted that it has completed a pass in this generation. Where it is false, {@link #hasCompleted} may know better: earlier versions did not note it here
     */
    record Pair(PairId id, PairName name, int generation, boolean hasCompleted) {
        /** One that has not completed any pass. */
        public Pair(PairId id, PairName name, int generation) {
            this(id, name, generation, false);
        }
    }
}
