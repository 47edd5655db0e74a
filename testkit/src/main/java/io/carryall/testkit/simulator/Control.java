package io.carryall.testkit.simulator;

import io.carryall.core.copy.LeaseChallenge;
import io.carryall.core.item.PassId;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Leases;
import io.carryall.core.port.Leases.Lease;
import io.carryall.core.port.Passes.Pass;
import io.carryall.core.port.Passes.PassState;

/**
 * One life of a control-service process, for one migration: when it has the migration's lease it begins passes one after another, or goes on with the one that it finds. When a lease may be taken over is decided by the real
 * {@link LeaseChallenge}. As in the real one a driver whose lease was taken goes on until it hears of it.
 */
final class Control {
    private static final long LEASE_MILLIS = 12_000;
    private static final long IDLE_MILLIS = 5_000;

    private final Machine machine;
    private final Simulation simulation;
    private final World world;
    private final Leases leases;
    private final String migration;
    private final TargetFolder name;
    private final int life;
    private LeaseChallenge challenge;
    private String token;
    private long settledEpoch;
    private int lastToken;
    private Driver driver;

    Control(Machine machine, Simulation simulation, String migration, long delayMillis) {
        this.machine = machine;
        this.simulation = simulation;
        this.world = simulation.world;
        this.leases = simulation.books.ledger().leases();
        this.migration = migration;
        this.name = new TargetFolder("migration/" + migration, "");
        this.life = machine.life();
        machine.in(delayMillis, this::compete);
    }

    private void compete() {
        simulation.books.read(machine, () -> leases.read(name).orElse(null), seen -> {
            LeaseChallenge.Move move = LeaseChallenge.decide(challenge, seen, machine.monotonicMillis(), LEASE_MILLIS);
            if (move instanceof LeaseChallenge.LookAgain again) {
                challenge = again.challenge();
                machine.in(again.afterMillis(), this::compete);
            } else {
                take(seen);
            }
        }, () -> machine.in(1_000, this::compete));
    }

    private void take(Lease seen) {
        String mine = nextToken();
        simulation.books.transact(machine, () -> leases.take(name, seen, mine), taken -> {
            challenge = null;
            if (taken.taken()) {
                token = mine;
                settledEpoch = taken.lease().settledEpoch();
                begin();
            } else {
                machine.in(1_000, this::compete);
            }
        }, () -> machine.in(1_000, this::compete));
    }

    private String nextToken() {
        return machine.name() + ":" + ++lastToken;
    }

    private void begin() {
        Pass newest = simulation.books.ledger().passes().newest(migration).orElse(null);
        boolean fresh = newest == null || newest.state() == PassState.ENDED;
        if (fresh && !simulation.mayBegin(migration)) {
            release(IDLE_MILLIS);
            return;
        }
        PassId pass = fresh ? new PassId(migration, newest == null ? 1 : newest.id().number() + 1) : newest.id();
        boolean begun = fresh ? simulation.begin(pass, machine.wall()) : newest.state() == PassState.RUNNING || simulation.books.ledger().passes().move(pass, PassState.INTERRUPTED, PassState.RUNNING);
        if (!begun) {
            release(IDLE_MILLIS);
            return;
        }
        world.note(() -> machine.name() + (fresh ? " begins " : " goes on with ") + pass);
        Driver mine = new Driver(machine, simulation, pass, fresh);
        driver = mine;
        mine.start(() -> over(mine));
        keepLater(mine);
    }

    private void over(Driver ended) {
        if (driver == ended) {
            driver = null;
            release(world.between(100, 10_000));
        }
    }

    private void release(long thenMillis) {
        String mine = token;
        token = null;
        Runnable then = () -> machine.in(thenMillis, this::compete);
        simulation.books.transact(machine, () -> {
            leases.release(name, mine, settledEpoch);
            return null;
        }, nothing -> then.run(), then);
    }

    private void keepLater(Driver mine) {
        machine.in(LEASE_MILLIS / 2, () -> {
            if (driver == mine) {
                keep(mine);
            }
        });
    }

    private void keep(Driver mine) {
        String now = token;
        String next = nextToken();
        simulation.books.transact(machine, () -> leases.renew(name, now, next), renewed -> kept(mine, renewed, next), () ->
                // The renewal may have happened or not: what stands there says so; and where that cannot be read, it may still be ours.
                simulation.books.read(machine, () -> leases.read(name).map(Lease::token).orElse(""), stands -> kept(mine, stands.equals(now) || stands.equals(next), stands), () -> keepLater(mine)));
    }

    private void kept(Driver mine, boolean ours, String now) {
        if (driver != mine) {
            return;
        }
        if (!ours) {
            world.note(() -> machine.name() + " hears that another one drives " + migration);
            driver = null;
            token = null;
            mine.abandon();
            machine.in(IDLE_MILLIS, this::compete);
            return;
        }
        token = now;
        mine.lookAtState();
        keepLater(mine);
    }

    /** Somebody stops the pass. */
    void interrupt() {
        boolean isGone = !machine.isUp() || machine.life() != life;
        if (!isGone && driver != null) {
            driver.interrupt();
        }
    }
}
