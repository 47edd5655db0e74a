package io.carryall.control;

import io.carryall.control.PairWatch.Ended;
import io.carryall.control.result.PairResult;
import io.carryall.control.result.PairResult.Details;
import io.carryall.control.result.PairResult.Problem;
import io.carryall.core.fold.FolderCounts;
import io.carryall.core.fold.RateMeter.Rates;
import io.carryall.core.migration.MigrationSpec.FlagsPolicy;
import io.carryall.core.port.Ledger;
import io.carryall.core.port.Passes;
import io.carryall.core.port.Passes.Pass;
import io.carryall.core.port.Passes.PassState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** A pass that nobody drives here, as the ledger has it. How long it took is not known any more. */
final class StoredPass implements PassView {
    private static final KeptSpec KEPT = new KeptSpec();

    private final Passes passes;
    private final ResultJson json;
    private final PairEnds ends;
    private final Pass pass;
    private final boolean flags;

    StoredPass(Ledger ledger, ResultJson json, Pass pass) {
        this.passes = ledger.passes();
        this.json = json;
        this.ends = new PairEnds(ledger, json);
        this.pass = pass;
        this.flags = KEPT.read(pass.spec()).flags() == FlagsPolicy.FOLLOW;
    }

    @Override
    public PassTold told() {
        PassSum sum = new PassSum();
        int[] ended = new int[1];
        passes.forEachPair(pass.id(), pair -> {
            Optional<Ended> end = ends.of(pass.id(), pair, flags).map(json::ended);
            ended[0] += end.isPresent() ? 1 : 0;
            sum.add(end.map(Ended::counts).orElse(FolderCounts.NONE), end.map(Ended::error).orElse(null));
        });
        Problem error = pass.state() == PassState.ENDED ? sum.error() : null;
        return new PassTold(pass.id(), pass.full() ? "full" : "delta", PassTold.word(pass.state(), error), 1, error, sum.counts(), -1, sum.pairs(), ended[0], Rates.NONE, PassProgress.NONE, KEPT.history(pass.spec()).changes(), false);
    }

    @Override
    public void await(long revision, long waitMillis) throws InterruptedException {
        // Nothing changes here. A pass that somebody else drives is asked for again at the caller's pace.
        Thread.sleep(pass.state() == PassState.RUNNING ? Math.min(waitMillis, 1_000) : 0);
    }

    @Override
    public void pairs(Pairs into) throws IOException {
        try {
            passes.forEachPair(pass.id(), pair -> {
                try {
                    Optional<String> end = ends.of(pass.id(), pair, flags);
                    if (end.isPresent()) {
                        into.json(end.get());
                    } else {
                        into.pair(PairResult.of(pair, PassTold.word(pass.state(), null), null, FolderCounts.NONE, Details.NONE));
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
