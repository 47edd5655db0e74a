package io.carryall.control;

import io.carryall.control.PairRows.Folded;
import io.carryall.control.PairWatch.Ended;
import io.carryall.control.result.PairResult;
import io.carryall.control.result.PairResult.Details;
import io.carryall.control.result.PairResult.Problem;
import io.carryall.core.fold.FolderCounts;
import io.carryall.core.fold.Forecast;
import io.carryall.core.fold.PairEnd;
import io.carryall.core.fold.RateMeter;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.migration.MigrationSpec;
import io.carryall.core.migration.SpecChanges.Change;
import io.carryall.core.migration.MigrationSpec.FlagsPolicy;
import io.carryall.core.port.LedgerException;
import io.carryall.core.port.Passes;
import io.carryall.core.port.Passes.Pass;
import io.carryall.core.port.Passes.PassPair;
import io.carryall.core.port.Passes.PassState;
import io.carryall.core.port.QueueException;
import io.carryall.core.record.PipelineRecord;
import io.carryall.core.record.PipelineRecord.LookRequest;
import io.carryall.core.record.PipelineRecord.Outcome;
import io.carryall.core.record.PipelineRecord.ScanEnd;
import io.carryall.core.record.PipelineRecord.ScanRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * Drives one pass from its start to its end: asks for scans, looks at pairs that may be through, folds them, ends the pass. One thread of its own ({@link #run}); looks run in a pool that drivers share. Thread-safe.
 */
final class PassDriver implements PassView {
    private static final Logger LOG = Logger.getLogger(PassDriver.class);
    private static final long TICK_MILLIS = 50;
    /** After a walk over all pairs, rest for so many times what it took. */
    private static final int REST_FACTOR = 4;
    private static final long RATE_WINDOW_MILLIS = 30_000;
    private static final long FORECAST_WINDOW_MILLIS = 120_000;
    private static final long SAMPLE_MILLIS = 1_000;
    /** How long an interrupted pass may take to look at what it leaves behind. */
    private static final long LAST_LOOK_MILLIS = 4_000;
    /** Looks a second that idle pairs may cause together. */
    private static final int IDLE_LOOKS_PER_SECOND = 200;
    /** Folders, failures and warnings of pairs that ended: some 10 MB. */
    private static final int KEPT_LINES_MAX = 50_000;
    /** Pairs of which is read together that nothing changed in them. */
    private static final int TOGETHER_MAX = 64;
    /** Results of pairs that are read at a time. */
    private static final int READ_CHUNK = 100;
    /** Whoever looks on is not told more often: hundreds of things may happen in a second. */
    private static final long TELL_MILLIS = 200;

    private final ControlParts parts;
    private final Pass pass;
    private final PassLease lease;
    private final Gate gate;
    private final PairRows rows;
    private final OpenPages openPages;
    private final List<Change> changes;
    private final boolean flags;
    private final PairEnds ends;
    /** Looks have begun at these, and go on together at the next tick. Only for the driver's own thread. */
    private final List<PairWatch> first = new ArrayList<>();
    private long togetherAtMillis = Long.MIN_VALUE;
    private final AtomicInteger keptLines = new AtomicInteger();
    private final PairSetup setup;
    private final Map<PairId, PairWatch> watches = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<PairWatch> order = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<PairWatch> woken = new ConcurrentLinkedQueue<>();
    private final RateMeter rates = new RateMeter(RATE_WINDOW_MILLIS);
    private final RateMeter settling = new RateMeter(FORECAST_WINDOW_MILLIS);
    private final long startedMillis;

    private final AtomicBoolean sweeping = new AtomicBoolean();
    private volatile long heardMillis;

    private final Object bell = new Object();
    private boolean rung;
    private PassState asked;
    private volatile boolean pairsKnown;
    private volatile PassState over;
    private volatile boolean abandoned;
    private volatile boolean leaving;
    private volatile boolean done;
    private volatile long endedMillis;
    private volatile long turnsAtMillis = Long.MIN_VALUE;
    private volatile long restsUntilMillis = Long.MIN_VALUE;
    private long revision = 1;
    private int pairsEnded;

    /**
     * @param spec   as the pass keeps it
     * @param asked  the pairs that are to be part of it, beside those that it has
     * @param before the state in which the pass was found; null where it is new
     * @param gate   what its pairs wait for before any of them is scanned
     */
    PassDriver(ControlParts parts, Pass pass, MigrationSpec spec, MigrationSpec asked, PassState before, PassLease lease, Gate gate) {
        this.gate = gate;
        this.parts = parts;
        this.pass = pass;
        this.lease = lease;
        this.flags = spec.flags() == FlagsPolicy.FOLLOW;
        this.ends = new PairEnds(parts.ledger(), parts.results());
        this.rows = new PairRows(parts.ledger(), pass.id(), spec.filter().onItems(), flags, parts.settings().failuresMax(), parts.folds());
        this.changes = new KeptSpec().history(pass.spec()).changes();
        this.openPages = new OpenPages(parts, pass.id(), rows);
        this.setup = new PairSetup(parts, pass, asked, before, rows, openPages, flags);
        this.startedMillis = parts.clock().monotonicMillis();
        this.heardMillis = startedMillis;
    }

    /** Returns when the pass may begin, or when it is over before that. */
    interface Gate {
        void await(BooleanSupplier over) throws InterruptedException;
    }

    PassId pass() {
        return pass.id();
    }

    /** Until the pass is over, or somebody else drives it. */
    void run() {
        try {
            Thread setting = parts.thread("carryall-pairs-" + pass.id(), this::setUp);
            setting.start();
            long sampledMillis = 0;
            long askedMillis = parts.clock().monotonicMillis();
            while (over == null && !abandoned) {
                waitForBell();
                long now = parts.clock().monotonicMillis();
                if (now - sampledMillis >= SAMPLE_MILLIS) {
                    sampledMillis = now;
                    sample(now);
                }
                if (now - askedMillis >= parts.settings().leaseMillis() / 2) {
                    askedMillis = now;
                    keep();
                }
                obey();
                lookAtWoken(now);
                if (now >= turnsAtMillis) {
                    turn(now);
                    rest(now);
                }
                if (pairsKnown && pairsEnded() == watches.size() && over == null) {
                    endPass();
                }
            }
            setup.stop();
            setting.join();
            if (over != null && over != PassState.ENDED && !leaving) {
                lastLooks();
            }
        } catch (InterruptedException e) {
            LOG.infof("pass %s: control stops, another one will go on with it", pass.id());
        } finally {
            finish();
        }
    }

    private void setUp() {
        while (over == null && !abandoned) {
            try {
                gate.await(() -> over != null || abandoned);
                setup.run(this::watch);
                pairsKnown = true;
                ring();
                return;
            } catch (LedgerException e) {
                LOG.warnf("pass %s: its pairs cannot be set up yet: %s", pass.id(), e.getMessage());
                parts.pause(1_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void watch(List<PairSetup.Found> found) {
        found.forEach(this::watch);
        turnsAtMillis = Math.min(turnsAtMillis, restsUntilMillis);
        ring();
    }

    private void watch(PairSetup.Found found) {
        PairWatch watch = new PairWatch(found.pair(), found.outdated(), found.beside(), parts.settings().sweepMillis());
        if (watches.putIfAbsent(found.pair().pair(), watch) != null) {
            return;
        }
        if (found.ended() != null) {
            watch.ended(found.ended(), null);
            count();
        } else if (found.scanned()) {
            watch.requested(parts.clock().monotonicMillis(), 0);
            watch.goesOn(found.open());
        } else if (!found.pair().full() && found.outdated().isEmpty() && found.beside() == null) {
            watch.mayStand();
        }
        order.add(watch);
    }

    /** Those that were heard of, at once: a pass of 50,000 pairs is not walked over for each of them. */
    private void lookAtWoken(long now) {
        for (PairWatch watch = woken.poll(); watch != null; watch = woken.poll()) {
            lookIfDue(watch, now, idleMillis());
        }
        if (now >= togetherAtMillis && !first.isEmpty()) {
            togetherAtMillis = now + TICK_MILLIS;
            List<PairWatch> due = List.copyOf(first);
            first.clear();
            for (int from = 0; from < due.size(); from += TOGETHER_MAX) {
                lookTogether(due.subList(from, Math.min(due.size(), from + TOGETHER_MAX)), idleMillis());
            }
        }
    }

    private void lookIfDue(PairWatch watch, long now, long idleMillis) {
        boolean isDue = watch.beginLook(now);
        if (isDue && watch.isFirst()) {
            first.add(watch);
        } else if (isDue) {
            look(watch, idleMillis);
        }
    }

    private void lookTogether(List<PairWatch> some, long idleMillis) {
        try {
            parts.looks().execute(() -> lookTogetherNow(some, idleMillis));
        } catch (RejectedExecutionException e) {
            some.forEach(watch -> watch.endLook(parts.clock().monotonicMillis(), 0, idleMillis));
        }
    }

    /** Those in which nothing changed are done with; the others are looked at on their own from then on. */
    private void lookTogetherNow(List<PairWatch> some, long idleMillis) {
        try {
            Map<PairId, PairEnd> ends = over == null && !abandoned ? rows.firstEnds(some.stream().map(PairWatch::pair).toList()) : Map.of();
            for (PairWatch watch : some) {
                if (ends.get(watch.pair().pair()) instanceof PairEnd.Stood stood) {
                    stood(watch, PairEnds.stood(watch.pair(), stood.scan(), flags));
                } else {
                    watch.mayHaveChanged();
                }
            }
        } catch (LedgerException e) {
            LOG.warnf("pass %s: pairs cannot be looked at yet: %s", pass.id(), e.getMessage());
        } catch (RuntimeException e) {
            LOG.errorf(e, "pass %s: looking at %d pairs failed", pass.id(), some.size());
        } finally {
            long now = parts.clock().monotonicMillis();
            for (PairWatch watch : some) {
                watch.endLook(now, 0, idleMillis);
                if (watch.ended() == null) {
                    watch.wake();
                    woken.add(watch);
                }
            }
            ring();
        }
    }

    private long idleMillis() {
        return Math.max(parts.settings().pollMillis(), (watches.size() - pairsEnded()) * 1_000L / IDLE_LOOKS_PER_SECOND);
    }

    /** Walks over all pairs: which are to be scanned, looked at, swept. */
    private void turn(long now) {
        long idleMillis = idleMillis();
        int scanning = 0;
        for (PairWatch watch : order) {
            scanning += watch.isScanning() ? 1 : 0;
        }
        Map<Integer, List<PairWatch>> toLookAt = new HashMap<>();
        for (PairWatch watch : order) {
            if (!watch.isRequested() && watch.ended() == null && scanning < parts.settings().scansAtOnceMax()) {
                if (watch.isFirst()) {
                    toLookAt.computeIfAbsent(Passes.groupOf(watch.pair().pair()), group -> new ArrayList<>()).add(watch);
                    scanning++;
                } else {
                    scanning += request(watch, idleMillis) ? 1 : 0;
                }
            }
            lookIfDue(watch, now, idleMillis);
            if (!sweeping.get() && watch.beginSweep(now)) {
                sweep(watch);
            }
        }
        for (List<PairWatch> group : toLookAt.values()) {
            for (int from = 0; from < group.size(); from += LookRequest.PAIRS_MAX) {
                requestLook(group.subList(from, Math.min(group.size(), from + LookRequest.PAIRS_MAX)), idleMillis);
            }
        }
    }

    private void rest(long turnedMillis) {
        long ended = parts.clock().monotonicMillis();
        restsUntilMillis = ended + (ended - turnedMillis) * REST_FACTOR;
        turnsAtMillis = Math.max(restsUntilMillis, turnedMillis + TICK_MILLIS);
    }

    /** Not waited for: what never arrives is asked for again when the pass is resumed, and a broker that is away holds up the pairs that are under way for no longer than a publication may take. */
    private boolean request(PairWatch watch, long idleMillis) {
        return request(new ScanRequest(pass.id(), watch.pair().pair(), watch.pair().generation()), List.of(watch), idleMillis);
    }

    private void requestLook(List<PairWatch> some, long idleMillis) {
        request(new LookRequest(pass.id(), some.stream().map(watch -> watch.pair().pair()).toList()), some, idleMillis);
    }

    private boolean request(PipelineRecord request, List<PairWatch> some, long idleMillis) {
        try {
            parts.queue().publish(request).whenComplete((done, failure) -> {
                if (failure != null) {
                    LOG.warnf("pass %s: the scan of a pair could not be asked for, and is asked for again: %s", pass.id(), failure.getMessage());
                    some.forEach(PairWatch::notRequested);
                }
            });
            some.forEach(watch -> watch.requested(parts.clock().monotonicMillis(), idleMillis));
            return true;
        } catch (QueueException e) {
            LOG.warnf("pass %s: %s", pass.id(), e.getMessage());
            return false;
        }
    }

    private void look(PairWatch watch, long idleMillis) {
        try {
            parts.looks().execute(() -> lookNow(watch, idleMillis));
        } catch (RejectedExecutionException e) {
            watch.endLook(parts.clock().monotonicMillis(), 0, idleMillis);
        }
    }

    private void lookNow(PairWatch watch, long idleMillis) {
        long began = parts.clock().monotonicMillis();
        long tookMillis = 0;
        try {
            PairEnd end = over == null && !abandoned ? rows.end(watch) : new PairEnd.Running();
            tookMillis = parts.clock().monotonicMillis() - began;
            if (end instanceof PairEnd.Stood stood && watch.beside() == null) {
                stood(watch, PairEnds.stood(watch.pair(), stood.scan(), flags));
            } else if (end instanceof PairEnd.Stood stood) {
                end(watch, stood.scan(), null);
            } else if (end instanceof PairEnd.Settled settled) {
                end(watch, settled.scan(), null);
            } else if (end instanceof PairEnd.Stopped stopped && !isTriedAgain(watch, stopped)) {
                end(watch, stopped.scan(), new Problem(stopped.reason().word(), stopped.detail()));
            }
        } catch (LedgerException e) {
            LOG.warnf("pass %s: a pair cannot be looked at yet: %s", pass.id(), e.getMessage());
        } catch (RuntimeException e) {
            LOG.errorf(e, "pass %s: looking at pair %s failed", pass.id(), watch.pair().pair());
        } finally {
            watch.endLook(parts.clock().monotonicMillis(), tookMillis, idleMillis);
            ring();
        }
    }

    /** Copiers that have not heard yet that the pass goes on, or a server that was away for a while: nothing that stops a pair. */
    private boolean isTriedAgain(PairWatch watch, PairEnd.Stopped stopped) {
        if (stopped.scan().failure() != null) {
            return false;
        }
        if (stopped.reason() == Reason.INTERRUPTED) {
            watch.sweepSoon(parts.clock().monotonicMillis());
            return true;
        }
        return watch.takeSecondChance() && openPages.publishParkedDue(watch.pair(), stopped.scan()) > 0;
    }

    /** One pair at a time: a sweep is for what was lost, and that can wait. */
    private void sweep(PairWatch watch) {
        sweeping.set(true);
        try {
            parts.looks().execute(() -> sweepNow(watch));
        } catch (RejectedExecutionException e) {
            sweeping.set(false);
        }
    }

    private void sweepNow(PairWatch watch) {
        try {
            PassPair pair = watch.pair();
            Optional<ScanEnd> scan = rows.newestScan(watch);
            if (scan.isPresent() && (scan.get().failure() != null || rows.isWhole(pair, scan.get()))) {
                int pages = openPages.publishDue(pair, scan.get());
                LOG.debugf("pass %s: nothing was heard of a pair, %d open pages of it are published again", pass.id(), pages);
            } else if (parts.clock().monotonicMillis() - heardMillis >= parts.settings().sweepMillis()) {
                // Nobody scans or registers anything at all: then what they were asked, or what they found, is lost.
                LOG.infof("pass %s: nothing was heard for a while, a pair is scanned again", pass.id());
                watch.notRequested();
            }
        } catch (LedgerException | QueueException e) {
            LOG.warnf("pass %s: a pair cannot be swept now: %s", pass.id(), e.getMessage());
        } catch (RuntimeException e) {
            LOG.errorf(e, "pass %s: sweeping pair %s failed", pass.id(), watch.pair().pair());
        } finally {
            sweeping.set(false);
        }
    }

    /** That it ended, and how, its scan has written down. */
    private void stood(PairWatch watch, PairResult result) {
        FolderCounts counts = new FolderCounts(result.counts().found(), 0, result.counts().alreadyThere(), result.counts().excluded(), 0, 0, 0);
        watch.ended(new Ended(result.state(), null, counts), kept(result));
        parts.metrics().pairEnded(result.state(), 0);
        parts.queue().publish(new Outcome(pass.id(), watch.pair().pair(), null, "record", "pair-end", 0, 0, null));
        count();
    }

    private void end(PairWatch watch, ScanEnd scan, Problem problem) {
        PassPair pair = watch.pair();
        Folded folded = parts.metrics().fold(() -> rows.fold(pair, scan, problem == null));
        PairResult result = result(pair, problem == null ? "finished" : "failed", problem, folded.counts(), told(watch, folded.details()));
        parts.ledger().passes().pairEnded(pass.id(), pair.pair(), parts.results().write(result));
        if (problem == null) {
            parts.ledger().pairs().completed(pair.pair(), pair.generation(), pass.id());
        }
        parts.ledger().folders().putWatermarks(pair.pair(), pair.generation(), folded.watermarks());
        watch.ended(new Ended(result.state(), problem, folded.counts()), kept(result));
        parts.metrics().pairEnded(result.state(), folded.breaches());
        if (folded.breaches() > 0) {
            LOG.errorf("pass %s: the counts of pair %s do not add up: see the warnings law-broken in its result", pass.id(), pair.pair());
        }
        parts.queue().publish(new Outcome(pass.id(), pair.pair(), null, "record", "pair-end", folded.counts().migrated(), folded.counts().bytes(), problem == null ? null : problem.reason()));
        count();
    }

    /** With a word on the other pass that had the pair at the same time. */
    private static Details told(PairWatch watch, Details details) {
        if (watch.beside() == null) {
            return details;
        }
        List<PairResult.Warning> warnings = new ArrayList<>(details.warnings());
        warnings.add(new PairResult.Warning("", 0, "also-running", besideDetail(watch.beside()) + ": what either of them copied counts as already there for the other"));
        return new Details(details.folders(), details.failures(), warnings, details.excluded());
    }

    private static String besideDetail(PassId other) {
        return "pass " + other.number() + " of " + other.migration() + " was running on this mailbox at the same time";
    }

    /** Null where it is to be read again for the result of the pass: that of 50,000 pairs is not kept in memory. */
    private PairResult kept(PairResult result) {
        int lines = 1 + result.folders().size() + result.failures().size() + result.warnings().size();
        return watches.size() <= parts.settings().pairsShownMax() || keptLines.addAndGet(lines) <= KEPT_LINES_MAX ? result : null;
    }

    private PairResult result(PassPair pair, String state, Problem problem, FolderCounts counts, Details details) {
        return PairResult.of(pair.source(), pair.target(), pair.full() ? "full" : "delta", state, problem, counts, details);
    }

    /** What an outcome says is only believed as far as that a look is worth its while. */
    void heard(Outcome outcome) {
        PairWatch watch = watches.get(outcome.pair());
        heardMillis = parts.clock().monotonicMillis();
        if (watch != null && watch.heard(outcome, heardMillis)) {
            woken.add(watch);
            ring();
        }
    }

    /** Asks the pass to stop, and waits until that is recorded. */
    void stop(PassState state, long waitMillis) throws InterruptedException {
        ask(state);
        awaitDone(waitMillis);
    }

    /**
     * The process is about to end.
     *
     * @param state what the pass is to be left as; null: as it is
     */
    void leave(PassState state) {
        leaving = true;
        abandoned |= state == null;
        ask(state);
    }

    private void ask(PassState state) {
        synchronized (bell) {
            asked = asked == null ? state : asked;
            rung = true;
            bell.notifyAll();
        }
    }

    private void obey() {
        PassState wanted;
        synchronized (bell) {
            wanted = asked;
        }
        if (wanted == null || over != null) {
            return;
        }
        try {
            over = parts.ledger().passes().move(pass.id(), PassState.RUNNING, wanted) ? wanted : stateNow();
        } catch (LedgerException e) {
            LOG.warnf("pass %s: that it stops cannot be recorded yet: %s", pass.id(), e.getMessage());
        }
    }

    private PassState stateNow() {
        PassState state = parts.ledger().passes().get(pass.id()).map(Pass::state).orElse(PassState.ENDED);
        return state == PassState.RUNNING ? null : state;
    }

    /** Keeps the lease, and hears of a stop that somebody asked another control-service for. */
    private void keep() {
        if (!lease.renew()) {
            LOG.warnf("pass %s: another control-service drives it now", pass.id());
            abandoned = true;
            return;
        }
        try {
            over = over == null ? stateNow() : over;
        } catch (LedgerException e) {
            LOG.debugf("pass %s: its state cannot be read now", pass.id());
        }
    }

    private void endPass() {
        try {
            over = parts.ledger().passes().move(pass.id(), PassState.RUNNING, PassState.ENDED) ? PassState.ENDED : stateNow();
        } catch (LedgerException e) {
            LOG.warnf("pass %s: its end cannot be recorded yet: %s", pass.id(), e.getMessage());
            parts.pause(500);
        }
    }

    /** Folds what the pass leaves behind, for the result; what is not folded in time is told from outcomes. */
    private void lastLooks() throws InterruptedException {
        long deadline = parts.clock().monotonicMillis() + LAST_LOOK_MILLIS;
        List<PairWatch> left = order.stream().filter(watch -> watch.ended() == null).toList();
        parts.allUntil(left, deadline, watch -> {
            PassPair pair = watch.pair();
            Folded folded = rows.fold(pair, rows.newestScan(watch).orElse(null), false);
            if (watch.ended() == null) {
                watch.ended(new Ended(stateWord(over), null, folded.counts()), kept(result(pair, stateWord(over), null, folded.counts(), folded.details())));
            }
        });
    }

    private void finish() {
        lease.release();
        endedMillis = parts.clock().monotonicMillis();
        done = true;
        ring();
    }

    private void sample(long now) {
        FolderCounts counts = sum();
        // Of what was heard: the counts of a pair that was resumed hold at its end what was copied long ago.
        List<FolderCounts> heard = order.stream().map(PairWatch::heard).toList();
        synchronized (rates) {
            rates.sample(now, heard.stream().mapToLong(FolderCounts::migrated).sum(), heard.stream().mapToLong(FolderCounts::bytes).sum());
            settling.sample(now, order.stream().mapToLong(watch -> watch.walked() - watch.walkedPending()).sum(), 0);
        }
        order.stream().filter(PairWatch::isGoing).limit(PassProgress.GOING_MAX).forEach(watch -> watch.sample(now));
        parts.metrics().pass(pass.id().migration(), counts, watches.size() - pairsEnded());
        synchronized (bell) {
            revision++;
            bell.notifyAll();
        }
    }

    private FolderCounts sum() {
        FolderCounts sum = FolderCounts.NONE;
        for (PairWatch watch : order) {
            sum = sum.plus(watch.counts());
        }
        return sum;
    }

    private void count() {
        synchronized (bell) {
            pairsEnded++;
        }
    }

    private int pairsEnded() {
        synchronized (bell) {
            return pairsEnded;
        }
    }

    /** What there is to tell is told once a second, and at the end: who waits for news is not woken for each page of a large mailbox. */
    private void ring() {
        synchronized (bell) {
            rung = true;
            bell.notifyAll();
        }
    }

    private void waitForBell() throws InterruptedException {
        synchronized (bell) {
            if (!rung) {
                bell.wait(TICK_MILLIS);
            }
            rung = false;
        }
    }

    void awaitDone(long waitMillis) throws InterruptedException {
        long deadline = parts.clock().monotonicMillis() + waitMillis;
        synchronized (bell) {
            for (long left = waitMillis; !done && left > 0; left = deadline - parts.clock().monotonicMillis()) {
                bell.wait(left);
            }
        }
    }

    @Override
    public void await(long since, long waitMillis) throws InterruptedException {
        long began = parts.clock().monotonicMillis();
        long untilMillis = Math.min(waitMillis, TELL_MILLIS);
        synchronized (bell) {
            for (long waited = 0; !done && waited < (revision <= since ? waitMillis : untilMillis); waited = parts.clock().monotonicMillis() - began) {
                bell.wait((revision <= since ? waitMillis : untilMillis) - waited);
            }
        }
    }

    boolean isDone() {
        return done;
    }

    @Override
    public PassTold told() {
        boolean finished = done;
        FolderCounts counts = sum();
        Problem error = finished && over == PassState.ENDED ? error() : null;
        String state = !finished ? "running" : over == PassState.ENDED ? error == null ? "finished" : "failed" : over == null ? "interrupted" : stateWord(over);
        double seconds = ((finished ? endedMillis : parts.clock().monotonicMillis()) - startedMillis) / 1_000.0;
        RateMeter.Rates speed;
        synchronized (rates) {
            speed = rates.rates();
        }
        PassProgress progress = finished ? PassProgress.NONE : progress(counts, speed);
        synchronized (bell) {
            return new PassTold(pass.id(), pass.full() ? "full" : "delta", state, revision, error, counts, seconds, watches.size(), pairsEnded, speed, progress, changes, false);
        }
    }

    private PassProgress progress(FolderCounts counts, RateMeter.Rates speed) {
        int scanned = 0;
        int pairs = 0;
        long toCopy = 0;
        long toCopyBytes = 0;
        long walked = 0;
        long pending = 0;
        for (PairWatch watch : order) {
            walked += watch.walked();
            pending += watch.walkedPending();
            PassProgress.Register registered = watch.registered();
            pairs++;
            scanned += watch.isScanned() ? 1 : 0;
            toCopy += registered.toCopy();
            toCopyBytes += registered.toCopyBytes();
        }
        // As long as not every pair is named, nobody knows how many there are.
        Forecast forecast = null;
        if (pairsKnown) {
            synchronized (rates) {
                forecast = Forecast.of(settling.spread(), walked, pending, scanned, pairs - scanned).orElse(null);
            }
        }
        List<PassProgress.Going> going = order.stream().filter(PairWatch::isGoing).limit(PassProgress.GOING_MAX).map(PairWatch::going).toList();
        Map<PassId, Integer> beside = new TreeMap<>(Comparator.comparing(PassId::toString));
        order.stream().map(PairWatch::beside).filter(Objects::nonNull).forEach(other -> beside.merge(other, 1, Integer::sum));
        List<PassProgress.Beside> others = beside.entrySet().stream().limit(PassProgress.GOING_MAX).map(entry -> new PassProgress.Beside(entry.getKey().migration(), entry.getKey().number(), entry.getValue())).toList();
        return new PassProgress(forecast, others, new PassProgress.Scan(scanned, counts.found()), new PassProgress.Register(toCopy, toCopyBytes, counts.alreadyThere(), counts.excluded()), PassProgress.copy(counts, speed),
                PassProgress.recorded(counts), going);
    }

    private Problem error() {
        List<Problem> problems = order.stream().map(PairWatch::ended).filter(ended -> ended != null && ended.error() != null).map(Ended::error).toList();
        return problems.isEmpty() ? null : new Problem(problems.get(0).reason(), problems.size() + " of " + order.size() + " pairs stopped; the first: " + problems.get(0).detail());
    }

    private static String stateWord(PassState state) {
        return state == PassState.PAUSED ? "paused" : "interrupted";
    }

    @Override
    public void pairs(Pairs into) throws IOException {
        List<PairWatch> all = List.copyOf(order);
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
        String state = ended != null ? ended.state() : done ? told().state() : "running";
        return result(watch.pair(), state, null, ended != null ? ended.counts() : watch.counts(), Details.NONE);
    }
}
