package io.carryall.control;

import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.migration.MigrationSpec;
import io.carryall.core.migration.SpecChanges;
import io.carryall.core.port.Leases.Lease;
import io.carryall.core.port.LedgerException;
import io.carryall.core.port.Passes.Pass;
import io.carryall.core.port.Passes.PassState;
import io.carryall.core.record.PipelineRecord.Outcome;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * The drivers of passes in this control-service: one a migration, under a lease ({@link PassLease}), which also keeps passes away from what must not happen beside them ({@link #whileStill}). Goes on with passes that another
 * control-service left, by a thread of its own. Thread-safe.
 */
final class Drivers {
    private static final Logger LOG = Logger.getLogger(Drivers.class);
    private static final long IMPORT_LOOK_MILLIS = 500;

    private final ControlParts parts;
    private final Holder holder;
    private final KeptSpec kept = new KeptSpec();
    private final Map<String, PassDriver> drivers = new ConcurrentHashMap<>();
    private final Map<String, Object> starting = new ConcurrentHashMap<>();
    private final ScheduledExecutorService adoptions;

    /** What somebody wants who starts a pass. ADOPT: what is on the target already is taken into the ledger first. */
    enum Wish { RUN, RESUME, ADOPT }

    Drivers(ControlParts parts) {
        this.parts = parts;
        this.holder = Holder.thisProcess(parts.settings().sameMachine());
        this.adoptions = Executors.newSingleThreadScheduledExecutor(work -> parts.thread("carryall-adopt", work));
        if (!parts.settings().sameMachine()) {
            adoptions.scheduleWithFixedDelay(this::adopt, parts.settings().leaseMillis(), parts.settings().leaseMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Who drives here, as leases name it. */
    Holder holder() {
        return holder;
    }

    /** The driver of this pass, also when it is through; empty where another one drove it. */
    Optional<PassDriver> of(PassId pass) {
        return Optional.ofNullable(drivers.get(pass.migration())).filter(driver -> driver.pass().equals(pass));
    }

    private boolean isDriven(String migration) {
        PassDriver driver = drivers.get(migration);
        return driver != null && !driver.view().isOver();
    }

    void heard(Outcome outcome) {
        of(outcome.pass()).ifPresent(driver -> driver.heard(outcome));
    }

    private Optional<PassLease> take(String migration) throws InterruptedException {
        return PassLease.take(parts.ledger().leases(), migration, holder, parts.clock(), parts.settings().leaseMillis());
    }

    // ---- passes begin and go on

    /**
     * @param asked the migration with the pairs that are asked for
     * @param whole over its whole list
     */
    Started start(MigrationSpec asked, MigrationSpec whole, Wish wish) throws InterruptedException {
        if (importBroke()) {
            return new Started.Wrong(List.of("the import of a journal broke off, and what it did not bring would be copied again: import the file again first (ledger import)"));
        }
        synchronized (starting.computeIfAbsent(asked.migration(), name -> new Object())) {
            Optional<PassLease> lease = isDriven(asked.migration()) ? Optional.empty() : take(asked.migration());
            return lease.isEmpty() ? new Started.Running(runningDetail(asked.migration())) : start(asked, whole, lease.get(), wish);
        }
    }

    private Started start(MigrationSpec asked, MigrationSpec whole, PassLease lease, Wish wish) {
        try {
            Optional<Pass> newest = parts.ledger().passes().newest(asked.migration());
            boolean resumed = newest.isPresent() && newest.get().state() != PassState.ENDED;
            if (wish == Wish.RESUME && !resumed) {
                lease.release();
                return nothingToResume(newest);
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

    static Started nothingToResume(Optional<Pass> newest) {
        return new Started.NothingToResume(newest.map(pass -> "pass " + pass.id().number() + " of " + pass.id().migration() + " has come to its end").orElse("no pass has run yet") + ": there is nothing to resume, run begins the next pass");
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
            Optional<PassLease> lease = take(pass.id().migration());
            if (lease.isEmpty()) {
                return;
            }
            if (parts.ledger().passes().newest(pass.id().migration()).filter(newest -> newest.id().equals(pass.id()) && newest.state() == PassState.RUNNING).isEmpty()) {
                lease.get().release();
                return;
            }
            if (isBeingSetUp(pass)) {
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

    // ---- what else goes on

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
            Optional<PassLease> lease = isDriven(migration) ? Optional.empty() : take(migration);
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

    /** Every migration whose newest pass has the pair and has not come to its end, or may have it: one whose pairs are not all written down. */
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
        if (pass.state() != PassState.RUNNING) {
            return false;
        }
        int[] pairs = new int[1];
        parts.ledger().passes().forEachPair(pass.id(), pair -> pairs[0]++);
        return pairs[0] < kept.pairs(pass.spec());
    }

    String runningDetail(String migration) {
        return parts.ledger().passes().newest(migration)
                .map(pass -> "pass " + pass.id().number() + " of " + migration + " is running since " + pass.startedAt().truncatedTo(ChronoUnit.SECONDS))
                .orElse("another run of " + migration + " has just begun");
    }

    /** Stops driving, and waits for that. The embedded stack leaves its passes interrupted, an installed one leaves them running, for another control-service to go on with. */
    void close(long waitMillis) {
        adoptions.shutdownNow();
        for (PassDriver driver : drivers.values()) {
            driver.leave(parts.settings().sameMachine() ? PassState.INTERRUPTED : null);
        }
        try {
            for (PassDriver driver : drivers.values()) {
                driver.view().awaitOver(waitMillis);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
