package io.carryall.copier;

import io.carryall.core.copy.LeaseHold;
import io.carryall.core.copy.LeaseTerm;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Clock;
import io.carryall.core.port.LedgerException;
import io.carryall.core.port.Leases;
import io.carryall.core.port.Leases.Lease;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Holds the lease on one target folder: takes it, renews it in time, answers whether the committing bytes of a group may go out, and says when it is lost. Thread-safe; transactions on
 * the lease go one after another, {@link #mayCommit} never waits for them.
 */
final class LeaseKeeper {
    private final TargetFolder folder;
    private final Leases leases;
    private final Clock clock;
    private final ScheduledExecutorService timer;
    private final Supplier<String> tokens;
    private final long lengthMillis;
    private final Runnable lost;
    private final Object transaction = new Object();
    private final LeaseHold hold;
    private ScheduledFuture<?> renewal;

    /** @param tokens each is another one, of this process and of every other */
    LeaseKeeper(TargetFolder folder, Leases leases, Clock clock, ScheduledExecutorService timer, Supplier<String> tokens, long lengthMillis, Runnable lost) {
        this.folder = folder;
        this.leases = leases;
        this.clock = clock;
        this.timer = timer;
        this.tokens = tokens;
        this.lengthMillis = lengthMillis;
        // Renewed each third, it has two thirds left as a rule. With less than one, the last bytes of a group had better not go out.
        this.hold = new LeaseHold(lengthMillis / 3);
        this.lost = lost;
    }

    Leases.Taken take(Lease seen) {
        synchronized (transaction) {
            LeaseTerm from = now();
            String mine = tokens.get();
            Leases.Taken taken = leases.take(folder, seen, mine);
            if (taken.taken()) {
                abandon();
                synchronized (hold) {
                    hold.taken(mine, taken.lease().epoch(), from);
                }
                renewal = timer.scheduleWithFixedDelay(this::renew, lengthMillis / 3, lengthMillis / 3, TimeUnit.MILLISECONDS);
            }
            return taken;
        }
    }

    boolean settled(long epoch) {
        synchronized (transaction) {
            String token = token();
            return token != null && leases.settled(folder, token, epoch);
        }
    }

    void release(long settledEpoch) {
        synchronized (transaction) {
            String mine = token();
            abandon();
            if (mine != null) {
                leases.release(folder, mine, settledEpoch);
            }
        }
    }

    /** Stops renewing; from now on nothing may be committed. */
    void abandon() {
        synchronized (transaction) {
            synchronized (hold) {
                hold.drop();
            }
            if (renewal != null) {
                renewal.cancel(false);
                renewal = null;
            }
        }
    }

    /** @param epoch in which the intent of the group was written */
    boolean mayCommit(long epoch) {
        synchronized (hold) {
            return hold.mayCommit(epoch, clock.monotonicMillis(), clock.wall());
        }
    }

    private void renew() {
        boolean over;
        synchronized (transaction) {
            over = token() != null && !renewed();
            if (over) {
                abandon();
            }
        }
        if (over) {
            lost.run();
        }
    }

    private boolean renewed() {
        LeaseTerm from = now();
        String next = tokens.get();
        try {
            boolean renewed = known().stream().anyMatch(token -> leases.renew(folder, token, next));
            if (renewed) {
                synchronized (hold) {
                    hold.renewed(next, from);
                }
            }
            return renewed;
        } catch (LedgerException e) {
            synchronized (hold) {
                return hold.unknown(next, clock.monotonicMillis(), clock.wall());
            }
        }
    }

    private List<String> known() {
        synchronized (hold) {
            return hold.tokens();
        }
    }

    /** The one that stands in the ledger as far as is known, or null. */
    private String token() {
        List<String> known = known();
        return known.isEmpty() ? null : known.get(0);
    }

    private LeaseTerm now() {
        return new LeaseTerm(lengthMillis, clock.monotonicMillis(), clock.wall());
    }
}
