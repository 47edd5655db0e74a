package io.carryall.control;

import io.carryall.core.item.PassId;
import io.carryall.core.migration.MailboxPair;
import io.carryall.core.migration.MigrationSpec;
import io.carryall.core.port.Clock;
import io.carryall.core.port.Ledger;
import io.carryall.core.port.Passes.Pass;
import io.carryall.core.port.Passes.PassState;
import io.carryall.core.port.Queue;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Migrations and their passes, as the REST protocol offers them. Thread-safe. Methods block while the ledger answers; {@link #start} for as long as a dead driver's lease takes to run out, too.
 */
public final class Control implements AutoCloseable {
    private static final long STOP_WAIT_MILLIS = 10_000;
    private static final long FOLLOWER_LOOK_MILLIS = 100;
    private static final int DRY_RUNS_MAX = 50;
    private static final int FOLDS_AT_ONCE_MAX = 4;

    private final ControlParts parts;
    private final Drivers drivers;
    private final DryRuns dryRuns;
    private final OutcomeListener outcomes;
    private final Followers followers;

    /** @param sources how dry runs get into source mailboxes */
    public Control(Ledger ledger, Queue queue, Clock clock, SourceLogins sources, MeterRegistry registry, ControlSettings settings) {
        AtomicInteger numbers = new AtomicInteger();
        this.parts = new ControlParts(ledger, queue, clock, settings, new ControlMetrics(registry), new ResultJson(),
                Executors.newFixedThreadPool(settings.looksAtOnceMax(), work -> daemon(work, "carryall-look-" + numbers.incrementAndGet())),
                Executors.newFixedThreadPool(settings.namesAtOnceMax(), work -> daemon(work, "carryall-name-" + numbers.incrementAndGet())),
                new ThreadPoolExecutor(0, FOLDS_AT_ONCE_MAX, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> daemon(work, "carryall-fold-" + numbers.incrementAndGet()), (work, pool) -> work.run()));
        this.drivers = new Drivers(parts);
        this.dryRuns = new DryRuns(parts, sources, DRY_RUNS_MAX);
        this.outcomes = new OutcomeListener(queue, drivers::heard);
        this.followers = new Followers(clock);
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Starts the next pass of the migration, or goes on with the one that did not come to its end.
     *
     * @param mailboxes source addresses; empty: every pair of the list
     */
    public Started start(MigrationSpec spec, List<String> mailboxes, boolean dryRun) throws InterruptedException {
        return start(spec, mailboxes, dryRun, Drivers.Wish.RUN);
    }

    /** The same, and first takes into the ledger what of these pairs is on the target already. A pass that was not to do so when it began does not do it half-way. */
    public Started startAdopting(MigrationSpec spec, List<String> mailboxes) throws InterruptedException {
        return start(spec, mailboxes, false, Drivers.Wish.ADOPT);
    }

    /** Goes on with the newest pass of the migration where it did not come to its end; begins none. */
    public Started resume(MigrationSpec spec) throws InterruptedException {
        Optional<Pass> newest = parts.ledger().passes().newest(spec.migration());
        return newest.isEmpty() || newest.get().state() == PassState.ENDED ? Drivers.nothingToResume(newest) : start(spec, List.of(), false, Drivers.Wish.RESUME);
    }

    private Started start(MigrationSpec spec, List<String> mailboxes, boolean dryRun, Drivers.Wish wish) throws InterruptedException {
        List<String> errors = new ArrayList<>();
        MigrationSpec part = part(spec, mailboxes, errors);
        if (!errors.isEmpty()) {
            return new Started.Wrong(errors);
        }
        return dryRun ? dryRuns.start(part, spec) : drivers.start(part, spec, wish);
    }

    /** Commands that follow a migration. */
    public Followers followers() {
        return followers;
    }

    /** What operators do to pairs between passes. */
    public Operator operator() {
        return new Operator(parts, drivers);
    }

    /** The journal as a file. */
    public Journal journal() {
        return new Journal(parts, drivers);
    }

    /** @throws IllegalArgumentException if one of the mailboxes is not in the list */
    static MigrationSpec part(MigrationSpec spec, List<String> mailboxes) {
        List<String> errors = new ArrayList<>();
        MigrationSpec part = part(spec, mailboxes, errors);
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", errors));
        }
        return part;
    }

    private static MigrationSpec part(MigrationSpec spec, List<String> mailboxes, List<String> errors) {
        if (spec.migration().isEmpty() || spec.migration().indexOf('#') >= 0) {
            errors.add("a migration's name is not empty and holds no '#'");
        }
        if (spec.mailboxes().isEmpty()) {
            errors.add("the list of mailboxes is empty");
        }
        if (mailboxes.isEmpty()) {
            return spec;
        }
        Set<String> wanted = new HashSet<>();
        mailboxes.forEach(mailbox -> wanted.add(mailbox.toLowerCase(Locale.ROOT)));
        List<MailboxPair> part = spec.mailboxes().stream().filter(pair -> wanted.contains(pair.source().toLowerCase(Locale.ROOT))).toList();
        part.forEach(pair -> wanted.remove(pair.source().toLowerCase(Locale.ROOT)));
        wanted.forEach(mailbox -> errors.add("no mailbox of the list has the source address " + mailbox));
        return spec.withMailboxes(part);
    }

    /** The pass, or the dry run that goes under its number; empty where there is neither. */
    public Optional<Told> pass(PassId id) {
        return view(id).map(view -> new Told(view, parts));
    }

    private Optional<PassView> view(PassId id) {
        Optional<PassDriver> driver = drivers.of(id);
        if (driver.isPresent()) {
            return Optional.of(driver.get().view());
        }
        Optional<PassView> stored = parts.ledger().passes().get(id).map(pass -> new StoredPass(parts.ledger(), parts.results(), pass));
        return stored.isPresent() ? stored : dryRuns.view(id);
    }

    /** The newest pass of the migration. */
    public Optional<Told> newest(String migration) {
        return parts.ledger().passes().newest(migration).flatMap(pass -> pass(pass.id()));
    }

    /** Every migration that the ledger knows, by name. */
    public Set<String> migrations() {
        return new TreeSet<>(parts.ledger().passes().migrations());
    }

    /** Stops a pass so that it can be resumed, and returns when that is recorded. Empty where there is no such pass. */
    public Optional<Told> interrupt(PassId id) throws InterruptedException {
        return stop(id, PassState.INTERRUPTED);
    }

    /** Stops the newest pass of the migration until somebody resumes it, and returns when that is recorded. Who follows the migration stops following: where it is between two passes, there is nothing to be resumed. */
    public Paused pause(String migration) throws InterruptedException {
        boolean followed = followers.askToStop(migration);
        Paused paused = pauseNewest(migration);
        long deadline = parts.clock().monotonicMillis() + STOP_WAIT_MILLIS;
        // A follower may begin a pass before it hears that it is to stop.
        while (followed && paused instanceof Paused.Nothing && followers.askToStop(migration) && parts.clock().monotonicMillis() < deadline) {
            Thread.sleep(FOLLOWER_LOOK_MILLIS);
            paused = pauseNewest(migration);
        }
        Optional<Told> newest = followed && paused instanceof Paused.Nothing ? newest(migration) : Optional.empty();
        return newest.isPresent() ? new Paused.Pass(newest.get()) : paused;
    }

    private Paused pauseNewest(String migration) throws InterruptedException {
        Optional<Pass> newest = parts.ledger().passes().newest(migration);
        if (newest.isEmpty()) {
            return new Paused.Nothing("no pass of " + migration + " has run yet");
        }
        PassId id = newest.get().id();
        if (newest.get().state() == PassState.RUNNING) {
            stop(id, PassState.PAUSED);
        } else if (newest.get().state() == PassState.INTERRUPTED) {
            parts.ledger().passes().move(id, PassState.INTERRUPTED, PassState.PAUSED);
        }
        PassState now = parts.ledger().passes().get(id).orElseThrow().state();
        return now == PassState.PAUSED ? new Paused.Pass(pass(id).orElseThrow()) : new Paused.Nothing("pass " + id.number() + " of " + migration + " is over: there is nothing to pause");
    }

    /** What came of asking for a pause. */
    public sealed interface Paused {
        /** @param told its state is paused; where a follower stopped between two passes, that of the last one */
        record Pass(Told told) implements Paused {}

        record Nothing(String detail) implements Paused {}
    }

    private Optional<Told> stop(PassId id, PassState state) throws InterruptedException {
        Optional<PassDriver> driver = drivers.of(id).filter(its -> !its.view().isOver());
        if (driver.isPresent()) {
            driver.get().stop(state, STOP_WAIT_MILLIS);
        } else if (!dryRuns.stop(id)) {
            parts.ledger().passes().move(id, PassState.RUNNING, state);
        }
        return pass(id);
    }

    /** Stops driving. The embedded stack leaves its passes interrupted, an installed one leaves them running, for another control-service to go on with. */
    @Override
    public void close() {
        drivers.close(STOP_WAIT_MILLIS);
        outcomes.close();
        parts.looks().shutdownNow();
        parts.names().shutdownNow();
    }

    /** A pass that can be told of. */
    public static final class Told {
        private final PassView view;
        private final ControlParts parts;

        private Told(PassView view, ControlParts parts) {
            this.view = view;
            this.parts = parts;
        }

        /** Waits until something is new since that revision, the pass is over, or the time is up. */
        public Told awaitNewerThan(long revision, long waitMillis) throws InterruptedException {
            if (!view.told().isOver()) {
                view.await(revision, waitMillis);
            }
            return this;
        }

        /** The state, the rates, and the result as {@code run --json} prints it. */
        public void write(OutputStream out) throws IOException {
            parts.results().write(view, parts.settings().pairsShownMax(), out);
        }

        /** The result alone. */
        public void writeResult(OutputStream out) throws IOException {
            parts.results().writeResult(view, parts.settings().pairsShownMax(), out);
        }

        /** The result without its pairs, ready to be written as JSON. */
        public Map<String, Object> head() {
            PassTold told = view.told();
            Map<String, Object> head = ResultJson.head(told);
            head.put("pairsTotal", told.pairs());
            head.put("pairsEnded", told.pairsEnded());
            return head;
        }
    }
}
