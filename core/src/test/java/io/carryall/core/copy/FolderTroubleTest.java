package io.carryall.core.copy;

import static io.carryall.core.copy.FolderWorld.PASS;
import static io.carryall.core.copy.FolderWorld.SOURCE;
import static io.carryall.core.copy.FolderWorld.TARGET;
import static io.carryall.core.copy.FolderWorld.page;
import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.port.MailException;
import io.carryall.core.port.TargetSession.Appended;
import io.carryall.core.port.TargetSession.InDoubt;
import io.carryall.core.port.TargetSession.NotSent;
import io.carryall.core.port.TargetSession.OneByOne;
import io.carryall.core.port.TargetSession.Refused;
import io.carryall.core.port.TargetSession.Stored;
import io.carryall.core.record.PipelineRecord.CopyPage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What servers refuse and connections lose: what is tried again, in which order, what is given up, and what is set aside. */
class FolderTroubleTest {
    private final FolderWorld world = new FolderWorld();

    @Test
    void the_one_message_that_the_target_refuses_is_found_by_halving_and_all_others_arrive() {
        world.refuses = Map.of(3L, new Refused(false, "", "content not allowed", 0));
        world.arrives(page(0, 1, 8));

        assertThat(world.failed).containsOnly(Map.entry(3L, Reason.REFUSED));
        assertThat(world.stored).containsExactly(1L, 2L, 4L, 5L, 6L, 7L, 8L);
        assertThat(world.settledPages).containsExactly(0);
    }

    @Test
    void a_full_quota_parks_the_pages_and_lets_go_of_the_lease() {
        world.refuses = LongStream.rangeClosed(3, 20).boxed().collect(Collectors.toMap(uid -> uid, uid -> new Refused(false, "OVERQUOTA", "full", 0)));
        world.arrives(page(0, 1, 8));
        world.tell(new CopyInput.Idle());

        assertThat(world.stored).containsExactly(1L, 2L);
        assertThat(world.parkedPages).containsOnly(Map.entry(0, Reason.QUOTA));
        assertThat(world.names()).contains("ReleaseLease");
        assertThat(world.machine.isFree()).isTrue();
    }

    @Test
    void what_was_certainly_not_sent_is_tried_again_and_parked_after_a_bounded_number_of_attempts() {
        for (int i = 0; i < 3; i++) {
            world.nextAnswers.add(messages -> new NotSent("no connection"));
        }
        world.arrives(page(0, 1, 3));

        assertThat(world.waits).containsExactly(1_000L, 2_000L);
        assertThat(world.parkedPages).containsOnly(Map.entry(0, Reason.UNREACHABLE));
        assertThat(world.openIntents).isEmpty();
    }

    @Test
    void what_was_not_sent_goes_before_what_comes_after_it_also_where_groups_were_cut_before_the_same_again() {
        for (int lost = 0; lost < 5; lost++) {
            for (Appended how : List.of(new NotSent("no connection"), new InDoubt("cut"))) {
                FolderWorld each = new FolderWorld(new CopyLimits(16, 1_000_000, 60_000, 20_000, 3, 1_000, 4, 1_000));
                each.same = Set.of(1L, 3L, 5L, 7L, 9L);
                for (int before = 0; before < lost; before++) {
                    each.nextAnswers.add(each::stored);
                }
                each.nextAnswers.add(messages -> how);
                each.arrives(page(0, 1, 12));

                assertThat(each.stored).as(how + " after " + lost).isEqualTo(LongStream.rangeClosed(1, 12).boxed().collect(Collectors.toList()));
            }
        }
    }

    @Test
    void what_the_target_asks_to_send_later_goes_before_what_comes_after_it() {
        for (Refused how : List.of(new Refused(false, "UNAVAILABLE", "not now", 0), new Refused(false, "TRYCREATE", "no such folder", 0))) {
            for (List<Appended> rest : List.of(List.<Appended>of(), List.<Appended>of(new Stored(1, List.of(10L), List.of())))) {
                FolderWorld each = new FolderWorld();
                each.nextAnswers.add(messages -> {
                    each.store(messages.subList(0, rest.size()));
                    List<Appended> answers = new ArrayList<>(rest);
                    messages.subList(rest.size(), messages.size()).forEach(uid -> answers.add(how));
                    return rest.isEmpty() ? how : new OneByOne(answers);
                });
                each.arrives(page(0, 1, 12));

                assertThat(each.stored).as(how + " after " + rest).isEqualTo(LongStream.rangeClosed(1, 12).boxed().collect(Collectors.toList()));
            }
        }
    }

    @Test
    void what_the_source_could_not_deliver_at_first_goes_before_what_comes_after_it() {
        for (MailException.Kind how : List.of(MailException.Kind.UNREACHABLE, MailException.Kind.REFUSED)) {
            FolderWorld each = new FolderWorld();
            each.sourceFails.add(how);
            each.arrives(page(0, 1, 12));

            assertThat(each.stored).as(how.toString()).isEqualTo(LongStream.rangeClosed(1, 12).boxed().collect(Collectors.toList()));
        }
    }

    @Test
    void what_failed_in_one_pass_is_tried_by_another_whose_page_is_there_at_the_same_time() {
        world.unreadableInPass = Map.of(2L, PASS);
        CopyPage other = new CopyPage(new PassId("other", 1), SOURCE, "scan", 7, TARGET, page(0, 1, 2).items());
        world.tellAll(new CopyInput.PageArrived(page(0, 1, 2)), new CopyInput.PageArrived(other));

        assertThat(world.stored).containsExactly(1L, 2L);
        assertThat(world.settledPages).containsExactly(0, 7);
    }

    @Test
    void a_page_is_not_settled_by_an_outcome_that_was_never_written() {
        world.lost = Set.of(1L);
        world.refuses = Map.of(2L, new Refused(false, "", "content not allowed", 0));
        world.failsAt = CopyEffect.RecordFailed.class;
        world.arrives(page(0, 1, 4));

        assertThat(world.failed).containsOnly(Map.entry(1L, Reason.VANISHED), Map.entry(2L, Reason.REFUSED));
        assertThat(world.settledPages).containsExactly(0);
    }
}
