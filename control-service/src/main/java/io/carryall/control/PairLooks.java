package io.carryall.control;

import io.carryall.control.PairWatch.Ended;
import io.carryall.control.result.PairResult;
import io.carryall.control.result.PairResult.Details;
import io.carryall.control.result.PairResult.Problem;
import io.carryall.core.fold.FolderCounts;
import io.carryall.core.fold.PairEnd;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.migration.MigrationSpec;
import io.carryall.core.migration.MigrationSpec.FlagsPolicy;
import io.carryall.core.port.LedgerException;
import io.carryall.core.port.Passes.PassPair;
import io.carryall.core.record.PipelineRecord.Outcome;
import io.carryall.core.record.PipelineRecord.ScanEnd;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.jboss.logging.Logger;

/**
 * Looks into the ledger whether pairs of a pass are through, and ends those that are ({@link PairEnd} decides); publishes again what was lost of pairs that stay quiet. The driver's thread says when it is time and does not wait;
 * the looks run in a pool that drivers share. {@link #heard} is for any thread.
 */
final class PairLooks {
    private static final Logger LOG = Logger.getLogger(PairLooks.class);
    /** Pairs of which is read together that nothing changed in them. */
    private static final int TOGETHER_MAX = 64;
    private static final long TOGETHER_MILLIS = 50;
    /** How long an interrupted pass may take to look at what it leaves behind. */
    private static final long LAST_LOOK_MILLIS = 4_000;

    private final ControlParts parts;
    private final PassId pass;
    private final boolean flags;
    private final PairRows rows;
    private final PairFold fold;
    private final OpenPages openPages;
    private final WatchedPairs pairs;
    private final BooleanSupplier goesOn;
    private final Runnable news;

    /** Looks have begun at these, and go on together soon. Only for the driver's thread, as is the next field. */
    private final List<PairWatch> first = new ArrayList<>();
    private long togetherAtMillis = Long.MIN_VALUE;
    private final ConcurrentLinkedQueue<PairWatch> woken = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean sweeping = new AtomicBoolean();
    private volatile long heardMillis;

    /**
     * @param spec   as the pass keeps it
     * @param goesOn whether the pass does: else no pair comes to its end any more
     * @param news   run when it is worth the driver's while to come back at once
     */
    PairLooks(ControlParts parts, PassId pass, MigrationSpec spec, WatchedPairs pairs, BooleanSupplier goesOn, Runnable news) {
        this.parts = parts;
        this.pass = pass;
        this.flags = spec.flags() == FlagsPolicy.FOLLOW;
        this.rows = new PairRows(parts.ledger(), pass);
        this.fold = new PairFold(parts.ledger(), pass, spec.filter().onItems(), flags, parts.settings().failuresMax(), parts.folds());
        this.openPages = new OpenPages(parts, pass);
        this.pairs = pairs;
        this.goesOn = goesOn;
        this.news = news;
        this.heardMillis = parts.clock().monotonicMillis();
    }

    /** What an outcome says is only believed as far as that a look is worth its while. */
    void heard(Outcome outcome) {
        PairWatch watch = pairs.get(outcome.pair());
        heardMillis = parts.clock().monotonicMillis();
        if (watch != null && watch.heard(outcome, heardMillis)) {
            woken.add(watch);
            news.run();
        }
    }

    // ---- the driver's thread

    /** At those that were heard of, at once: a pass of 50,000 pairs is not walked over for each of them. */
    void lookAtWoken(long now) {
        for (PairWatch watch = woken.poll(); watch != null; watch = woken.poll()) {
            lookIfDue(watch, now);
        }
        if (now >= togetherAtMillis && !first.isEmpty()) {
            togetherAtMillis = now + TOGETHER_MILLIS;
            List<PairWatch> due = List.copyOf(first);
            first.clear();
            for (int from = 0; from < due.size(); from += TOGETHER_MAX) {
                lookTogether(due.subList(from, Math.min(due.size(), from + TOGETHER_MAX)));
            }
        }
    }

    void lookIfDue(PairWatch watch, long now) {
        boolean isDue = watch.beginLook(now);
        if (isDue && watch.isFirst()) {
            first.add(watch);
        } else if (isDue) {
            look(watch);
        }
    }

    private void lookTogether(List<PairWatch> some) {
        // At once; where the look failed, all of them.
        List<PairWatch> again = new ArrayList<>(some);
        inPool(some.size() + " pairs cannot be looked at now", () -> again.retainAll(lookTogetherNow(some)), tookMillis -> {
            some.forEach(watch -> endLook(watch, again.contains(watch) ? 0 : tookMillis));
            again.forEach(PairWatch::wake);
            woken.addAll(again);
        });
    }

    private void look(PairWatch watch) {
        inPool("pair " + watch.pair().pair() + " cannot be looked at now", () -> lookNow(watch), tookMillis -> endLook(watch, tookMillis));
    }

    private void endLook(PairWatch watch, long tookMillis) {
        watch.endLook(parts.clock().monotonicMillis(), tookMillis, pairs.idleMillis());
    }

    /** One pair at a time: a sweep is for what was lost, and that can wait. */
    void sweepIfDue(PairWatch watch, long now) {
        if (!sweeping.get() && watch.beginSweep(now)) {
            sweeping.set(true);
            inPool("pair " + watch.pair().pair() + " cannot be swept now", () -> sweepNow(watch), tookMillis -> sweeping.set(false));
        }
    }

    /** What fails there has its turn again as if it had taken no time: it holds the pass up, and does not end it. */
    private void inPool(String failed, Runnable work, LongConsumer afterMillis) {
        try {
            parts.looks().execute(() -> {
                long began = parts.clock().monotonicMillis();
                long tookMillis = 0;
                try {
                    work.run();
                    tookMillis = parts.clock().monotonicMillis() - began;
                } catch (LedgerException e) {
                    LOG.warnf("pass %s: %s: %s", pass, failed, e.getMessage());
                } catch (RuntimeException e) {
                    LOG.errorf(e, "pass %s: %s", pass, failed);
                } finally {
                    afterMillis.accept(tookMillis);
                    news.run();
                }
            });
        } catch (RejectedExecutionException e) {
            afterMillis.accept(0);
        }
    }

    /** Folds what the pass leaves behind, for the result; what is not folded in time is told from outcomes. */
    void lastLooks(String state) throws InterruptedException {
        long deadline = parts.clock().monotonicMillis() + LAST_LOOK_MILLIS;
        List<PairWatch> left = pairs.all().stream().filter(watch -> watch.ended() == null).toList();
        parts.allUntil(left, deadline, watch -> {
            Folded folded = fold.of(watch.pair(), rows.newestScan(watch).orElse(null), false);
            if (watch.ended() == null) {
                pairs.keep(watch, new Ended(state, null, folded.counts()), PairResult.of(watch.pair(), state, null, folded.counts(), folded.details()));
            }
        });
    }

    // ---- the pool

    /**
     * Those in which nothing changed are done with, and those of which no scan has ended go on being looked at together.
     *
     * @return the others, which are looked at on their own from then on
     */
    private List<PairWatch> lookTogetherNow(List<PairWatch> some) {
        Map<PairId, PairEnd> ends = goesOn.getAsBoolean() ? rows.firstEnds(some.stream().map(PairWatch::pair).toList()) : Map.of();
        List<PairWatch> others = new ArrayList<>();
        for (PairWatch watch : some) {
            PairEnd end = ends.get(watch.pair().pair());
            if (end instanceof PairEnd.Stood stood) {
                stood(watch, stood.scan());
            } else if (!(end instanceof PairEnd.Running)) {
                watch.mayHaveChanged();
                others.add(watch);
            }
        }
        return others;
    }

    private void lookNow(PairWatch watch) {
        PairEnd end = goesOn.getAsBoolean() ? rows.end(watch) : new PairEnd.Running();
        if (end instanceof PairEnd.Stood stood && watch.beside() == null) {
            stood(watch, stood.scan());
        } else if (end instanceof PairEnd.Stood stood) {
            end(watch, stood.scan(), null);
        } else if (end instanceof PairEnd.Settled settled) {
            end(watch, settled.scan(), null);
        } else if (end instanceof PairEnd.Failed failed) {
            end(watch, failed.scan(), new Problem(failed.reason().word(), failed.detail()));
        } else if (end instanceof PairEnd.SetAside aside && !isTriedAgain(watch, aside)) {
            end(watch, aside.scan(), new Problem(aside.reason().word(), aside.detail()));
        }
    }

    private boolean isTriedAgain(PairWatch watch, PairEnd.SetAside aside) {
        if (aside.awaitsThePass()) {
            watch.sweepSoon(parts.clock().monotonicMillis());
            return true;
        }
        return aside.hasSecondChance(watch.takeSecondChance()) && openPages.publishParkedDue(watch.pair(), aside.scan()) > 0;
    }

    private void sweepNow(PairWatch watch) {
        Optional<ScanEnd> scan = rows.newestScan(watch);
        if (scan.isPresent() && (scan.get().failure() != null || rows.isWhole(watch.pair(), scan.get()))) {
            int pages = openPages.publishDue(watch.pair(), scan.get());
            LOG.debugf("pass %s: nothing was heard of a pair, %d open pages of it are published again", pass, pages);
        } else if (parts.clock().monotonicMillis() - heardMillis >= parts.settings().sweepMillis()) {
            // Nobody scans or registers anything at all: then what they were asked, or what they found, is lost.
            LOG.infof("pass %s: nothing was heard for a while, a pair is scanned again", pass);
            watch.notRequested();
        }
    }

    /** That it ended, and how, its scan has written down. */
    private void stood(PairWatch watch, ScanEnd scan) {
        PairResult result = PairEnds.stood(watch.pair(), scan, flags);
        FolderCounts counts = new FolderCounts(result.counts().found(), 0, result.counts().alreadyThere(), result.counts().excluded(), 0, 0, 0);
        ended(watch, new Ended(result.state(), null, counts), result, 0);
    }

    private void end(PairWatch watch, ScanEnd scan, Problem problem) {
        PassPair pair = watch.pair();
        Folded folded = parts.metrics().fold(() -> fold.of(pair, scan, problem == null));
        PairResult result = PairResult.of(pair, problem == null ? "finished" : "failed", problem, folded.counts(), told(watch, folded.details()));
        parts.ledger().passes().pairEnded(pass, pair.pair(), parts.results().write(result));
        if (problem == null) {
            parts.ledger().pairs().completed(pair.pair(), pair.generation(), pass);
        }
        parts.ledger().folders().putWatermarks(pair.pair(), pair.generation(), folded.watermarks());
        if (folded.breaches() > 0) {
            LOG.errorf("pass %s: the counts of pair %s do not add up: see the warnings law-broken in its result", pass, pair.pair());
        }
        ended(watch, new Ended(result.state(), problem, folded.counts()), result, folded.breaches());
    }

    /** Counted last: the pass ends when the last pair is. */
    private void ended(PairWatch watch, Ended how, PairResult result, int breaches) {
        pairs.keep(watch, how, result);
        parts.metrics().pairEnded(result.state(), breaches);
        parts.queue().publish(new Outcome(pass, watch.pair().pair(), null, "record", "pair-end", how.counts().migrated(), how.counts().bytes(), how.error() == null ? null : how.error().reason()));
        pairs.countEnded();
    }

    /** With a word on the other pass that had the pair at the same time. */
    private static Details told(PairWatch watch, Details details) {
        PassId other = watch.beside();
        if (other == null) {
            return details;
        }
        List<PairResult.Warning> warnings = new ArrayList<>(details.warnings());
        warnings.add(new PairResult.Warning("", 0, "also-running", "pass " + other.number() + " of " + other.migration() + " was running on this mailbox at the same time: what either of them copied counts as already there for the other"));
        return new Details(details.folders(), details.failures(), warnings, details.excluded());
    }
}
