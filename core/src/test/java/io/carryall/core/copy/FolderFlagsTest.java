package io.carryall.core.copy;

import static io.carryall.core.copy.FolderWorld.flagsPage;
import static io.carryall.core.copy.FolderWorld.page;
import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.item.Reason;
import io.carryall.core.port.MailException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Pages of flags: carried like mail, but for intents, order and doubt. */
class FolderFlagsTest {
    private final FolderWorld world = new FolderWorld();

    @Test
    void a_page_of_flags_is_carried_in_groups_and_settled_without_intents() {
        world.arrives(flagsPage(0, 1, 6));

        assertThat(world.carried).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(world.settledPages).containsExactly(0);
        assertThat(world.names()).doesNotContain("Prepare", "OpenIntent", "Append", "RecordDone", "RecordFailed");
    }

    @Test
    void what_is_written_of_flags_grows_in_order_within_an_epoch() {
        world.arrives(flagsPage(0, 1, 9));

        List<Integer> steps = world.effects.stream().filter(CopyEffect.CarryFlags.class::isInstance).map(effect -> ((CopyEffect.CarryFlags) effect).step()).collect(Collectors.toList());
        assertThat(steps).hasSize(3).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void pages_of_flags_and_of_mail_go_side_by_side_also_where_the_server_tells_no_uids() {
        world.uidPlus = false;
        world.machine.on(new CopyInput.PageArrived(page(0, 1, 8)));
        world.tellAll(new CopyInput.PageArrived(flagsPage(1, 20, 25)), new CopyInput.PageArrived(page(2, 9, 4)));
        world.lease = null;
        world.tell(new CopyInput.LedgerFailed());

        assertThat(world.stored).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L);
        assertThat(world.carried).contains(20L, 21L, 22L, 23L, 24L, 25L);
        assertThat(world.settledPages).contains(0, 1, 2);
    }

    @Test
    void the_same_item_in_two_pages_of_flags_is_carried_twice() {
        world.arrives(flagsPage(0, 1, 1));
        world.arrives(flagsPage(1, 1, 1));

        assertThat(world.carried).containsExactly(1L, 1L);
        assertThat(world.settledPages).containsExactly(0, 1);
    }

    @Test
    void flags_that_could_not_be_carried_are_tried_again_and_parked_in_the_end() {
        world.flagsFail = MailException.Kind.UNREACHABLE;
        world.arrives(flagsPage(0, 1, 2));

        assertThat(world.waits).containsExactly(1_000L, 2_000L);
        assertThat(world.parkedPages).isEqualTo(Map.of(0, Reason.UNREACHABLE));
        assertThat(world.settledPages).isEmpty();
    }

    @Test
    void a_source_folder_that_changed_leaves_flags_alone_and_fails_nothing() {
        world.flagsSourceFails = MailException.Kind.FOLDER_CHANGED;
        world.arrives(flagsPage(0, 1, 2));

        assertThat(world.settledPages).containsExactly(0);
        assertThat(world.failed).isEmpty();
        assertThat(world.carried).isEmpty();
    }

    @Test
    void no_folder_is_made_for_flags() {
        world.targetIsGone = true;
        world.arrives(flagsPage(0, 1, 2));

        assertThat(world.names()).contains("CarryFlags").doesNotContain("CreateFolder");
        assertThat(world.settledPages).containsExactly(0);
    }
}
