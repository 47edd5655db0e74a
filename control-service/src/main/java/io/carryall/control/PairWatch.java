package io.carryall.control;

import io.carryall.control.result.PairResult;
import io.carryall.core.fold.FolderCounts;
import io.carryall.core.fold.Forecast;
import io.carryall.core.fold.RateMeter;
import io.carryall.core.fold.SweepPace;
import io.carryall.core.item.FolderId;
import io.carryall.core.item.PassId;
import io.carryall.core.port.Passes.PassPair;
import io.carryall.core.record.PipelineRecord.Outcome;
import java.util.HashSet;
import java.util.Set;

/**
 * What a driver keeps in memory of one pair. Thread-safe; the one that looks at the pair is alone in that ({@link #beginLook}).
 */
final class PairWatch {
    private static final long RATE_WINDOW_MILLIS = 60_000;

    /** Rows are read again after this many times what reading them took. */
    private static final int REST_FACTOR = 5;

    private final PassPair pair;
    private final Set<String> outdated;
    private final PassId beside;
    private final LiveCounts live = new LiveCounts();
    private final Set<FolderId> settled = new HashSet<>();
    private final SweepPace sweep;
    private RateMeter settling;
    private RateMeter copying;
    private int secondChances;
    private String scan;

    private boolean requested;
    private boolean first;
    private boolean scanned;
    private boolean looking;
    private boolean woken;
    private long restsUntilMillis;
    private long looksAtMillis;
    private Ended ended;
    private PairResult shown;

    /** How a pair ended, without the details. */
    record Ended(String state, PairResult.Problem error, FolderCounts counts) {}

    /**
     * @param beside      a pass of another migration that had it when it was set up; null: none
     * @param outdated    scans of this pass that decide nothing any more
     * @param sweepMillis how long nothing may be heard of it before its open pages are published again
     */
    PairWatch(PassPair pair, Set<String> outdated, PassId beside, long sweepMillis) {
        this.beside = beside;
        this.sweep = new SweepPace(sweepMillis);
        this.pair = pair;
        this.outdated = Set.copyOf(outdated);
    }

    PassPair pair() {
        return pair;
    }

    PassId beside() {
        return beside;
    }

    Set<String> outdated() {
        return outdated;
    }

    /** Folders of the scan that decides which are known to be settled: that is final. Only for who looks. */
    Set<FolderId> settledIn(String newScan) {
        if (!newScan.equals(scan)) {
            settled.clear();
            scan = newScan;
        }
        return settled;
    }

    /** It may be that nothing changed in it, and that is to be looked at first: before any scan of this pass. */
    synchronized void mayStand() {
        first = true;
    }

    /** From now on it is treated like others. */
    synchronized void mayHaveChanged() {
        first = false;
    }

    synchronized boolean isFirst() {
        return first;
    }

    synchronized void requested(long nowMillis, long pollMillis) {
        requested = true;
        sweep.heard(nowMillis);
        looksAtMillis = nowMillis + pollMillis;
    }

    synchronized void notRequested() {
        requested = false;
        first = false;
    }

    /** Nothing is asked for yet. */
    synchronized boolean isWaiting() {
        return !requested && ended == null;
    }

    synchronized void scanned() {
        scanned = true;
    }

    /** Its scan stands from before the pass was resumed, and this is still to be settled. */
    synchronized void goesOn(OpenPages.Open open) {
        scanned = true;
        live.open(open);
    }

    /** What was said of it since the pass began or went on. */
    FolderCounts heard() {
        return live.counts();
    }

    /** It is worth looking at it soon. */
    synchronized void wake() {
        woken = true;
    }

    synchronized boolean isScanning() {
        return requested && !scanned && ended == null;
    }

    /** True where it is worth looking at the pair soon. */
    boolean heard(Outcome outcome, long nowMillis) {
        live.add(outcome);
        boolean worth = switch (outcome.what()) {
            case "page-settled", "parked", "folder-end", "scan-end" -> true;
            default -> false;
        };
        synchronized (this) {
            scanned |= outcome.what().equals("scan-end");
            woken |= worth;
            sweep.heard(nowMillis);
        }
        return worth;
    }

    /** True if it is time to look: then {@link #endLook} must follow. */
    synchronized boolean beginLook(long nowMillis) {
        boolean due = requested && ended == null && !looking && (woken ? nowMillis >= restsUntilMillis : nowMillis >= looksAtMillis);
        if (due) {
            looking = true;
            woken = false;
        }
        return due;
    }

    synchronized void endLook(long nowMillis, long tookMillis, long pollMillis) {
        looking = false;
        restsUntilMillis = nowMillis + tookMillis * REST_FACTOR;
        looksAtMillis = Math.max(nowMillis + pollMillis, restsUntilMillis);
    }

    /** True if its open pages are to be published again now: nothing was heard of it for long. */
    synchronized boolean beginSweep(long nowMillis) {
        return requested && ended == null && sweep.begin(nowMillis);
    }

    synchronized void sweepSoon(long nowMillis) {
        sweep.soon(nowMillis);
    }

    /** How many it took before. */
    synchronized int takeSecondChance() {
        return secondChances++;
    }

    /** Whether everything that it holds is found. */
    synchronized boolean isScanned() {
        return scanned || ended != null;
    }

    /** Items that this pass walked over; those that it knew of before, and which are counted when the pair ends, say nothing of its pace. */
    synchronized long walked() {
        return live.counts().found();
    }

    synchronized long walkedPending() {
        return ended == null ? live.counts().pending() : 0;
    }

    PassProgress.Register registered() {
        return live.registered();
    }

    synchronized boolean isGoing() {
        return requested && ended == null;
    }

    /** Notes how far it is. */
    synchronized void sample(long nowMillis) {
        if (settling == null) {
            settling = new RateMeter(RATE_WINDOW_MILLIS);
            copying = new RateMeter(RATE_WINDOW_MILLIS);
        }
        FolderCounts now = live.counts();
        settling.sample(nowMillis, now.found() - now.pending(), 0);
        copying.sample(nowMillis, now.migrated(), now.bytes());
    }

    /** How it gets along. */
    synchronized PassProgress.Going going() {
        FolderCounts now = live.counts();
        Forecast forecast = settling == null ? null : Forecast.of(settling.spread(), now.found(), now.pending(), scanned ? 1 : 0, scanned ? 0 : 1).orElse(null);
        return PassProgress.Going.of(pair.source(), pair.target(), pair.full() ? "full" : "delta", scanned ? "copy" : "scan", now, copying == null ? RateMeter.Rates.NONE : copying.rates(), forecast);
    }

    synchronized void ended(Ended how, PairResult result) {
        settling = null;
        copying = null;
        ended = how;
        shown = result;
    }

    synchronized Ended ended() {
        return ended;
    }

    /** The result with its details, where it is kept in memory; else null. */
    synchronized PairResult shown() {
        return shown;
    }

    synchronized FolderCounts counts() {
        return ended == null ? live.counts() : ended.counts();
    }
}
