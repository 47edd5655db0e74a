package io.carryall.core.copy;

import static io.carryall.core.copy.FolderWorld.PASS;
import static io.carryall.core.copy.FolderWorld.SOURCE;
import static io.carryall.core.copy.FolderWorld.TARGET;
import static io.carryall.core.copy.FolderWorld.done;
import static io.carryall.core.copy.FolderWorld.fingerprint;
import static io.carryall.core.copy.FolderWorld.page;
import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.item.Fingerprint;
import io.carryall.core.item.ItemKey;
import io.carryall.core.item.Reason;
import io.carryall.core.port.Intents;
import io.carryall.core.port.Intents.Intent;
import io.carryall.core.port.Leases.Lease;
import io.carryall.core.port.TargetSession.Appended;
import io.carryall.core.port.TargetSession.InDoubt;
import io.carryall.core.port.TargetSession.OneByOne;
import io.carryall.core.port.TargetSession.Position;
import io.carryall.core.port.TargetSession.Refused;
import io.carryall.core.port.TargetSession.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What becomes of items of which nobody knows whether they arrived. */
class FolderDoubtTest {
    private final FolderWorld world = new FolderWorld();

    @Test
    void a_group_whose_answer_was_lost_is_found_on_the_target_and_not_appended_again() {
        world.nextAnswers.add(messages -> {
            world.store(messages);
            return new InDoubt("cut");
        });
        world.arrives(page(0, 1, 3));

        assertThat(world.stored).containsExactly(1L, 2L, 3L);
        assertThat(world.done).containsExactly(1L, 2L, 3L);
        assertThat(world.waits).isEmpty();
    }

    @Test
    void absent_is_believed_after_a_quarantine_and_two_looks_that_agree() {
        world.nextAnswers.add(messages -> new InDoubt("cut"));
        world.arrives(page(0, 1, 3));

        assertThat(world.waits).containsExactly(60_000L);
        assertThat(world.names()).filteredOn("Look"::equals).hasSize(2);
        assertThat(world.stored).containsExactly(1L, 2L, 3L);
    }

    @Test
    void what_commits_late_is_found_by_the_second_look() {
        world.nextAnswers.add(messages -> {
            world.onWait = () -> world.store(messages);
            return new InDoubt("cut");
        });
        world.arrives(page(0, 1, 3));

        assertThat(world.stored).containsExactly(1L, 2L, 3L);
        assertThat(world.done).containsExactly(1L, 2L, 3L);
    }

    @Test
    void a_gap_among_the_new_uids_makes_the_item_ambiguous_and_it_is_not_copied_again() {
        world.nextAnswers.add(messages -> {
            world.store(messages);
            world.delete(2L);
            return new InDoubt("cut");
        });
        world.arrives(page(0, 1, 3));

        assertThat(world.done).containsExactly(1L, 3L);
        assertThat(world.failed).containsOnly(Map.entry(2L, Reason.AMBIGUOUS));
        assertThat(world.stored).containsExactly(1L, 3L);
    }

    @Test
    void who_takes_the_lease_over_settles_what_the_last_holder_left_open() {
        Intent left = world.intentOf(4, 1, 2);
        world.openIntents.put(1, left);
        world.store(List.of(1L, 2L));
        world.lease = new Lease("", 4, 3);
        world.arrives(page(0, 1, 4));

        assertThat(world.stored).containsExactly(1L, 2L, 3L, 4L);
        assertThat(world.done).containsExactly(1L, 2L, 3L, 4L);
        assertThat(world.names()).containsSubsequence("ReadIntents", "Look", "CloseIntent", "MarkSettled", "Append");
    }

    @Test
    void what_was_claimed_and_not_recorded_is_there_and_is_not_copied_again() {
        world.failsAt = CopyEffect.RecordDone.class;
        world.arrives(page(0, 1, 3));

        assertThat(world.stored).containsExactly(1L, 2L, 3L);
        assertThat(world.done).containsExactly(1L, 2L, 3L);
        assertThat(world.settledPages).containsExactly(0);
    }

    @Test
    void claims_of_a_folder_that_was_made_anew_say_nothing_of_the_new_one() {
        Map<Long, ItemKey> claims = Map.of(13L, SOURCE.item(1));

        assertThat(CopyInput.Window.of(new Position(1, 14), new Position(1, 14), claims, Map.of(), Map.of()).claimed()).isEqualTo(claims);
        assertThat(CopyInput.Window.of(new Position(1, 14), new Position(2, 1), claims, Map.of(), Map.of()).claimed()).isEmpty();
    }

    @Test
    void what_was_recorded_after_the_claims_were_read_keeps_its_message() {
        Fingerprint same = fingerprint(1);
        List<Intents.Item> items = List.of(new Intents.Item(1, same, Set.of()), new Intents.Item(2, same, Set.of()));
        Intent open = new Intent(TARGET, 1, 1, PASS, SOURCE, 1, 10, items);

        Settlement settlement = Settlement.decide(List.of(open), new CopyInput.Window(new Position(1, 11), Map.of(), Map.of(10L, same), Map.of(SOURCE.item(1), done(1, 10))));

        assertThat(settlement.found()).isEmpty();
        assertThat(settlement.absent()).extracting(Settlement.Doubt::key).containsExactly(SOURCE.item(2));
    }

    @Test
    void nothing_is_fetched_before_what_a_look_found_is_durable() {
        world.nextAnswers.add(messages -> {
            world.store(messages);
            return new InDoubt("cut");
        });
        world.arrives(page(0, 1, 3));

        assertThat(world.names()).containsSubsequence("Look", "RecordDone", "CloseIntent", "ReadIntents", "ReadPosition", "Prepare");
    }

    @Test
    void of_two_that_are_the_same_and_whose_uids_were_not_told_the_recorded_one_keeps_its_message() {
        world.uidPlus = false;
        world.same = Set.of(1L, 2L);
        world.nextAnswers.add(messages -> {
            world.store(List.of(1L));
            return new OneByOne(List.of(new Stored(0, List.of(), List.of()), new InDoubt("cut")));
        });
        world.arrives(page(0, 1, 2));

        assertThat(world.stored).containsExactly(1L, 2L);
        assertThat(world.done).containsExactly(1L, 2L);
    }

    @Test
    void who_was_thought_dead_and_records_late_agrees_with_who_settled_for_it() {
        world.same = Set.of(1L, 2L);
        world.nextAnswers.add(messages -> {
            // The first is refused for now, the second stored: who only looks at the folder finds one message, and takes it for the first.
            world.store(messages.subList(messages.size() - 1, messages.size()));
            List<Appended> each = new ArrayList<>();
            messages.forEach(uid -> each.add(each.size() < messages.size() - 1 ? new Refused(false, "UNAVAILABLE", "not now", 0) : new Stored(0, List.of(), List.of())));
            return new OneByOne(each);
        });
        world.stopsAt = CopyEffect.RecordDone.class;
        world.arrives(page(0, 1, 2));
        List<CopyEffect> late = List.copyOf(world.undone);
        FolderWorld.Settled settled = world.settledBySomebodyElse();
        late.forEach(world::answer);

        assertThat(late).isNotEmpty();
        assertThat(settled.items()).hasSize(1);
        assertThat(world.done).as("recorded as done, and there is one message").hasSize(1);
    }

    @Test
    void a_page_without_items_has_what_is_in_doubt_settled_and_lets_go_of_the_lease() {
        world.openIntents.put(1, world.intentOf(4, 1, 2));
        world.store(List.of(1L, 2L));
        world.lease = new Lease("", 4, 3);
        world.arrives(page(0, 1, 0));

        assertThat(world.done).containsExactly(1L, 2L);
        assertThat(world.lease).isEqualTo(new Lease("", 5, 5));
        assertThat(world.letGo).containsExactly(0);
        assertThat(world.settledPages).isEmpty();
        assertThat(world.machine.isFree()).isTrue();
    }
}
