package io.carryall.control;

import io.carryall.control.PairWatch.Ended;
import io.carryall.control.result.PairResult;
import io.carryall.control.result.PairResult.Details;
import io.carryall.control.result.PairResult.Problem;
import io.carryall.core.fold.FolderCounts;
import io.carryall.core.fold.Forecast;
import io.carryall.core.fold.RateMeter;
import io.carryall.core.fold.RateMeter.Rates;
import io.carryall.core.item.PassId;
import io.carryall.core.migration.SpecChanges.Change;
import io.carryall.core.port.Passes.Pass;
import io.carryall.core.port.Passes.PassState;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A pass that is driven here, as it is told. Its driver's threads note how far it is, whoever asks for the pass reads and waits: thread-safe. */
final class DrivenPass implements PassView {
    private static final long RATE_WINDOW_MILLIS = 30_000;
    private static final long FORECAST_WINDOW_MILLIS = 120_000;
    /** Results of pairs that are read at a time. */
    private static final int READ_CHUNK = 100;
    /** Whoever looks on is not told more often: hundreds of things may happen in a second. */
    private static final long TELL_MILLIS = 200;

    private final ControlParts parts;
    private final Pass pass;
    private final boolean flags;
    private final WatchedPairs pairs;
    private final List<Change> changes;
    private final PairEnds ends;
    private final long startedMillis;

    /** Guarded by this object, as are the other fields that change. */
    private final RateMeter rates = new RateMeter(RATE_WINDOW_MILLIS);
    private final RateMeter settling = new RateMeter(FORECAST_WINDOW_MILLIS);
    private long revision = 1;
    private boolean allFound;
    /** Null until nobody drives it here any more. */
    private Over over;

    /** @param state as which the pass was left here */
    private record Over(PassState state, long endedMillis) {}

    /** @param flags whether the pass follows flags */
    DrivenPass(ControlParts parts, Pass pass, boolean flags, WatchedPairs pairs) {
        this.parts = parts;
        this.pass = pass;
        this.flags = flags;
        this.pairs = pairs;
        this.changes = new KeptSpec().history(pass.spec()).changes();
        this.ends = new PairEnds(parts.ledger(), parts.results());
        this.startedMillis = parts.clock().monotonicMillis();
    }

    // ---- what the driver notes

    /** As long as not every pair is named, nobody knows how many there are. */
    synchronized void allFound() {
        allFound = true;
    }

    /** How far it is, once a second: who waits for news is not woken for each page of a large mailbox. */
    void sample(long now) {
        FolderCounts counts = sum().counts();
        long migrated = 0;
        long bytes = 0;
        long settled = 0;
        int going = 0;
        for (PairWatch watch : pairs.all()) {
            // Of what was heard: the counts of a pair that was resumed hold at its end what was copied long ago.
            FolderCounts heard = watch.heard();
            migrated += heard.migrated();
            bytes += heard.bytes();
            settled += watch.walked() - watch.walkedPending();
            if (going < PassProgress.GOING_MAX && watch.isGoing()) {
                going++;
                watch.sample(now);
            }
        }
        parts.metrics().pass(pass.id().migration(), counts, pairs.size() - pairs.ended());
        synchronized (this) {
            rates.sample(now, migrated, bytes);
            settling.sample(now, settled, 0);
            revision++;
            notifyAll();
        }
    }

    /** Nobody drives it here any more, and it was left like that. */
    synchronized void over(PassState state) {
        over = new Over(state, parts.clock().monotonicMillis());
        notifyAll();
    }

    // ---- what is told

    synchronized boolean isOver() {
        return over != null;
    }

    synchronized void awaitOver(long waitMillis) throws InterruptedException {
        long deadline = parts.clock().monotonicMillis() + waitMillis;
        for (long left = waitMillis; over == null && left > 0; left = deadline - parts.clock().monotonicMillis()) {
            wait(left);
        }
    }

    @Override
    public synchronized void await(long since, long waitMillis) throws InterruptedException {
        long began = parts.clock().monotonicMillis();
        long untilMillis = Math.min(waitMillis, TELL_MILLIS);
        for (long waited = 0; over == null && waited < (revision <= since ? waitMillis : untilMillis); waited = parts.clock().monotonicMillis() - began) {
            wait((revision <= since ? waitMillis : untilMillis) - waited);
        }
    }

    @Override
    public PassTold told() {
        Over end;
        long now;
        Rates speed;
        synchronized (this) {
            end = over;
            now = revision;
            speed = rates.rates();
        }
        PassSum sum = sum();
        Problem error = end != null && end.state == PassState.ENDED ? sum.error() : null;
        double seconds = ((end != null ? end.endedMillis : parts.clock().monotonicMillis()) - startedMillis) / 1_000.0;
        PassProgress progress = end != null ? PassProgress.NONE : progress(sum.counts(), speed);
        return new PassTold(pass.id(), pass.full() ? "full" : "delta", PassTold.word(end != null ? end.state : PassState.RUNNING, error), now, error, sum.counts(), seconds, pairs.size(), pairs.ended(), speed, progress, changes, false);
    }

    private PassSum sum() {
        PassSum sum = new PassSum();
        for (PairWatch watch : pairs.all()) {
            Ended ended = watch.ended();
            sum.add(ended == null ? watch.counts() : ended.counts(), ended == null ? null : ended.error());
        }
        return sum;
    }

    private PassProgress progress(FolderCounts counts, Rates speed) {
        int scanned = 0;
        int all = 0;
        long toCopy = 0;
        long toCopyBytes = 0;
        long walked = 0;
        long pending = 0;
        Map<PassId, Integer> beside = new TreeMap<>(Comparator.comparing(PassId::toString));
        for (PairWatch watch : pairs.all()) {
            walked += watch.walked();
            pending += watch.walkedPending();
            PassProgress.Register registered = watch.registered();
            all++;
            scanned += watch.isScanned() ? 1 : 0;
            toCopy += registered.toCopy();
            toCopyBytes += registered.toCopyBytes();
            if (watch.beside() != null) {
                beside.merge(watch.beside(), 1, Integer::sum);
            }
        }
        Forecast forecast;
        synchronized (this) {
            forecast = allFound ? Forecast.of(settling.spread(), walked, pending, scanned, all - scanned).orElse(null) : null;
        }
        List<PassProgress.Going> going = pairs.all().stream().filter(PairWatch::isGoing).limit(PassProgress.GOING_MAX).map(PairWatch::going).toList();
        List<PassProgress.Beside> others = beside.entrySet().stream().limit(PassProgress.GOING_MAX).map(entry -> new PassProgress.Beside(entry.getKey().migration(), entry.getKey().number(), entry.getValue())).toList();
        return new PassProgress(forecast, others, new PassProgress.Scan(scanned, counts.found()), new PassProgress.Register(toCopy, toCopyBytes, counts.alreadyThere(), counts.excluded()), PassProgress.copy(counts, speed),
                PassProgress.recorded(counts), going);
    }

    @Override
    public void pairs(Pairs into) throws IOException {
        List<PairWatch> all = List.copyOf(pairs.all());
        for (int from = 0; from < all.size(); from += READ_CHUNK) {
            List<PairWatch> chunk = all.subList(from, Math.min(all.size(), from + READ_CHUNK));
            List<Optional<String>> written = parts.all(chunk, this::written);
            for (int i = 0; i < chunk.size(); i++) {
                if (written.get(i).isPresent()) {
                    into.json(written.get(i).get());
                } else {
                    into.pair(told(chunk.get(i)));
                }
            }
        }
    }

    /** The result of a pair that ended and of which it is not kept. */
    private Optional<String> written(PairWatch watch) {
        Ended ended = watch.ended();
        boolean isWritten = watch.shown() == null && ended != null && (ended.state().equals("finished") || ended.state().equals("failed"));
        return isWritten ? Optional.of(ends.of(pass.id(), watch.pair(), flags).orElseThrow()) : Optional.empty();
    }

    private PairResult told(PairWatch watch) {
        PairResult shown = watch.shown();
        Ended ended = watch.ended();
        if (shown != null) {
            return shown;
        }
        return PairResult.of(watch.pair(), ended != null ? ended.state() : PassTold.word(state(), null), null, ended != null ? ended.counts() : watch.counts(), Details.NONE);
    }

    private synchronized PassState state() {
        return over == null ? PassState.RUNNING : over.state;
    }
}
