package io.carryall.control;

import io.carryall.control.result.PairResult;
import io.carryall.core.fold.FolderCounts;
import io.carryall.core.fold.RateMeter.Rates;
import io.carryall.core.item.PassId;
import io.carryall.core.migration.SpecChanges.Change;
import io.carryall.core.port.Passes.PassState;
import java.util.List;

/**
 * What can be told of a pass, but for its pairs.
 *
 * @param state    {@code running}, {@code finished}, {@code failed}, {@code paused} or {@code interrupted}
 * @param revision grows whenever something changed
 * @param error    null unless failed
 * @param changes  of the migration since the pass before
 * @param seconds  of this run; negative where nobody knows any more
 */
record PassTold(PassId pass, String kind, String state, long revision, PairResult.Problem error, FolderCounts counts, double seconds, int pairs, int pairsEnded, Rates rates, PassProgress progress, List<Change> changes, boolean dryRun) {
    /** The word for the state of a pass. @param error why it could not finish; null where nothing stopped */
    static String word(PassState state, PairResult.Problem error) {
        return switch (state) {
            case RUNNING -> "running";
            case PAUSED -> "paused";
            case INTERRUPTED -> "interrupted";
            case ENDED -> error == null ? "finished" : "failed";
        };
    }

    boolean isOver() {
        return !state.equals("running");
    }
}
