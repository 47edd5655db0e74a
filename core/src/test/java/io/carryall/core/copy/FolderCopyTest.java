package io.carryall.core.copy;

import static io.carryall.core.copy.FolderWorld.page;
import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.port.Intents.Intent;
import io.carryall.core.port.TargetSession.Stored;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** How the items of pages go into a folder, when all goes well: their order, what goes ahead, what is written when. */
class FolderCopyTest {
    private final FolderWorld world = new FolderWorld();

    @Test
    void a_page_is_settled_when_each_of_its_items_is_claimed_and_recorded() {
        world.arrives(page(0, 1, 6));

        assertThat(world.done).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(world.stored).isEqualTo(List.of(1L, 2L, 3L, 4L, 5L, 6L));
        assertThat(world.claims).hasSize(6);
        assertThat(world.settledPages).containsExactly(0);
        assertThat(world.openIntents).isEmpty();
    }

    @Test
    void nothing_is_appended_before_its_intent_is_durable_and_nothing_is_recorded_before_it_is_claimed() {
        world.arrives(page(0, 1, 4));

        assertThat(world.names()).containsSubsequence("OpenIntent", "Append", "Claim", "RecordDone", "CloseIntent", "Confirm", "SettlePage");
    }

    @Test
    void the_next_group_is_fetched_while_this_one_is_appended() {
        world.arrives(page(0, 1, 8));

        List<String> names = world.names();
        assertThat(names.subList(0, names.indexOf("Append"))).filteredOn("Prepare"::equals).hasSize(2);
    }

    @Test
    void an_item_that_stands_in_two_pages_is_appended_once() {
        world.arrives(page(0, 1, 4));
        world.arrives(page(1, 3, 4));

        assertThat(world.stored).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(world.settledPages).containsExactly(0, 1);
    }

    @Test
    void without_uids_from_the_target_the_folder_is_asked_again_before_each_intent() {
        world.uidPlus = false;
        world.arrives(page(0, 1, 12));

        assertThat(world.stored).hasSize(12);
        assertThat(world.names()).filteredOn("ReadPosition"::equals).hasSize(3);
    }

    @Test
    void of_two_that_are_the_same_the_second_is_not_on_its_way_before_the_first_is_recorded() {
        world.same = Set.of(1L, 3L, 6L);
        world.arrives(page(0, 1, 8));

        assertThat(world.stored).isEqualTo(List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L));
        assertThat(world.settledPages).containsExactly(0);
        assertThat(world.mostOfTheSameInOpenIntents).isEqualTo(1);
    }

    @Test
    void where_no_uids_were_told_an_intent_that_is_open_already_is_written_anew_with_a_higher_bound() {
        world.nextAnswers.add(messages -> {
            world.store(messages);
            return new Stored(0, List.of(), List.of());
        });
        world.arrives(page(0, 1, 8));

        List<Intent> intents = world.effects.stream().filter(CopyEffect.Append.class::isInstance).map(effect -> ((CopyEffect.Append) effect).intent()).collect(Collectors.toList());
        assertThat(intents).extracting(Intent::uidNextLow).containsExactly(10L, 14L);
        assertThat(world.stored).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
    }
}
