package io.carryall.control;

import io.carryall.control.result.PairResult;
import io.carryall.core.fold.PairEnd;
import io.carryall.core.item.PassId;
import io.carryall.core.port.Ledger;
import io.carryall.core.port.Passes.PassPair;
import io.carryall.core.record.PipelineRecord.ScanEnd;
import java.util.List;
import java.util.Optional;

/**
 * How pairs ended in passes: as it was written down; or, where nothing was because nothing had changed, as the scan says that found so. What was written goes before: whoever wrote it had seen every scan. Thread-safe.
 */
record PairEnds(Ledger ledger, ResultJson json) {

    /**
     * The pair's part of the result, as JSON. Empty while the pair has not ended.
     *
     * @param flags whether the pass follows flags
     */
    Optional<String> of(PassId pass, PassPair pair, boolean flags) {
        return ledger.passes().pairEnd(pass, pair.pair())
                .or(() -> ledger.folders().scanEnds(pass, pair.pair(), pair.generation()).stream().filter(ScanEnd::stands).findFirst().map(scan -> json.write(stood(pair, scan, flags))));
    }

    /** The same, for a pass that goes on: where one scan found that nothing had changed, and another one was under way beside it, what that one found is still to be seen to. */
    Optional<String> beforeGoingOn(PassId pass, PassPair pair, List<ScanEnd> scans, boolean flags) {
        return ledger.passes().pairEnd(pass, pair.pair()).or(() -> PairEnd.stood(scans).map(scan -> json.write(stood(pair, scan, flags))));
    }

    /** The result of a pair in which nothing had changed. */
    static PairResult stood(PassPair pair, ScanEnd scan, boolean flags) {
        Folded folded = Folded.stood(scan, flags);
        return PairResult.of(pair, "finished", null, folded.counts(), folded.details());
    }
}
