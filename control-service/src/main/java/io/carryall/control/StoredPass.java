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

    private static final class Sum {
        private FolderCounts counts = FolderCounts.NONE;
        private int pairs;
        private int ended;
        private int stopped;
        private Problem first;

        void add(Optional<Ended> end) {
            pairs++;
            if (end.isEmpty()) {
                return;
            }
            ended++;
            counts = counts.plus(end.get().counts());
            if (end.get().error() != null) {
                stopped++;
                first = first == null ? end.get().error() : first;
            }
        }

        Problem error() {
            return first == null ? null : new Problem(first.reason(), stopped + " of " + pairs + " pairs stopped; the first: " + first.detail());
        }
    }

    @Override
    public PassTold told() {
        Sum sum = new Sum();
        passes.forEachPair(pass.id(), pair -> sum.add(ends.of(pass.id(), pair, flags).map(json::ended)));
        Problem error = pass.state() == PassState.ENDED ? sum.error() : null;
        return new PassTold(pass.id(), pass.full() ? "full" : "delta", word(error), 1, error, sum.counts, -1, sum.pairs, sum.ended, Rates.NONE, PassProgress.NONE, KEPT.history(pass.spec()).changes(), false);
    }

    private String word(Problem error) {
        return switch (pass.state()) {
            case RUNNING -> "running";
            case PAUSED -> "paused";
            case INTERRUPTED -> "interrupted";
            case ENDED -> error == null ? "finished" : "failed";
        };
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
                        into.pair(PairResult.of(pair.source(), pair.target(), pair.full() ? "full" : "delta", word(null), null, FolderCounts.NONE, Details.NONE));
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
