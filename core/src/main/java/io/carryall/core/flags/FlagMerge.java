package io.carryall.core.flags;

import java.util.function.Predicate;

/**
 * The three-way merge of one item's flags: a change made on the source is carried, flag by flag, unless the target's user changed that flag since it was last ours; then it stays as the user left it.
 *
 * @param refused what should be carried and the target does not hold
 */
record FlagMerge(FlagSet add, FlagSet remove, FlagSet refused) {

    /**
     * @param base   with nothing under way
     * @param holds  whether the target's folder takes that flag for good
     */
    static FlagMerge of(FlagBase base, FlagSet source, FlagSet target, Predicate<String> holds) {
        FlagSet add = FlagSet.NONE;
        FlagSet remove = FlagSet.NONE;
        FlagSet refused = FlagSet.NONE;
        for (String flag : base.source().plus(source).names()) {
            boolean wanted = source.has(flag);
            boolean changedOnSource = wanted != base.source().has(flag);
            boolean changedOnTarget = target.has(flag) != base.target().has(flag);
            if (!changedOnSource || changedOnTarget || target.has(flag) == wanted) {
                continue;
            }
            if (!holds.test(flag)) {
                refused = refused.with(flag, true);
            } else if (wanted) {
                add = add.with(flag, true);
            } else {
                remove = remove.with(flag, true);
            }
        }
        return new FlagMerge(add, remove, refused);
    }

    boolean isNothing() {
        return add.isEmpty() && remove.isEmpty();
    }

    FlagSet appliedTo(FlagSet target) {
        return target.plus(add).minus(remove);
    }
}
