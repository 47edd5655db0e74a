package io.carryall.core.copy;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.flags.FlagSet;
import io.carryall.core.item.Fingerprint;
import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.ItemKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.item.SourceItem;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Intents.Intent;
import io.carryall.core.port.Items.Done;
import io.carryall.core.port.Items.How;
import io.carryall.core.port.Leases.Lease;
import io.carryall.core.port.MailException;
import io.carryall.core.port.TargetSession.Appended;
import io.carryall.core.port.TargetSession.Capabilities;
import io.carryall.core.port.TargetSession.InDoubt;
import io.carryall.core.port.TargetSession.NotSent;
import io.carryall.core.port.TargetSession.OneByOne;
import io.carryall.core.port.TargetSession.Position;
import io.carryall.core.port.TargetSession.Refused;
import io.carryall.core.port.TargetSession.Stored;
import io.carryall.core.record.PipelineRecord.CopyPage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FolderCopyTest {
    private static final TargetFolder TARGET = new TargetFolder("new/ann@new.example", "INBOX");
    private static final PassId PASS = new PassId("m", 1);
    private static final FolderKey SOURCE = new FolderKey(new PairId("p1"), 1, new FolderId("f"), 7);
    private static final CopyLimits LIMITS = new CopyLimits(4, 1_000_000, 60_000, 20_000, 3, 1_000, 4, 1_000);

    private final World world = new World();

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
    void a_lease_that_somebody_holds_is_taken_when_its_token_stood_still_for_its_length() {
        world.lease = new Lease("other", 1, 1);
        world.arrives(page(0, 1, 2));

        assertThat(world.waits.stream().mapToLong(Long::longValue).sum()).isEqualTo(20_000);
        assertThat(world.stored).containsExactly(1L, 2L);
    }

    @Test
    void without_uids_from_the_target_the_folder_is_asked_again_before_each_intent() {
        world.uidPlus = false;
        world.arrives(page(0, 1, 12));

        assertThat(world.stored).hasSize(12);
        assertThat(world.names()).filteredOn("ReadPosition"::equals).hasSize(3);
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
        List<io.carryall.core.port.Intents.Item> items = List.of(new io.carryall.core.port.Intents.Item(1, same, Set.of()), new io.carryall.core.port.Intents.Item(2, same, Set.of()));
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
    void a_lease_that_was_to_be_let_go_of_is_abandoned_when_the_ledger_fails_before() {
        world.arrives(page(0, 1, 3));
        world.machine.on(new CopyInput.Idle());

        assertThat(world.machine.on(new CopyInput.LedgerFailed())).contains(new CopyEffect.AbandonLease());
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

    @Test
    void a_page_is_not_settled_by_an_outcome_that_was_never_written() {
        world.lost = Set.of(1L);
        world.refuses = Map.of(2L, new Refused(false, "", "content not allowed", 0));
        world.failsAt = CopyEffect.RecordFailed.class;
        world.arrives(page(0, 1, 4));

        assertThat(world.failed).containsOnly(Map.entry(1L, Reason.VANISHED), Map.entry(2L, Reason.REFUSED));
        assertThat(world.settledPages).containsExactly(0);
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
    void of_two_that_are_the_same_the_second_is_not_on_its_way_before_the_first_is_recorded() {
        world.same = Set.of(1L, 3L, 6L);
        world.arrives(page(0, 1, 8));

        assertThat(world.stored).isEqualTo(List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L));
        assertThat(world.settledPages).containsExactly(0);
        assertThat(world.mostOfTheSameInOpenIntents).isEqualTo(1);
    }

    @Test
    void what_was_not_sent_goes_before_what_comes_after_it_also_where_groups_were_cut_before_the_same_again() {
        for (int lost = 0; lost < 5; lost++) {
            for (Appended how : List.of(new NotSent("no connection"), new InDoubt("cut"))) {
                World each = new World(new CopyLimits(16, 1_000_000, 60_000, 20_000, 3, 1_000, 4, 1_000));
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
        World.Settled settled = world.settledBySomebodyElse();
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

    @Test
    void a_page_without_items_ends_the_epoch_in_which_it_came_after_what_is_under_way() {
        world.tellAll(new CopyInput.PageArrived(page(0, 1, 24)), new CopyInput.PageArrived(page(1, 1, 0)));

        assertThat(world.stored).hasSize(24);
        assertThat(world.letGo).containsExactly(1);
        assertThat(world.lease.settledEpoch()).isPositive();
        assertThat(world.names()).containsSubsequence("ReleaseLease", "LetGo", "TryLease", "SettlePage");
    }

    /** Numbers that went on from one epoch to the next would soon lie where nobody looks for the open intents of an epoch. */
    @Test
    void groups_are_counted_from_the_beginning_of_each_epoch() {
        World small = new World(new CopyLimits(1, 1_000_000, 60_000, 20_000, 3, 1_000, 4, 3));
        small.arrives(page(0, 1, 10));

        List<Intent> intents = small.effects.stream().filter(CopyEffect.OpenIntent.class::isInstance).map(effect -> ((CopyEffect.OpenIntent) effect).intent()).collect(Collectors.toList());
        assertThat(intents).hasSize(10);
        assertThat(intents.stream().map(intent -> intent.epoch() + "/" + intent.group())).doesNotHaveDuplicates();
        assertThat(intents.stream().map(Intent::epoch).distinct()).hasSizeGreaterThan(2);
        assertThat(intents).allMatch(intent -> intent.group() < 3);
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

    private static CopyPage page(int seq, long firstUid, int count) {
        List<SourceItem> items = LongStream.range(firstUid, firstUid + count).mapToObj(uid -> new SourceItem(uid, 100, uid)).collect(Collectors.toList());
        return new CopyPage(PASS, SOURCE, "scan", seq, TARGET, items);
    }

    private static Done done(long uid, long targetUid) {
        return new Done(uid, PASS, How.COPIED, fingerprint(uid), TARGET, 1, targetUid, Set.of(), Set.of());
    }

    private static Fingerprint fingerprint(long uid) {
        return new Fingerprint(100, uid, "h" + uid, "c" + uid);
    }

    /** One target folder, one source folder and a ledger that answer each effect at once, and remember what they were asked. */
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

    private static CopyPage flagsPage(int seq, long from, long to) {
        return new CopyPage(PASS, SOURCE, "scan", seq, TARGET, List.of(), LongStream.rangeClosed(from, to).boxed().collect(Collectors.toList()));
    }

    private static final class World {
        interface Answer {
            Appended to(List<Long> messages);
        }

        final FolderCopy machine;
        final List<CopyEffect> effects = new ArrayList<>();
        final Deque<Answer> nextAnswers = new ArrayDeque<>();
        final List<Long> stored = new ArrayList<>();
        final Map<Long, Long> uidOf = new LinkedHashMap<>();
        final Map<Long, ItemKey> claims = new HashMap<>();
        final Set<Long> done = new java.util.TreeSet<>();
        final Map<Long, Reason> failed = new HashMap<>();
        final Map<Integer, Intent> openIntents = new LinkedHashMap<>();
        final List<Integer> settledPages = new ArrayList<>();
        final List<Integer> letGo = new ArrayList<>();
        final Map<Integer, Reason> parkedPages = new HashMap<>();
        final List<Long> waits = new ArrayList<>();
        Map<Long, Refused> refuses = Map.of();
        Set<Long> lost = Set.of();
        Set<Long> same = Set.of();
        Map<Long, PassId> unreadableInPass = Map.of();
        Class<? extends CopyEffect> failsAt;
        Class<? extends CopyEffect> stopsAt;
        final List<CopyEffect> undone = new ArrayList<>();
        long mostOfTheSameInOpenIntents;
        final List<Long> carried = new ArrayList<>();
        MailException.Kind flagsFail;
        MailException.Kind flagsSourceFails;
        boolean targetIsGone;
        Lease lease;
        boolean uidPlus = true;
        long nextUid = 10;
        long nowMillis;
        Runnable onWait = () -> { };

        World() {
            this(LIMITS);
        }

        World(CopyLimits limits) {
            machine = new FolderCopy(TARGET, limits);
        }

        void arrives(CopyPage page) {
            tell(new CopyInput.PageArrived(page));
        }

        void tell(CopyInput input) {
            tellAll(input);
        }

        /** All at once, before any of their effects is carried out. */
        void tellAll(CopyInput... inputs) {
            Deque<CopyEffect> todo = new ArrayDeque<>();
            for (CopyInput input : inputs) {
                todo.addAll(machine.on(input));
            }
            while (!todo.isEmpty()) {
                CopyEffect effect = todo.poll();
                if (effect.getClass() == stopsAt || !undone.isEmpty()) {
                    undone.add(effect);
                    continue;
                }
                effects.add(effect);
                boolean fails = effect.getClass() == failsAt;
                if (fails) {
                    failsAt = null;
                    todo.removeIf(waiting -> waiting.lane() == CopyEffect.Lane.LEDGER);
                }
                CopyInput answer = fails ? new CopyInput.LedgerFailed() : answer(effect);
                if (answer != null) {
                    todo.addAll(machine.on(answer));
                }
            }
        }

        record Settled(Set<Long> items) {}

        /** By the next holder of the lease, who looks at the folder and at the ledger. */
        Settled settledBySomebodyElse() {
            Settlement settlement = Settlement.decide(List.copyOf(openIntents.values()), window(10));
            Set<Long> items = settlement.found().stream().map(found -> found.doubt().item().uid()).collect(Collectors.toSet());
            done.addAll(items);
            return new Settled(items);
        }

        List<String> names() {
            return effects.stream().map(effect -> effect.getClass().getSimpleName()).collect(Collectors.toList());
        }

        void store(List<Long> messages) {
            for (long uid : messages) {
                stored.add(uid);
                uidOf.put(uid, nextUid++);
            }
        }

        void delete(long uid) {
            stored.remove(uid);
            uidOf.remove(uid);
        }

        Intent intentOf(long epoch, long... uids) {
            List<io.carryall.core.port.Intents.Item> items = LongStream.of(uids)
                    .mapToObj(uid -> new io.carryall.core.port.Intents.Item(uid, fingerprint(uid), Set.of())).collect(Collectors.toList());
            return new Intent(TARGET, epoch, 1, PASS, SOURCE, 1, 10, items);
        }

        private CopyInput answer(CopyEffect effect) {
            if (effect instanceof CopyEffect.ReadLease it) {
                return new CopyInput.LeaseRead(it.turn(), lease, nowMillis);
            } else if (effect instanceof CopyEffect.TryLease it) {
                long epoch = lease == null ? 1 : lease.epoch() + 1;
                lease = new Lease("mine", epoch, lease == null ? 0 : lease.settledEpoch());
                return new CopyInput.LeaseTried(it.turn(), true, lease);
            } else if (effect instanceof CopyEffect.ReadIntents it) {
                return new CopyInput.IntentsRead(it.turn(), List.copyOf(openIntents.values()));
            } else if (effect instanceof CopyEffect.ReadFlags it) {
                return flagsSourceFails != null ? new CopyInput.SourceFailed(it.group(), flagsSourceFails, "no", 0)
                        : new CopyInput.FlagsRead(it.group(), it.uids().stream().collect(Collectors.toMap(uid -> uid, uid -> FlagSet.of("\\Seen"))));
            } else if (effect instanceof CopyEffect.CarryFlags it) {
                if (flagsFail != null) {
                    return new CopyInput.FlagsNotCarried(it.group(), flagsFail, "no", 0);
                }
                it.flags().keySet().stream().sorted().forEach(carried::add);
                return new CopyInput.FlagsCarried(it.group());
            } else if (effect instanceof CopyEffect.ReadPosition it && targetIsGone) {
                return new CopyInput.TargetFailed(it.turn(), MailException.Kind.FOLDER_CHANGED, "gone", 0);
            } else if (effect instanceof CopyEffect.ReadPosition it) {
                return new CopyInput.PositionRead(it.turn(), new Position(1, nextUid), new Capabilities(uidPlus, true, -1));
            } else if (effect instanceof CopyEffect.Look it) {
                return new CopyInput.Looked(it.turn(), window(it.lowUid()));
            } else if (effect instanceof CopyEffect.Prepare it) {
                return new CopyInput.Prepared(it.group(), it.items().stream().map(item -> prepared(item.uid(), it.pass())).collect(Collectors.toList()));
            } else if (effect instanceof CopyEffect.OpenIntent it) {
                openIntents.put(it.intent().group(), it.intent());
                long ofTheSame = openIntents.values().stream().flatMap(intent -> intent.items().stream()).filter(item -> same.contains(item.uid())).count();
                mostOfTheSameInOpenIntents = Math.max(mostOfTheSameInOpenIntents, ofTheSame);
                return new CopyInput.IntentOpened(it.group());
            } else if (effect instanceof CopyEffect.Append it) {
                return new CopyInput.AppendAnswered(it.group(), append(it.intent().items().stream().map(item -> item.uid()).collect(Collectors.toList())));
            } else if (effect instanceof CopyEffect.Claim it) {
                claims.putAll(it.items());
            } else if (effect instanceof CopyEffect.RecordDone it) {
                it.items().forEach(item -> done.add(item.uid()));
            } else if (effect instanceof CopyEffect.RecordFailed it) {
                it.items().forEach(item -> failed.put(item.uid(), item.reason()));
            } else if (effect instanceof CopyEffect.CloseIntent it) {
                openIntents.remove(it.group());
            } else if (effect instanceof CopyEffect.Confirm it) {
                return new CopyInput.Confirmed(it.group());
            } else if (effect instanceof CopyEffect.SettlePage it) {
                settledPages.add(it.page().seq());
            } else if (effect instanceof CopyEffect.LetGo it) {
                letGo.add(it.page().seq());
            } else if (effect instanceof CopyEffect.ReleaseLease it) {
                lease = new Lease("", lease.epoch(), it.settledEpoch());
            } else if (effect instanceof CopyEffect.MarkSettled it) {
                lease = new Lease(lease.token(), lease.epoch(), it.epoch());
            } else if (effect instanceof CopyEffect.ParkPage it) {
                parkedPages.put(it.page().seq(), it.reason());
            } else if (effect instanceof CopyEffect.Wait it) {
                waits.add(it.millis());
                nowMillis += it.millis();
                onWait.run();
                onWait = () -> { };
                return new CopyInput.WaitOver(it.timer());
            }
            return null;
        }

        private CopyInput.PreparedItem prepared(long uid, PassId pass) {
            boolean settled = done.contains(uid) || failed.containsKey(uid) && !unreadableInPass.containsKey(uid);
            if (pass.equals(unreadableInPass.get(uid))) {
                return new CopyInput.Lost(uid, Reason.UNREADABLE, "stumbled");
            }
            if (lost.contains(uid) && !settled) {
                return new CopyInput.Lost(uid, Reason.VANISHED, "gone");
            }
            return settled ? new CopyInput.Settled(uid) : new CopyInput.Ready(uid, print(uid), Set.of("\\Seen"), null);
        }

        private Fingerprint print(long uid) {
            return fingerprint(same.contains(uid) ? 1 : uid);
        }

        private Appended append(List<Long> messages) {
            if (!nextAnswers.isEmpty()) {
                return nextAnswers.poll().to(messages);
            }
            for (long uid : messages) {
                if (refuses.containsKey(uid)) {
                    return refuses.get(uid);
                }
            }
            return stored(messages);
        }

        private Stored stored(List<Long> messages) {
            store(messages);
            return new Stored(1, uidPlus ? messages.stream().map(uidOf::get).collect(Collectors.toList()) : List.of(), List.of());
        }

        private CopyInput.Window window(long low) {
            Map<Long, ItemKey> claimed = new HashMap<>(claims);
            claimed.keySet().removeIf(uid -> uid < low);
            Map<Long, Fingerprint> unclaimed = new HashMap<>();
            uidOf.forEach((uid, targetUid) -> {
                if (targetUid >= low && !claimed.containsKey(targetUid)) {
                    unclaimed.put(targetUid, print(uid));
                }
            });
            Map<ItemKey, Done> known = new HashMap<>();
            done.forEach(uid -> known.put(SOURCE.item(uid), done(uid, uidPlus ? uidOf.getOrDefault(uid, 0L) : 0L)));
            return new CopyInput.Window(new Position(1, nextUid), claimed, unclaimed, known);
        }
    }
}
