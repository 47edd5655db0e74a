package io.carryall.control;

import io.carryall.core.item.PassId;
import io.carryall.core.migration.MigrationSpec;
import io.carryall.core.migration.MigrationSpec.FlagsPolicy;
import io.carryall.core.port.LedgerException;
import io.carryall.core.port.Passes.Pass;
import io.carryall.core.port.Passes.PassPair;
import io.carryall.core.port.Passes.PassState;
import io.carryall.core.record.PipelineRecord.Outcome;
import io.carryall.core.scan.Asking;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * Drives one pass from its start to its end: has its pairs set up, asks scanners for looks and scans, sees to it that pairs are looked at ({@link PairLooks}), and ends the pass when all are through. Whoever wants to know how it gets
 * along is told by its {@link DrivenPass}.
 *
 * <p>One thread drives it ({@link #run}), and one of its own sets up its pairs, so that the first are scanned while the last are named. Other threads leave word and ring: {@link #heard}, {@link #stop}, {@link #leave} are for any.
 */
final class PassDriver {
    private static final Logger LOG = Logger.getLogger(PassDriver.class);
    private static final long TICK_MILLIS = 50;
    /** After a walk over all pairs, rest for so many times what it took. */
    private static final int REST_FACTOR = 4;
    private static final long SAMPLE_MILLIS = 1_000;

    private final ControlParts parts;
    private final Pass pass;
    private final PassLease lease;
    private final Gate gate;
    private final WatchedPairs pairs;
    private final PairSetup setup;
    private final PairLooks looks;
    private final DrivenPass view;

    private final Object bell = new Object();
    private boolean rung;
    private PassState asked;

    /** Every pair is among those that are watched. */
    private volatile boolean pairsKnown;
    /** As which the pass stopped; null while it runs. Written by the driver's thread alone. */
    private volatile PassState over;
    /** Somebody else drives it, or will: it is left as it is. */
    private volatile boolean abandoned;
    private volatile boolean leaving;
    private volatile long turnsAtMillis = Long.MIN_VALUE;
    private volatile long restsUntilMillis = Long.MIN_VALUE;

    /**
     * @param spec   as the pass keeps it
     * @param asked  the pairs that are to be part of it, beside those that it has
     * @param before the state in which the pass was found; null where it is new
     * @param gate   what its pairs wait for before any of them is scanned
     */
    PassDriver(ControlParts parts, Pass pass, MigrationSpec spec, MigrationSpec asked, PassState before, PassLease lease, Gate gate) {
        this.parts = parts;
        this.pass = pass;
        this.lease = lease;
        this.gate = gate;
        boolean flags = spec.flags() == FlagsPolicy.FOLLOW;
        this.pairs = new WatchedPairs(parts.settings());
        this.setup = new PairSetup(parts, pass, asked, before, flags);
        this.looks = new PairLooks(parts, pass.id(), spec, pairs, this::goesOn, this::ring);
        this.view = new DrivenPass(parts, pass, flags, pairs);
    }

    /** Returns when the pass may begin, or when it is over before that. */
    interface Gate {
        void await(BooleanSupplier over) throws InterruptedException;
    }

    PassId pass() {
        return pass.id();
    }

    DrivenPass view() {
        return view;
    }

    private boolean goesOn() {
        return over == null && !abandoned;
    }

    /** Until the pass is over, or somebody else drives it. */
    void run() {
        try {
            Thread setting = parts.thread("carryall-pairs-" + pass.id(), this::setUp);
            setting.start();
            long sampledMillis = 0;
            long askedMillis = parts.clock().monotonicMillis();
            while (goesOn()) {
                waitForBell();
                long now = parts.clock().monotonicMillis();
                if (now - sampledMillis >= SAMPLE_MILLIS) {
                    sampledMillis = now;
                    view.sample(now);
                }
                if (now - askedMillis >= parts.settings().leaseMillis() / 2) {
                    askedMillis = now;
                    keep();
                }
                obey();
                looks.lookAtWoken(now);
                if (now >= turnsAtMillis) {
                    turn(now);
                    rest(now);
                }
                if (pairsKnown && pairs.ended() == pairs.size() && over == null) {
                    end();
                }
            }
            setup.stop();
            setting.join();
            if (over != null && over != PassState.ENDED && !leaving) {
                looks.lastLooks(PassTold.word(over, null));
            }
        } catch (InterruptedException e) {
            LOG.infof("pass %s: control stops, another one will go on with it", pass.id());
        } finally {
            lease.release();
            view.over(over == null ? PassState.INTERRUPTED : over);
        }
    }

    // ---- the thread that sets up pairs

    private void setUp() {
        while (goesOn()) {
            try {
                gate.await(() -> !goesOn());
                setup.run(this::watch);
                view.allFound();
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
        found.forEach(pair -> pairs.add(watch(pair)));
        turnsAtMillis = Math.min(turnsAtMillis, restsUntilMillis);
        ring();
    }

    private PairWatch watch(PairSetup.Found found) {
        PairWatch watch = new PairWatch(found.pair(), found.outdated(), found.beside(), parts.settings().sweepMillis());
        if (found.ended() != null) {
            watch.ended(found.ended(), null);
        } else if (found.scanned()) {
            watch.requested(parts.clock().monotonicMillis(), 0);
            watch.goesOn(found.open());
        } else if (!found.pair().full() && found.outdated().isEmpty() && found.beside() == null) {
            watch.mayStand();
        }
        return watch;
    }

    // ---- the driver's thread

    /** Walks over all pairs: which are to be scanned, looked at, swept. */
    private void turn(long now) {
        ask();
        for (PairWatch watch : pairs.all()) {
            looks.lookIfDue(watch, now);
            looks.sweepIfDue(watch, now);
        }
    }

    private void rest(long turnedMillis) {
        long ended = parts.clock().monotonicMillis();
        restsUntilMillis = ended + (ended - turnedMillis) * REST_FACTOR;
        turnsAtMillis = Math.max(restsUntilMillis, turnedMillis + TICK_MILLIS);
    }

    /** For as many pairs as there is room for beside those that are being scanned. */
    private void ask() {
        int room = parts.settings().scansAtOnceMax();
        List<PairWatch> waiting = new ArrayList<>();
        for (PairWatch watch : pairs.all()) {
            room -= watch.isScanning() ? 1 : 0;
            if (waiting.size() < parts.settings().scansAtOnceMax() && watch.isWaiting()) {
                waiting.add(watch);
            }
        }
        List<PassPair> mayStand = new ArrayList<>();
        List<PassPair> others = new ArrayList<>();
        waiting.stream().limit(Math.max(0, room)).forEach(watch -> (watch.isFirst() ? mayStand : others).add(watch.pair()));
        Asking.of(pass.id(), mayStand, others).forEach(this::ask);
    }

    /** Not waited for: what never arrives is asked for again when the pass is resumed, and a broker that is away holds up the pairs that are under way for no longer than a publication may take. */
    private void ask(Asking asking) {
        List<PairWatch> some = asking.pairs().stream().map(pairs::get).toList();
        some.forEach(watch -> watch.requested(parts.clock().monotonicMillis(), pairs.idleMillis()));
        parts.queue().publish(asking.request()).whenComplete((done, failure) -> {
            if (failure != null) {
                LOG.warnf("pass %s: the scan of a pair could not be asked for, and is asked for again: %s", pass.id(), failure.getMessage());
                some.forEach(PairWatch::notRequested);
            }
        });
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
            leaveAs(wanted);
        } catch (LedgerException e) {
            LOG.warnf("pass %s: that it stops cannot be recorded yet: %s", pass.id(), e.getMessage());
        }
    }

    private void end() {
        try {
            leaveAs(PassState.ENDED);
        } catch (LedgerException e) {
            LOG.warnf("pass %s: its end cannot be recorded yet: %s", pass.id(), e.getMessage());
            parts.pause(500);
        }
    }

    private void leaveAs(PassState wanted) {
        over = parts.ledger().passes().move(pass.id(), PassState.RUNNING, wanted) ? wanted : stateNow();
    }

    /** Null while it runs. */
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

    private void waitForBell() throws InterruptedException {
        synchronized (bell) {
            if (!rung) {
                bell.wait(TICK_MILLIS);
            }
            rung = false;
        }
    }

    // ---- any thread

    void heard(Outcome outcome) {
        looks.heard(outcome);
    }

    /** Asks the pass to stop, and waits until that is recorded. */
    void stop(PassState state, long waitMillis) throws InterruptedException {
        ask(state);
        view.awaitOver(waitMillis);
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
        }
        ring();
    }

    private void ring() {
        synchronized (bell) {
            rung = true;
            bell.notifyAll();
        }
    }
}
