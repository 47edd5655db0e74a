package io.carryall.core.copy;

import static io.carryall.core.copy.FolderWorld.PASS;
import static io.carryall.core.copy.FolderWorld.page;
import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.port.Intents.Intent;
import io.carryall.core.port.Leases.Lease;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** When the right to write into a folder is taken and let go of, and what an epoch is. */
class FolderLeaseTest {
    private final FolderWorld world = new FolderWorld();

    @Test
    void a_lease_that_somebody_holds_is_taken_when_its_token_stood_still_for_its_length() {
        world.lease = new Lease("other", 1, 1);
        world.arrives(page(0, 1, 2));

        assertThat(world.waits.stream().mapToLong(Long::longValue).sum()).isEqualTo(20_000);
        assertThat(world.stored).containsExactly(1L, 2L);
    }

    @Test
    void a_lease_that_was_to_be_let_go_of_is_abandoned_when_the_ledger_fails_before() {
        world.arrives(page(0, 1, 3));
        world.machine.on(new CopyInput.Idle());

        assertThat(world.machine.on(new CopyInput.LedgerFailed())).contains(new CopyEffect.AbandonLease());
    }

    /** Numbers that went on from one epoch to the next would soon lie where nobody looks for the open intents of an epoch. */
    @Test
    void groups_are_counted_from_the_beginning_of_each_epoch() {
        FolderWorld small = new FolderWorld(new CopyLimits(1, 1_000_000, 60_000, 20_000, 3, 1_000, 4, 3));
        small.arrives(page(0, 1, 10));

        List<Intent> intents = small.effects.stream().filter(CopyEffect.OpenIntent.class::isInstance).map(effect -> ((CopyEffect.OpenIntent) effect).intent()).collect(Collectors.toList());
        assertThat(intents).hasSize(10);
        assertThat(intents.stream().map(intent -> intent.epoch() + "/" + intent.group())).doesNotHaveDuplicates();
        assertThat(intents.stream().map(Intent::epoch).distinct()).hasSizeGreaterThan(2);
        assertThat(intents).allMatch(intent -> intent.group() < 3);
    }

    @Test
    void a_page_without_items_ends_the_epoch_in_which_it_came_after_what_is_under_way() {
        world.tellAll(new CopyInput.PageArrived(page(0, 1, 24)), new CopyInput.PageArrived(page(1, 1, 0)));

        assertThat(world.stored).hasSize(24);
        assertThat(world.letGo).containsExactly(1);
        assertThat(world.lease.settledEpoch()).isPositive();
        assertThat(world.names()).containsSubsequence("ReleaseLease", "LetGo", "TryLease", "SettlePage");
    }

    @Test
    void a_page_without_items_is_let_go_of_when_its_pass_halts() {
        world.lease = new Lease("other", 1, 1);
        world.machine.on(new CopyInput.PageArrived(page(0, 1, 0)));
        world.tell(new CopyInput.PassHalted(PASS, "halted"));

        assertThat(world.letGo).containsExactly(0);
        assertThat(world.parkedPages).isEmpty();
        assertThat(world.machine.isFree()).isTrue();
    }
}
