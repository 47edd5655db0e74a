package io.carryall.control;

import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.migration.MailboxPair;
import io.carryall.core.migration.MigrationSpec;
import io.carryall.core.migration.SpecChanges;
import io.carryall.core.port.Clock;
import io.carryall.core.port.Leases.Lease;
import io.carryall.core.port.Ledger;
import io.carryall.core.port.LedgerException;
import io.carryall.core.port.Passes.Pass;
import io.carryall.core.port.Passes.PassState;
import io.carryall.core.port.Queue;
import io.carryall.core.record.PipelineRecord.Outcome;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * Migrations and their passes, as the REST protocol offers them. Thread-safe. Methods block while the ledger answers; {@link #start} for as long as a dead driver's lease takes to run out, too.
 */
public final class Control implements AutoCloseable {
    private static final long STOP_WAIT_MILLIS = 10_000;
    private static final long FOLLOWER_LOOK_MILLIS = 100;
    private static final int DRY_RUNS_MAX = 50;
    private static final int FOLDS_AT_ONCE_MAX = 4;
    private static final long IMPORT_LOOK_MILLIS = 500;
    private static final Logger LOG = Logger.getLogger(Control.class);

    private final ControlParts parts;
    private final Holder holder;
    private final KeptSpec kept = new KeptSpec();
    private final DryRuns dryRuns;
    private final OutcomeListener outcomes;
    private final Followers followers;
    private final Map<String, PassDriver> drivers = new ConcurrentHashMap<>();
    private final Map<String, Object> starting = new ConcurrentHashMap<>();
    private final ScheduledExecutorService adoptions = Executors.newSingleThreadScheduledExecutor(work -> daemon(work, "carryall-adopt"));

    /** @param sources how dry runs get into source mailboxes */
    public Control(Ledger ledger, Queue queue, Clock clock, SourceLogins sources, MeterRegistry registry, ControlSettings settings) {
        AtomicInteger numbers = new AtomicInteger();
        this.parts = new ControlParts(ledger, queue, clock, settings, new ControlMetrics(registry), new ResultJson(),
                Executors.newFixedThreadPool(settings.looksAtOnceMax(), work -> daemon(work, "carryall-look-" + numbers.incrementAndGet())),
                Executors.newFixedThreadPool(settings.namesAtOnceMax(), work -> daemon(work, "carryall-name-" + numbers.incrementAndGet())),
                new ThreadPoolExecutor(0, FOLDS_AT_ONCE_MAX, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> daemon(work, "carryall-fold-" + numbers.incrementAndGet()), (work, pool) -> work.run()));
        this.holder = Holder.thisProcess(settings.sameMachine());
        this.dryRuns = new DryRuns(parts, sources, DRY_RUNS_MAX);
        this.outcomes = new OutcomeListener(queue, this::heard);
        this.followers = new Followers(clock);
        if (!settings.sameMachine()) {
            adoptions.scheduleWithFixedDelay(this::adopt, settings.leaseMillis(), settings.leaseMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    private void heard(Outcome outcome) {
        PassDriver driver = drivers.get(outcome.pass().migration());
        if (driver != null && driver.pass().equals(outcome.pass())) {
            driver.heard(outcome);
        }
    }

    /**
     * Starts the next pass of the migration, or goes on with the one that did not come to its end.
     *
     * @param mailboxes source addresses; empty: every pair of the list
     */
    public Started start(MigrationSpec spec, List<String> mailboxes, boolean dryRun) throws InterruptedException {
        return start(spec, mailboxes, dryRun, Wish.RUN);
    }

    /** The same, and first takes into the ledger what of these pairs is on the target already. A pass that was not to do so when it began does not do it half-way. */
    public Started startAdopting(MigrationSpec spec, List<String> mailboxes) throws InterruptedException {
        return start(spec, mailboxes, false, Wish.ADOPT);
    }

    private enum Wish { RUN, RESUME, ADOPT }

    /** Goes on with the newest pass of the migration where it did not come to its end; begins none. */
    public Started resume(MigrationSpec spec) throws InterruptedException {
        Optional<Pass> newest = parts.ledger().passes().newest(spec.migration());
        return newest.isEmpty() || newest.get().state() == PassState.ENDED ? new Started.NothingToResume(nothingToResume(newest)) : start(spec, List.of(), false, Wish.RESUME);
    }

    private static String nothingToResume(Optional<Pass> newest) {
        return newest.map(pass -> "pass " + pass.id().number() + " of " + pass.id().migration() + " has come to its end").orElse("no pass has run yet") + ": there is nothing to resume, run begins the next pass";
    }

    private Started start(MigrationSpec spec, List<String> mailboxes, boolean dryRun, Wish wish) throws InterruptedException {
        List<String> errors = new ArrayList<>();
        MigrationSpec part = part(spec, mailboxes, errors);
        if (!errors.isEmpty()) {
            return new Started.Wrong(errors);
        }
        if (dryRun) {
            return dryRuns.start(part, spec);
        }
        if (importBroke()) {
            return new Started.Wrong(List.of("the import of a journal broke off, and what it did not bring would be copied again: import the file again first (ledger import)"));
        }
        synchronized (starting.computeIfAbsent(spec.migration(), name -> new Object())) {
            if (isDriven(spec.migration())) {
                return new Started.Running(runningDetail(spec.migration()));
            }
            Optional<PassLease> lease = PassLease.take(parts.ledger().leases(), spec.migration(), holder, parts.clock(), parts.settings().leaseMillis());
            return lease.isEmpty() ? new Started.Running(runningDetail(spec.migration())) : start(part, spec, lease.get(), wish);
        }
    }

    /** Goes on with passes whose control-service has died or was replaced. The embedded stack leaves that to the next command, which brings the secrets. */
    private void adopt() {
        try {
            for (String migration : parts.ledger().passes().migrations()) {
                Optional<Pass> pass = parts.ledger().passes().newest(migration).filter(newest -> newest.state() == PassState.RUNNING);
                if (pass.isPresent() && !isDriven(migration)) {
                    adopt(pass.get());
                }
            }
        } catch (LedgerException e) {
            LOG.debugf("passes without a driver cannot be looked for now: %s", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("looking for passes without a driver failed", e);
        }
    }

    private void adopt(Pass pass) throws InterruptedException {
        synchronized (starting.computeIfAbsent(pass.id().migration(), name -> new Object())) {
            if (isDriven(pass.id().migration())) {
                return;
            }
            Optional<PassLease> lease = PassLease.take(parts.ledger().leases(), pass.id().migration(), holder, parts.clock(), parts.settings().leaseMillis());
            if (lease.isEmpty()) {
                return;
            }
            if (parts.ledger().passes().newest(pass.id().migration()).filter(newest -> newest.id().equals(pass.id()) && newest.state() == PassState.RUNNING).isEmpty()) {
                lease.get().release();
                return;
            }
            if (pairsOf(pass) < kept.pairs(pass.spec())) {
                LOG.warnf("pass %s has no driver, and the one it had ended before it had written down every pair: it is interrupted, the next run brings the list", pass.id());
                parts.ledger().passes().move(pass.id(), PassState.RUNNING, PassState.INTERRUPTED);
                lease.get().release();
                return;
            }
            LOG.infof("pass %s has no driver: going on with it", pass.id());
            MigrationSpec spec = kept.read(pass.spec());
            drive(new PassDriver(parts, pass, spec, spec, PassState.RUNNING, lease.get(), this::awaitNoImport));
        }
    }

    private int pairsOf(Pass pass) {
        int[] pairs = new int[1];
        parts.ledger().passes().forEachPair(pass.id(), pair -> pairs[0]++);
        return pairs[0];
    }

    /**
     * Every migration whose newest pass has the pair and has not come to its end, or may have it: one whose pairs are not all written down.
     */
    Set<String> concerned(PairId pair) {
        Set<String> names = new TreeSet<>();
        for (String migration : parts.ledger().passes().migrations()) {
            Optional<Pass> pass = parts.ledger().passes().newest(migration).filter(newest -> newest.state() != PassState.ENDED);
            if (pass.isPresent() && (parts.ledger().passes().pair(pass.get().id(), pair).isPresent() || isBeingSetUp(pass.get()))) {
                names.add(migration);
            }
        }
        return names;
    }

    /** Not all of its pairs are written down: it may have any. */
    boolean isBeingSetUp(Pass pass) {
        return pass.state() == PassState.RUNNING && pairsOf(pass) < kept.pairs(pass.spec());
    }

    private boolean isDriven(String migration) {
        PassDriver driver = drivers.get(migration);
        return driver != null && !driver.view().isOver();
    }

    private Started start(MigrationSpec asked, MigrationSpec whole, PassLease lease, Wish wish) {
        try {
            Optional<Pass> newest = parts.ledger().passes().newest(asked.migration());
            boolean resumed = newest.isPresent() && newest.get().state() != PassState.ENDED;
            if (wish == Wish.RESUME && !resumed) {
                lease.release();
                return new Started.NothingToResume(nothingToResume(newest));
            }
            if (wish == Wish.ADOPT && resumed && !kept.adopts(newest.get().spec())) {
                lease.release();
                return new Started.Wrong(List.of("pass " + newest.get().id().number() + " of " + asked.migration() + " has not come to its end, and began without --adopt: run goes on with it, run --adopt can follow"));
            }
            Pass pass = resumed ? resume(newest.get()) : create(asked, whole, wish == Wish.ADOPT, newest);
            MigrationSpec spec = kept.read(pass.spec());
            drive(new PassDriver(parts, pass, spec, asked, resumed ? newest.get().state() : null, lease, this::awaitNoImport));
            return new Started.Pass(pass.id(), pass.full(), resumed, resumed ? SpecChanges.between(spec, whole) : kept.history(pass.spec()).changes());
        } catch (RuntimeException e) {
            lease.release();
            throw e;
        }
    }

    private Pass resume(Pass pass) {
        boolean moved = pass.state() == PassState.RUNNING || parts.ledger().passes().move(pass.id(), pass.state(), PassState.RUNNING);
        if (!moved) {
            throw new IllegalStateException("pass " + pass.id() + " was " + pass.state() + " and is something else now, though we hold its lease");
        }
        return new Pass(pass.id(), PassState.RUNNING, pass.spec(), pass.full(), pass.startedAt());
    }

    private Pass create(MigrationSpec asked, MigrationSpec whole, boolean adopt, Optional<Pass> last) {
        PassId id = new PassId(asked.migration(), last.map(pass -> pass.id().number()).orElse(0) + 1);
        KeptSpec.History history = new Changes(parts.ledger().passes(), kept).since(last, id.number(), whole, asked.mailboxes().size() == whole.mailboxes().size());
        parts.ledger().passes().create(id, kept.write(asked, adopt, history), id.number() == 1, parts.clock().wall());
        return parts.ledger().passes().get(id).orElseThrow();
    }

    /**
     * A pass that begins while a journal is taken in would not see what is still to come: it waits. The pass was written down before it looks, and an import looks for passes after it has its lease, so one of them sees the other.
     * Where an import broke off, it waits for the next one.
     */
    private void awaitNoImport(BooleanSupplier pointless) throws InterruptedException {
        boolean told = false;
        while (!pointless.getAsBoolean() && !parts.ledger().leases().read(JournalImport.LEASE).map(Lease::isFree).orElse(true)) {
            if (!told) {
                told = true;
                LOG.warn("a journal is being imported, or an import broke off: the pass waits for its end");
            }
            Thread.sleep(IMPORT_LOOK_MILLIS);
        }
    }

    private boolean importBroke() throws InterruptedException {
        return PassLease.look(parts.ledger().leases(), JournalImport.LEASE, holder, parts.clock(), parts.settings().leaseMillis()) == PassLease.Standing.LEFT;
    }

    private void drive(PassDriver driver) {
        drivers.put(driver.pass().migration(), driver);
        parts.thread("carryall-pass-" + driver.pass(), driver::run).start();
    }

    /** Commands that follow a migration. */
    public Followers followers() {
        return followers;
    }

    /** What operators do to pairs between passes. */
    public Operator operator() {
        return new Operator(parts, this);
    }

    /** The journal as a file. */
    public Journal journal() {
        return new Journal(parts, this, holder);
    }

    /** @throws IllegalArgumentException if one of the mailboxes is not in the list */
    MigrationSpec part(MigrationSpec spec, List<String> mailboxes) {
        List<String> errors = new ArrayList<>();
        MigrationSpec part = part(spec, mailboxes, errors);
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", errors));
        }
        return part;
    }

    /** Something to be done while nobody drives a pass. It is given what keeps that so, to be called every few seconds. */
    interface Still<T> {
        T run(Runnable keep);
    }

    /** Does it while nobody drives a pass of these migrations, here or elsewhere. Empty where somebody does. */
    <T> Optional<T> whileStill(Collection<String> migrations, Still<T> work) throws InterruptedException {
        return whileStill(List.copyOf(new TreeSet<>(migrations)), new ArrayList<>(), work);
    }

    /** In the order of names, so that two who want the same ones do not wait for each other. */
    private <T> Optional<T> whileStill(List<String> migrations, List<PassLease> held, Still<T> work) throws InterruptedException {
        if (held.size() == migrations.size()) {
            return Optional.of(work.run(() -> held.forEach(PassLease::renew)));
        }
        String migration = migrations.get(held.size());
        synchronized (starting.computeIfAbsent(migration, name -> new Object())) {
            Optional<PassLease> lease = isDriven(migration) ? Optional.empty() : PassLease.take(parts.ledger().leases(), migration, holder, parts.clock(), parts.settings().leaseMillis());
            if (lease.isEmpty()) {
                return Optional.empty();
            }
            held.add(lease.get());
            try {
                return whileStill(migrations, held, work);
            } finally {
                lease.get().release();
            }
        }
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

    String runningDetail(String migration) {
        return parts.ledger().passes().newest(migration)
                .map(pass -> "pass " + pass.id().number() + " of " + migration + " is running since " + pass.startedAt().truncatedTo(ChronoUnit.SECONDS))
                .orElse("another run of " + migration + " has just begun");
    }

    /** The pass, or the dry run that goes under its number; empty where there is neither. */
    public Optional<Told> pass(PassId id) {
        return view(id).map(view -> new Told(view, parts));
    }

    private Optional<PassView> view(PassId id) {
        PassDriver driver = drivers.get(id.migration());
        if (driver != null && driver.pass().equals(id)) {
            return Optional.of(driver.view());
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
        PassDriver driver = drivers.get(id.migration());
        if (driver != null && driver.pass().equals(id) && !driver.view().isOver()) {
            driver.stop(state, STOP_WAIT_MILLIS);
        } else if (!dryRuns.stop(id)) {
            parts.ledger().passes().move(id, PassState.RUNNING, state);
        }
        return pass(id);
    }

    /** Stops driving. The embedded stack leaves its passes interrupted, an installed one leaves them running, for another control-service to go on with. */
    @Override
    public void close() {
        adoptions.shutdownNow();
        for (PassDriver driver : drivers.values()) {
            driver.leave(parts.settings().sameMachine() ? PassState.INTERRUPTED : null);
        }
        try {
            for (PassDriver driver : drivers.values()) {
                driver.view().awaitOver(STOP_WAIT_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
