package io.carryall.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import io.carryall.core.flags.FlagBase;
import io.carryall.core.flags.FlagSet;
import io.carryall.core.item.Fingerprint;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.ItemKey;
import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.item.SourceItem;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Items;

/** What every ledger promises of {@link Items}: what was seen and what became of it; the first fact stays. */
public interface ItemsContract extends TestedLedger {
    @Test
    default void what_scans_saw_can_be_asked_of_some_items_and_the_first_sight_stays() {
        FolderKey folder = new Names().folder();
        List<SourceItem> items = LongStream.of(1, 2, 300, 8_192, 70_000).mapToObj(uid -> new SourceItem(uid, uid * 10, uid % 2 == 0 ? SourceItem.NO_DATE : uid)).toList();
        ledger().items().seen(folder, "scan-1", items);
        ledger().items().seen(folder, "scan-2", List.of(new SourceItem(2, 7, 7), new SourceItem(3, 8, 8)));

        Map<Long, SourceItem> among = anotherLedger().items().seenAmong(folder, List.of(2L, 3L, 4L, 300L, 70_000L));

        assertThat(among).isEqualTo(Map.of(2L, items.get(1), 3L, new SourceItem(3, 8, 8), 300L, items.get(2), 70_000L, items.get(4)));
        assertThat(ledger().items().seenAmong(folder, List.of())).isEmpty();
    }

    @Test
    default void each_seen_item_comes_once_in_the_order_of_uids_however_many_scans_saw_it() {
        Names names = new Names();
        // On both sides of bucket and block borders, and at the end of the 32 bits.
        List<SourceItem> all = LongStream.of(1, 255, 256, 257, 8_190, 8_191, 8_192, 8_193, 16_384, 2_147_483_648L, 4_294_967_295L).mapToObj(uid -> new SourceItem(uid, uid % 999, 1_700_000_000L + uid % 100)).toList();
        List<SourceItem> grown = new ArrayList<>(all.subList(4, 8));
        grown.add(new SourceItem(9_000, 5, SourceItem.NO_DATE));

        ledger().items().seen(names.folder(), "scan-a", all);
        ledger().items().seen(names.folder(), "scan-a", all.subList(0, 3));
        ledger().items().seen(names.folder(), "scan-b", grown);

        List<SourceItem> expected = new ArrayList<>(all);
        expected.add(8, new SourceItem(9_000, 5, SourceItem.NO_DATE));
        assertThat(seen(names.folder())).containsExactlyElementsOf(expected);
        assertThat(seen(names.folder("f2"))).isEmpty();
    }

    @Test
    default void many_seen_items_come_back_whole() {
        Names names = new Names();
        List<SourceItem> all = LongStream.rangeClosed(8_000, 12_999).mapToObj(uid -> new SourceItem(uid, uid, uid)).toList();
        for (int from = 0; from < all.size(); from += 250) {
            ledger().items().seen(names.folder(), "scan-a", all.subList(from, from + 250));
        }

        assertThat(seen(names.folder())).isEqualTo(all);
    }

    @Test
    default void facts_are_told_of_those_items_that_have_any() {
        Names names = new Names();
        Items.Done done = done(names, 5, 8_195, 700);
        Items.Failed failed = failed(names.pass(1), 5, Reason.UNREADABLE);
        ledger().items().seen(names.folder(), "scan-a", List.of(new SourceItem(1, 1, 1)));
        ledger().items().done(names.folder(), List.of(done));
        ledger().items().failed(names.folder(), List.of(failed, failed(names.pass(1), 6, Reason.TOO_LARGE)));

        Map<Long, Items.Facts> facts = anotherLedger().items().facts(names.folder(), List.of(1L, 5L, 6L, 8_195L, 4_294_967_295L));

        assertThat(facts).containsOnlyKeys(5L, 6L);
        assertThat(facts.get(5L)).isEqualTo(new Items.Facts(done, List.of(failed)));
        assertThat(facts.get(6L)).isEqualTo(new Items.Facts(null, List.of(failed(names.pass(1), 6, Reason.TOO_LARGE))));
        assertThat(ledger().items().facts(names.folder(), List.of())).isEmpty();
        assertThat(ledger().items().facts(names.folder("f2"), List.of(5L))).isEmpty();
    }

    @Test
    default void facts_of_many_items_at_once() {
        Names names = new Names();
        List<Items.Done> all = LongStream.rangeClosed(8_000, 8_499).mapToObj(uid -> done(names, uid, 10_000 + uid, uid)).toList();
        ledger().items().done(names.folder(), all);

        Map<Long, Items.Facts> facts = ledger().items().facts(names.folder(), LongStream.rangeClosed(7_900, 8_600).boxed().toList());

        assertThat(facts).hasSize(500);
        all.forEach(done -> assertThat(facts.get(done.uid()).done()).isEqualTo(done));
    }

    @Test
    default void the_first_done_of_an_item_stays() {
        Names names = new Names();
        Items.Done first = done(names, 5, 100, 700);
        ledger().items().done(names.folder(), List.of(first));

        ledger().items().done(names.folder(), List.of(first));
        anotherLedger().items().done(names.folder(), List.of(done(names, 5, 200, 700)));

        List<Items.Done> found = new ArrayList<>();
        ledger().items().forEachDone(names.folder(), found::add);
        assertThat(found).containsExactly(first);
        assertThat(ledger().items().facts(names.folder(), List.of(5L)).get(5L).done()).isEqualTo(first);
    }

    @Test
    default void seen_and_done_are_told_from_a_uid_on() {
        Names names = new Names();
        ledger().items().seen(names.folder(), "scan-a", List.of(new SourceItem(5, 1, 1), new SourceItem(8_190, 1, 1), new SourceItem(8_191, 1, 1), new SourceItem(8_195, 1, 1)));
        ledger().items().done(names.folder(), List.of(done(names, 5, 1, 700), done(names, 8_190, 2, 700), done(names, 8_191, 3, 700), done(names, 8_195, 4, 700)));

        List<Long> seen = new ArrayList<>();
        anotherLedger().items().forEachSeen(names.folder(), 8_191, item -> seen.add(item.uid()));
        List<Long> done = new ArrayList<>();
        anotherLedger().items().forEachDone(names.folder(), 8_191, fact -> done.add(fact.uid()));

        assertThat(seen).containsExactly(8_191L, 8_195L);
        assertThat(done).containsExactlyInAnyOrder(8_191L, 8_195L);
    }

    @Test
    default void done_without_a_target_uid_or_flags_comes_back_as_it_was() {
        Names names = new Names();
        Items.Done bare = new Items.Done(9, names.pass(1), Items.How.SETTLED, new Fingerprint(1, -5, "h", "c"), names.target(), 0, 0, Set.of(), Set.of());

        ledger().items().done(names.folder(), List.of(bare));

        assertThat(ledger().items().facts(names.folder(), List.of(9L)).get(9L).done()).isEqualTo(bare);
    }

    @Test
    default void a_summary_tells_which_items_need_no_look_and_a_pass_does_not_rely_on_its_own() {
        Names names = new Names();
        List<Long> uids = List.of(1L, 2L, 8_191L, 8_192L, 70_000L, 4_294_967_295L);
        ledger().items().seen(names.folder(), "scan-a", uids.stream().map(uid -> new SourceItem(uid, 1, 1)).toList());

        ledger().items().summarise(names.folder(), names.pass(1), LongStream.of(1, 8_191).iterator());
        ledger().items().summarise(names.folder(), names.pass(1), uids.stream().mapToLong(Long::longValue).iterator());

        assertThat(summary(names.folder(), names.pass(2))).isEqualTo(uids);
        assertThat(summary(names.folder(), names.pass(1))).isEmpty();
        assertThat(summary(names.folder("f2"), names.pass(2))).isEmpty();
        assertThat(anotherLedger().items().summarised(names.folder(), List.of(2L, 3L, 8_192L, 8_193L, 4_294_967_295L))).containsExactlyInAnyOrder(2L, 8_192L, 4_294_967_295L);
        assertThat(ledger().items().summarised(names.folder("f2"), List.of(2L))).isEmpty();
    }

    @Test
    default void message_ids_of_a_folder_come_back() {
        Names names = new Names();
        ledger().items().messageIds(names.folder(), Map.of(5L, "<a@old.example>", 8_195L, " odd \"id\" % "));
        ledger().items().messageIds(names.folder(), Map.of(5L, "<a@old.example>"));

        Map<Long, String> found = new HashMap<>();
        anotherLedger().items().forEachMessageId(names.folder(), found::put);
        assertThat(found).containsExactlyInAnyOrderEntriesOf(Map.of(5L, "<a@old.example>", 8_195L, " odd \"id\" % "));
        ledger().items().forEachMessageId(names.folder("f2"), (uid, id) -> assertThat(uid).as("another folder's").isNull());
    }

    @Test
    default void failures_are_one_for_each_pass_and_come_oldest_first() {
        Names names = new Names();
        for (int number : new int[] {1, 2, 10}) {
            ledger().items().failed(names.folder(), List.of(failed(names.pass(number), 5, Reason.UNREADABLE)));
        }
        ledger().items().failed(names.folder(), List.of(failed(names.pass(2), 5, Reason.UNREADABLE)));

        assertThat(ledger().items().facts(names.folder(), List.of(5L)).get(5L).failures()).extracting(Items.Failed::pass).containsExactly(names.pass(1), names.pass(2), names.pass(10));
        List<Items.Failed> found = new ArrayList<>();
        anotherLedger().items().forEachFailed(names.folder(), found::add);
        assertThat(found).hasSize(3).contains(failed(names.pass(10), 5, Reason.UNREADABLE));
    }

    @Test
    default void that_an_item_may_have_arrived_prevails_over_what_else_is_said_of_it_in_that_pass() {
        Names names = new Names();
        Items.Failed ambiguous = failed(names.pass(2), 5, Reason.AMBIGUOUS);
        ledger().items().failed(names.folder(), List.of(failed(names.pass(1), 5, Reason.UNREADABLE)));
        ledger().items().failed(names.folder(), List.of(failed(names.pass(2), 5, Reason.UNREADABLE)));
        ledger().items().failed(names.folder(), List.of(ambiguous));
        ledger().items().failed(names.folder(), List.of(failed(names.pass(2), 5, Reason.VANISHED)));

        assertThat(anotherLedger().items().facts(names.folder(), List.of(5L)).get(5L).failures()).containsExactly(failed(names.pass(1), 5, Reason.UNREADABLE), ambiguous);
    }

    @Test
    default void of_what_was_carried_of_flags_the_highest_epoch_stays_and_in_it_the_highest_step() {
        Names names = new Names();
        Items items = ledger().items();
        Items.FollowedFlags inherited = followed(names, 1, Items.Followed.SAME);
        Items.FollowedFlags first = followed(names, 1, Items.Followed.CARRIED, "\\Seen", "Büro", "%x y");
        Items.FollowedFlags second = followed(names, 1, Items.Followed.GONE, "\\Flagged");

        items.flags(names.folder(), 0, 0, List.of(inherited, followed(names, 8_192, Items.Followed.SAME)));
        items.flags(names.folder(), 3, 1, List.of(second));
        anotherLedger().items().flags(names.folder(), 2, Items.FLAG_STEPS_MAX - 1, List.of(first));
        assertThat(items.flags(names.folder(), List.of(1L)).values()).as("a zombie's comes too late").containsExactly(second);
        items.flags(names.folder(), 3, 2, List.of(first));
        items.flags(names.folder(), 3, 0, List.of(second));

        assertThat(anotherLedger().items().flags(names.folder(), List.of(1L, 2L, 8_192L))).isEqualTo(Map.of(1L, first, 8_192L, followed(names, 8_192, Items.Followed.SAME)));
        assertThat(items.flags(names.folder("f2"), List.of(1L))).isEmpty();
    }

    @Test
    default void claimed_target_uids_are_told_from_a_uid_on() {
        Names names = new Names();
        TargetFolder target = names.target();
        Items items = ledger().items();
        items.claim(target, 77, claims(names, 1, 8_191, 8_192, 4_294_967_295L));
        items.claim(target, 77, claims(names, 8_191));
        items.claim(target, 78, claims(names, 5));

        List<Long> inOrder = new ArrayList<>();
        items.forEachClaim(target, 77, 0, (uid, item) -> inOrder.add(uid));
        assertThat(inOrder).containsExactly(1L, 8_191L, 8_192L, 4_294_967_295L);
        assertThat(anotherLedger().items().claimed(target, 77, 8_191)).isEqualTo(claims(names, 8_191, 8_192, 4_294_967_295L));
        assertThat(items.claimed(target, 77, 0)).hasSize(4);
        assertThat(items.claimed(target, 79, 0)).isEmpty();
        assertThat(anotherLedger().items().newestClaim(target, 77)).hasValue(4_294_967_295L);
        assertThat(items.newestClaim(target, 79)).isEmpty();
    }

    @Test
    default void a_forgiven_attempt_reads_as_retryable_for_good_and_others_stay_as_they_are() {
        Names names = new Names();
        Items.Failed large = failed(names.pass(1), 5, Reason.TOO_LARGE);
        ledger().items().failed(names.folder(), List.of(large, failed(names.pass(1), 6, Reason.TOO_LARGE)));

        ledger().items().forgive(names.folder(), List.of(large));
        ledger().items().forgive(names.folder(), List.of(large));
        anotherLedger().items().failed(names.folder(), List.of(large));

        Items.Failed forgiven = new Items.Failed(5, large.pass(), large.reason(), large.detail(), true, large.messageId(), large.sizeBytes());
        assertThat(anotherLedger().items().facts(names.folder(), List.of(5L, 6L))).isEqualTo(Map.of(5L, new Items.Facts(null, List.of(forgiven)),
                6L, new Items.Facts(null, List.of(failed(names.pass(1), 6, Reason.TOO_LARGE)))));
        List<Items.Failed> all = new ArrayList<>();
        ledger().items().forEachFailed(names.folder(), all::add);
        assertThat(all).containsExactly(forgiven, failed(names.pass(1), 6, Reason.TOO_LARGE));
    }

    private List<SourceItem> seen(FolderKey folder) {
        List<SourceItem> found = new ArrayList<>();
        anotherLedger().items().forEachSeen(folder, found::add);
        return found;
    }

    private List<Long> summary(FolderKey folder, PassId but) {
        List<Long> found = new ArrayList<>();
        anotherLedger().items().forEachSummarised(folder, but, found::add);
        return found;
    }

    private static Items.FollowedFlags followed(Names names, long uid, Items.Followed how, String... flags) {
        return new Items.FollowedFlags(uid, names.pass(2), new FlagBase(FlagSet.of(flags), FlagSet.NONE, FlagSet.of(flags)), how, FlagSet.of("no"));
    }

    private static Map<Long, ItemKey> claims(Names names, long... uids) {
        Map<Long, ItemKey> claims = new HashMap<>();
        for (long uid : uids) {
            claims.put(uid, names.folder().item(uid + 1_000));
        }
        return claims;
    }

    private static Items.Done done(Names names, long uid, long targetUid, long size) {
        return new Items.Done(uid, names.pass(1), Items.How.COPIED, new Fingerprint(size, 1_700_000_000L + uid, "headers" + uid, "content" + uid), names.target(), 4_000_000_001L, targetUid,
                Set.of("\\Seen", "$Forwarded"), Set.of("$Forwarded"));
    }

    private static Items.Failed failed(PassId pass, long uid, Reason reason) {
        return new Items.Failed(uid, pass, reason, "the server said: ü", reason.retryable(), uid % 2 == 0 ? null : "<m" + uid + "@old.example>", 3_000_000_000L);
    }
}
