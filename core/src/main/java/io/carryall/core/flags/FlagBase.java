package io.carryall.core.flags;

import java.util.Collection;

/**
 * Where the flags of one item stood on both sides when they were last carried, or when it was copied.
 *
 * @param source   what had come of the source
 * @param target   what we left on the target: what differs from it now, its user changed
 * @param intended what we were about to leave there; the same as {@code target} where nothing was under way
 */
public record FlagBase(FlagSet source, FlagSet target, FlagSet intended) {

    /**
     * As an item was copied.
     *
     * @param dropped what the target refused to hold
     */
    public static FlagBase copied(Collection<String> flags, Collection<String> dropped) {
        FlagSet left = FlagSet.of(flags).minus(FlagSet.of(dropped));
        return new FlagBase(FlagSet.of(flags), left, left);
    }

    public boolean isUnderWay() {
        return !intended.equals(target);
    }

    /** Once it is known what stands on the target: of what was under way, that is ours which stands there now as it was intended. */
    public FlagBase landed(FlagSet now) {
        FlagSet ofSource = source;
        FlagSet ofTarget = target;
        for (String flag : target.plus(intended).names()) {
            boolean meant = intended.has(flag);
            if (meant != target.has(flag) && now.has(flag) == meant) {
                ofSource = ofSource.with(flag, meant);
                ofTarget = ofTarget.with(flag, meant);
            }
        }
        return new FlagBase(ofSource, ofTarget, ofTarget);
    }

    FlagBase about(FlagSet wanted) {
        return new FlagBase(source, target, wanted);
    }

    FlagBase seen(FlagSet sourceNow) {
        return new FlagBase(sourceNow, target, target);
    }
}
