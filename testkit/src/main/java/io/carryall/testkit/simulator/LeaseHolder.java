package io.carryall.testkit.simulator;

import io.carryall.core.copy.LeaseHold;
import io.carryall.core.copy.LeaseTerm;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Leases;
import io.carryall.core.port.Leases.Lease;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.Consumer;

/** Does a copier's transactions on one lease, one after another, as the real keeper does. What is known of the lease is decided by {@link LeaseHold}. */
final class LeaseHolder {
    private static final long MARGIN_MILLIS = 5_000;

    private final Copier copier;
    private final TargetFolder folder;
    private final Runnable lost;
    private final LeaseHold hold = new LeaseHold(MARGIN_MILLIS);
    private final Deque<Runnable> transactions = new ArrayDeque<>();
    private boolean busy;
    private int renewals;
    private long epochHeld;

    LeaseHolder(Copier copier, TargetFolder folder, Runnable lost) {
        this.copier = copier;
        this.folder = folder;
        this.lost = lost;
    }

    boolean mayCommit(long epoch) {
        long asked = copier.mutation == Mutation.ANY_LEASE ? epochHeld : epoch;
        return copier.mutation == Mutation.NO_LEASE_CHECK || hold.mayCommit(asked, copier.machine.monotonicMillis(), copier.machine.wall());
    }

    void take(Lease seen, Consumer<Leases.Taken> answered, Runnable failed) {
        transaction(() -> {
            LeaseTerm from = now();
            String mine = copier.nextToken();
            copier.books.transact(copier.machine, () -> leases().take(folder, seen, mine), taken -> {
                if (taken.taken()) {
                    epochHeld = taken.lease().epoch();
                    hold.taken(mine, taken.lease().epoch(), from);
                    renewLater(++renewals);
                }
                ended();
                answered.accept(taken);
            }, () -> {
                ended();
                failed.run();
            });
        });
    }

    void settled(long epoch, Consumer<Boolean> answered, Runnable failed) {
        transaction(() -> {
            if (!hold.isHeld()) {
                ended();
                answered.accept(false);
                return;
            }
            String token = hold.tokens().get(0);
            copier.books.transact(copier.machine, () -> leases().settled(folder, token, epoch), answer -> {
                ended();
                answered.accept(answer);
            }, () -> {
                ended();
                failed.run();
            });
        });
    }

    void release(long settledEpoch, Runnable answered, Runnable failed) {
        transaction(() -> {
            if (!hold.isHeld()) {
                ended();
                answered.run();
                return;
            }
            String token = hold.tokens().get(0);
            drop();
            copier.books.transact(copier.machine, () -> {
                leases().release(folder, token, settledEpoch);
                return null;
            }, nothing -> {
                ended();
                answered.run();
            }, () -> {
                ended();
                failed.run();
            });
        });
    }

    void abandon() {
        transaction(() -> {
            drop();
            ended();
        });
    }

    private void drop() {
        hold.drop();
        renewals++;
    }

    private void renewLater(int series) {
        copier.machine.in(copier.limits.leaseMillis() / 3, () -> {
            if (series == renewals) {
                transaction(() -> renew(series));
            }
        });
    }

    private void renew(int series) {
        if (series != renewals || !hold.isHeld()) {
            ended();
            return;
        }
        renew(series, hold.tokens().iterator(), copier.nextToken(), now());
    }

    private void renew(int series, Iterator<String> old, String next, LeaseTerm from) {
        if (!old.hasNext()) {
            over();
            return;
        }
        String token = old.next();
        copier.books.transact(copier.machine, () -> leases().renew(folder, token, next), renewed -> {
            if (!renewed) {
                renew(series, old, next, from);
                return;
            }
            hold.renewed(next, from);
            renewLater(series);
            ended();
        }, () -> {
            if (hold.unknown(next, copier.machine.monotonicMillis(), copier.machine.wall())) {
                renewLater(series);
                ended();
            } else {
                over();
            }
        });
    }

    private void over() {
        drop();
        ended();
        lost.run();
    }

    private void transaction(Runnable work) {
        transactions.add(work);
        next();
    }

    private void next() {
        if (!busy && !transactions.isEmpty()) {
            busy = true;
            transactions.poll().run();
        }
    }

    private void ended() {
        busy = false;
        next();
    }

    private LeaseTerm now() {
        return new LeaseTerm(copier.limits.leaseMillis(), copier.machine.monotonicMillis(), copier.machine.wall());
    }

    private Leases leases() {
        return copier.books.ledger().leases();
    }
}
