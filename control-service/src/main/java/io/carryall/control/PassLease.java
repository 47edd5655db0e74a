package io.carryall.control;

import io.carryall.core.copy.LeaseChallenge;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Clock;
import io.carryall.core.port.Leases;
import io.carryall.core.port.Leases.Lease;
import io.carryall.core.port.Leases.Taken;
import io.carryall.core.port.LedgerException;
import java.util.Optional;

/**
 * One driver per migration. Nothing breaks when there are two for a while: what a driver writes is folded from rows. Thread-safe.
 */
final class PassLease {
    private static final long LOOK_MILLIS = 1_000;

    private final Leases leases;
    private final TargetFolder name;
    private final Holder holder;
    private final Lease taken;
    private String token;
    private boolean lost;

    private PassLease(Leases leases, TargetFolder name, Holder holder, Lease taken) {
        this.leases = leases;
        this.name = name;
        this.holder = holder;
        this.taken = taken;
        this.token = taken.token();
    }

    /** Takes the lease, waiting for as long as a dead holder's would take to run out. Empty where somebody lives who holds it. */
    static Optional<PassLease> take(Leases leases, String migration, Holder holder, Clock clock, long leaseMillis) throws InterruptedException {
        return take(leases, new TargetFolder("migration/" + migration, ""), holder, clock, leaseMillis);
    }

    /** The same for whatever else there may be one of at a time. */
    static Optional<PassLease> take(Leases leases, TargetFolder name, Holder holder, Clock clock, long leaseMillis) throws InterruptedException {
        Look look = lookAt(leases, name, holder, clock, leaseMillis);
        if (look.standing() == Standing.HELD) {
            return Optional.empty();
        }
        Taken taken = leases.take(name, look.seen(), holder.token());
        return taken.taken() ? Optional.of(new PassLease(leases, name, holder, taken.lease())) : Optional.empty();
    }

    /** How a lease stands that others may hold. */
    enum Standing {
        FREE, HELD,
        /** Somebody held it who has ended, and never let go of it. */
        LEFT
    }

    /** @param seen null where nobody ever held it */
    private record Look(Standing standing, Lease seen) {}

    /** Looks for as long as a dead holder's lease takes to run out, where it is not told at once. */
    static Standing look(Leases leases, TargetFolder name, Holder holder, Clock clock, long leaseMillis) throws InterruptedException {
        return lookAt(leases, name, holder, clock, leaseMillis).standing();
    }

    private static Look lookAt(Leases leases, TargetFolder name, Holder holder, Clock clock, long leaseMillis) throws InterruptedException {
        LeaseChallenge challenge = null;
        while (true) {
            Lease seen = leases.read(name).orElse(null);
            if (seen == null || seen.isFree()) {
                return new Look(Standing.FREE, seen);
            }
            if (holder.isDead(seen.token()) || !(LeaseChallenge.decide(challenge, seen, clock.monotonicMillis(), leaseMillis) instanceof LeaseChallenge.LookAgain again)) {
                return new Look(Standing.LEFT, seen);
            }
            if (challenge != null && !challenge.token().equals(again.challenge().token())) {
                return new Look(Standing.HELD, seen);
            }
            challenge = again.challenge();
            Thread.sleep(Math.max(1, Math.min(again.afterMillis(), LOOK_MILLIS)));
        }
    }

    /** False when it is somebody else's now, for good. Where the ledger does not answer it may still be ours: then true, and it is to be renewed again soon. */
    synchronized boolean renew() {
        if (lost) {
            return false;
        }
        String next = holder.token();
        try {
            lost = !leases.renew(name, token, next);
            token = lost ? token : next;
        } catch (LedgerException e) {
            return readAgain(next);
        }
        return !lost;
    }

    /** The renewal may have happened or not: what stands there says so. */
    private boolean readAgain(String next) {
        try {
            String stands = leases.read(name).map(Lease::token).orElse("");
            lost = !stands.equals(token) && !stands.equals(next);
            token = stands.equals(next) ? next : token;
            return !lost;
        } catch (LedgerException e) {
            return true;
        }
    }

    /** As it was taken. */
    Lease taken() {
        return taken;
    }

    /** Lets go of it; without a ledger it runs out by itself. */
    synchronized void release() {
        try {
            if (!lost) {
                leases.release(name, token, taken.settledEpoch());
            }
        } catch (LedgerException e) {
            // it runs out
        }
        lost = true;
    }
}
