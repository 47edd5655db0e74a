package io.carryall.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.api.Test;

import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Leases;

/** What every ledger promises of {@link Leases}: one writer to a target folder. */
public interface LeasesContract extends TestedLedger {
    @Test
    default void a_lease_that_nobody_held_is_taken_once() {
        TargetFolder folder = new Names().target();
        assertThat(ledger().leases().read(folder)).isEmpty();

        Leases.Taken first = ledger().leases().take(folder, null, "token-a");
        Leases.Taken second = anotherLedger().leases().take(folder, null, "token-b");

        assertThat(first.taken()).isTrue();
        assertThat(first.lease().token()).isEqualTo("token-a");
        assertThat(second).isEqualTo(new Leases.Taken(false, first.lease()));
        assertThat(anotherLedger().leases().read(folder)).contains(first.lease());
    }

    @Test
    default void of_many_challengers_one_takes_the_lease() {
        TargetFolder folder = new Names().target();
        Leases.Lease dead = ledger().leases().take(folder, null, "dead").lease();

        List<Leases.Taken> taken = Names.atOnce(6, i -> (i % 2 == 0 ? ledger() : anotherLedger()).leases().take(folder, dead, "challenger-" + i));

        assertThat(taken.stream().filter(Leases.Taken::taken)).hasSize(1);
        Leases.Lease winner = taken.stream().filter(Leases.Taken::taken).findFirst().orElseThrow().lease();
        assertThat(winner.epoch()).isEqualTo(dead.epoch() + 1);
        assertThat(taken).allMatch(one -> one.lease().equals(winner));
    }

    @Test
    default void a_take_that_is_said_again_after_a_lost_reply_is_the_same_take() {
        TargetFolder folder = new Names().target();
        Leases.Taken first = ledger().leases().take(folder, null, "token-a");

        assertThat(ledger().leases().take(folder, null, "token-a")).isEqualTo(first);
    }

    @Test
    default void a_lease_is_renewed_by_its_holder_alone() {
        TargetFolder folder = new Names().target();
        Leases.Lease first = ledger().leases().take(folder, null, "token-a").lease();

        assertThat(ledger().leases().renew(folder, "token-a", "token-a2")).isTrue();
        assertThat(ledger().leases().renew(folder, "token-a", "token-a2")).as("said again after a lost reply").isTrue();
        assertThat(anotherLedger().leases().take(folder, first, "token-b").taken()).as("by one who saw the old token").isFalse();
        Leases.Lease renewed = anotherLedger().leases().read(folder).orElseThrow();
        assertThat(renewed).isEqualTo(new Leases.Lease("token-a2", first.epoch(), first.settledEpoch()));
        assertThat(anotherLedger().leases().take(folder, renewed, "token-b").taken()).isTrue();

        assertThat(ledger().leases().renew(folder, "token-a2", "token-a3")).isFalse();
        assertThat(ledger().leases().settled(folder, "token-a2", first.epoch())).isFalse();
        assertThat(ledger().leases().read(folder).orElseThrow().token()).isEqualTo("token-b");
        assertThat(ledger().leases().renew(new Names().target(), "token-a", "token-b")).as("a lease that was never taken").isFalse();
    }

    @Test
    default void the_settled_epoch_outlives_holders() {
        TargetFolder folder = new Names().target();
        Leases leases = ledger().leases();
        Leases.Lease first = leases.take(folder, null, "token-a").lease();
        assertThat(leases.settled(folder, "token-a", first.epoch() - 1)).isTrue();

        leases.release(folder, "token-a", first.epoch());
        leases.release(folder, "token-a", first.epoch());

        Leases.Lease free = anotherLedger().leases().read(folder).orElseThrow();
        assertThat(free.isFree()).isTrue();
        assertThat(free).isEqualTo(new Leases.Lease("", first.epoch(), first.epoch()));
        Leases.Taken next = anotherLedger().leases().take(folder, free, "token-b");
        assertThat(next).isEqualTo(new Leases.Taken(true, new Leases.Lease("token-b", first.epoch() + 1, first.epoch())));
    }

    @Test
    default void a_lease_of_somebody_else_is_not_released() {
        TargetFolder folder = new Names().target();
        Leases.Lease first = ledger().leases().take(folder, null, "token-a").lease();
        Leases.Lease second = anotherLedger().leases().take(folder, first, "token-b").lease();

        ledger().leases().release(folder, "token-a", first.epoch());

        assertThat(ledger().leases().read(folder)).contains(second);
    }
}
