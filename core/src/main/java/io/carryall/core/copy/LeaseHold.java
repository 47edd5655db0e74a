package io.carryall.core.copy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What the holder of a lease knows of it: which tokens may stand in the ledger, under which epoch, and how long it is good for. Decides only; who asks does the transactions. Not thread-safe.
 *
 * <p>A renewal of which nothing is known may or may not have put its token in the place of the one before, so each of them is one that may stand there until a renewal succeeds.
 */
public final class LeaseHold {
    private final List<String> tokens = new ArrayList<>();
    private final long marginMillis;
    private LeaseTerm term;
    private long epoch;

    /** @param marginMillis longer than the last bytes of a group may take to leave us */
    public LeaseHold(long marginMillis) {
        this.marginMillis = marginMillis;
    }

    /** @param from counted from before the transaction was sent */
    public void taken(String token, long epochTaken, LeaseTerm from) {
        drop();
        tokens.add(token);
        epoch = epochTaken;
        term = from;
    }

    public boolean isHeld() {
        return term != null;
    }

    /** The tokens that may stand in the ledger, at most one of them does: the surest first. */
    public List<String> tokens() {
        return List.copyOf(tokens);
    }

    /** This token stands there now. */
    public void renewed(String token, LeaseTerm from) {
        tokens.clear();
        tokens.add(token);
        term = from;
    }

    /**
     * Whether this token stands there is not known.
     *
     * @return whether it is worth trying again; if not, the lease is to be abandoned
     */
    public boolean unknown(String token, long monotonicMillis, Instant wall) {
        tokens.add(token);
        return isHeld() && term.mayCommit(monotonicMillis, wall, marginMillis);
    }

    /** From now on nothing may be committed. */
    public void drop() {
        tokens.clear();
        term = null;
    }

    /**
     * Whether the committing bytes of a group may still go out. A group belongs to the epoch in which its intent was written: under a later one, though it be ours again, somebody may have
     * settled that intent meanwhile.
     */
    public boolean mayCommit(long epochOfIntent, long monotonicMillis, Instant wall) {
        return isHeld() && epoch == epochOfIntent && term.mayCommit(monotonicMillis, wall, marginMillis);
    }
}
