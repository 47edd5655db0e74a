package io.carryall.copier;

import io.carryall.core.copy.LeaseTerm;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Clock;
import io.carryall.core.port.LedgerException;
import io.carryall.core.port.Leases;
import io.carryall.core.port.Leases.Lease;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Holds the lease on one target folder: takes it, renews it in time, answers whether the committing bytes of a group may go out, and says when it is lost. Thread-safe; transactions on
 * the lease go one after another, {@link #mayCommit} never waits for them.
 */
final class LeaseKeeper {
    /** Longer than the last bytes of a group may take to leave us. */
    private static final long MARGIN_MILLIS = 5_000;

    private final TargetFolder folder;
    private final Leases leases;
    private final Clock clock;
    private final ScheduledExecutorService timer;
    private final String holder;
    private final long lengthMillis;
    private final Runnable lost;
    private final Object transaction = new Object();
    private long tokens;
    private String token;
    /** What a renewal that nothing is known of would have put in the place of the token. */
    private String uncertain;
    private LeaseTerm term;
    private ScheduledFuture<?> renewal;

    LeaseKeeper(TargetFolder folder, Leases leases, Clock clock, ScheduledExecutorService timer, String holder, long lengthMillis, Runnable lost) {
        this.folder = folder;
        this.leases = leases;
        this.clock = clock;
        this.timer = timer;
        this.holder = holder;
        this.lengthMillis = lengthMillis;
        this.lost = lost;
    }

    Leases.Taken take(Lease seen) {
        synchronized (transaction) {
            LeaseTerm from = now();
            String mine = nextToken();
            Leases.Taken taken = leases.take(folder, seen, mine);
            if (taken.taken()) {
                hold(mine, from);
                renewal = timer.scheduleWithFixedDelay(this::renew, lengthMillis / 3, lengthMillis / 3, TimeUnit.MILLISECONDS);
            }
            return taken;
        }
    }

    boolean settled(long epoch) {
        synchronized (transaction) {
            return token != null && leases.settled(folder, token, epoch);
        }
    }

    void release(long settledEpoch) {
        synchronized (transaction) {
            String mine = token;
            abandon();
            if (mine != null) {
                leases.release(folder, mine, settledEpoch);
            }
        }
    }

    /** Stops renewing; from now on nothing may be committed. */
    void abandon() {
        synchronized (transaction) {
            hold(null, null);
            uncertain = null;
            if (renewal != null) {
                renewal.cancel(false);
                renewal = null;
            }
        }
    }

    boolean mayCommit() {
        LeaseTerm current = term();
        return current != null && current.mayCommit(clock.monotonicMillis(), clock.wall(), MARGIN_MILLIS);
    }

    private void renew() {
        boolean over;
        synchronized (transaction) {
            over = token != null && !renewed();
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
        String next = nextToken();
        try {
            boolean renewed = leases.renew(folder, token, next) || (uncertain != null && leases.renew(folder, uncertain, next));
            if (renewed) {
                hold(next, from);
                uncertain = null;
            }
            return renewed;
        } catch (LedgerException e) {
            uncertain = next;
            return mayCommit();
        }
    }

    private synchronized void hold(String mine, LeaseTerm from) {
        token = mine;
        term = from;
    }

    private synchronized LeaseTerm term() {
        return term;
    }

    private LeaseTerm now() {
        return new LeaseTerm(lengthMillis, clock.monotonicMillis(), clock.wall());
    }

    private String nextToken() {
        return holder + ":" + Long.toString(++tokens, 36);
    }
}
