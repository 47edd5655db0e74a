package io.carryall.core.flags;

import java.util.function.Predicate;

/**
 * Carries the flags of one item, look by look: it is told what stands on the target and says what to do, until nothing is left to be done. Whoever was interrupted begins anew with the base that the ledger has. Not thread-safe.
 */
public final class FlagTurn {

    public sealed interface Step {}

    /**
     * Nothing is left to be done.
     *
     * @param carried whether something of ours has come to the target
     * @param refused what the target does not hold
     */
    public record Settled(FlagBase base, boolean carried, FlagSet refused) implements Step {}

    /**
     * Note the base, then store, then look again.
     *
     * @param before what stands there now: the server is to store nothing if it changes meanwhile
     */
    public record Store(FlagBase base, FlagSet add, FlagSet remove, Flagged before) implements Step {}

    /** Flags as they were met on the target. {@code modSeq} is 0 where the server tells none. */
    public record Flagged(FlagSet flags, long modSeq) {}

    private final FlagSet source;
    private FlagBase base;
    private Store tried;
    private boolean carried;

    /**
     * @param base   null: nobody knows how they stood before; then both sides are taken as they are, and what changes from now on is carried
     * @param source as they are now
     */
    public FlagTurn(FlagBase base, FlagSet source) {
        this.base = base;
        this.source = source;
    }

    /** What is known by now; null: nothing. */
    public FlagBase base() {
        return base;
    }

    /** Nothing can be done for it any more: what the source has now is not tried again. */
    public FlagBase givenUp() {
        return base == null ? new FlagBase(source, source, source) : base.seen(source);
    }

    public Step meets(Flagged now, Predicate<String> holds) {
        if (base == null) {
            return new Settled(new FlagBase(source, now.flags(), now.flags()), false, FlagSet.NONE);
        }
        FlagBase known = base.landed(now.flags());
        carried |= !known.target().equals(base.target());
        base = known;
        FlagMerge merge = FlagMerge.of(base, source, now.flags(), holds);
        if (merge.isNothing()) {
            return new Settled(base.seen(source), carried, merge.refused());
        }
        if (tried != null && tried.before().equals(now)) {
            // The server took the command, and left everything as it was.
            return new Settled(base.seen(source), carried, merge.refused().plus(merge.add()).plus(merge.remove()));
        }
        base = base.about(merge.appliedTo(base.target()));
        tried = new Store(base, merge.add(), merge.remove(), now);
        return tried;
    }
}
