package io.carryall.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.flags.FlagBase;
import io.carryall.core.flags.FlagSet;
import io.carryall.core.fold.FolderCounts;
import io.carryall.core.item.Fingerprint;
import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.item.SourceItem;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.migration.ItemFilter;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Folders.Watermark;
import io.carryall.core.port.Items.Done;
import io.carryall.core.port.Items.Followed;
import io.carryall.core.port.Items.FollowedFlags;
import io.carryall.core.port.Items.How;
import io.carryall.core.port.Passes.PassPair;
import io.carryall.core.record.FolderStatus;
import io.carryall.core.record.PipelineRecord.CopyPage;
import io.carryall.core.record.PipelineRecord.FolderEnd;
import io.carryall.core.record.PipelineRecord.ScanEnd;
import io.carryall.testkit.fake.FakeLedger;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PairFoldTest {
    private static final PassId PASS = new PassId("wave", 2);
    private static final FolderId INBOX = new FolderId("inbox");
    private static final FolderKey KEY = new FolderKey(new PairId("p1"), 1, INBOX, 7);
    private static final TargetFolder TARGET = new TargetFolder("new/ann", "INBOX");
    private static final PassPair PAIR = new PassPair(KEY.pair(), 1, false, "ann", "ann", "ann", "ann", null, null);
    private static final String FILTER = ItemFilter.EVERYTHING.hash();

    private final FakeLedger ledger = new FakeLedger();
    private final PairFold fold = new PairFold(ledger, PASS, ItemFilter.EVERYTHING, false, 100, Runnable::run);

    @BeforeEach
    void folder() {
        ledger.folders().put(KEY.pair(), 1, new Folder(INBOX, "INBOX", "INBOX", "INBOX", TARGET, 7));
    }

    @Test
    void a_folder_that_only_grew_is_counted_from_its_watermark_on() {
        watermark("earlier", 0);
        scan("now", 1_001, 1_002);
        Folded folded = fold.of(PAIR, end("now"), true);
        // Of the thousand before there are no rows here: had they been walked over, they would be missing.
        assertThat(folded.counts()).isEqualTo(new FolderCounts(1_002, 2, 1_000, 0, 0, 0, 200));
        assertThat(folded.breaches()).isZero();
        assertThat(folded.watermarks()).hasSize(1);
        folded.watermarks().forEach((next, before) -> assertThat(next).isEqualTo(new Watermark(INBOX, new FolderStatus(7, 1_003, 0, 1_002), FILTER, "now", 1_002, 1_002, 0, 0, 0)));
    }

    @Test
    void a_folder_in_which_something_failed_before_is_folded_whole() {
        watermark("earlier", 1);
        scan("now", 1_001);
        assertThat(fold.of(PAIR, end("now"), true).counts().found()).isEqualTo(1);
    }

    @Test
    void what_the_pass_itself_settled_before_it_was_stopped_is_migrated() {
        scan("before-the-stop", 1, 2);
        ledger.folders().scanEnded(end("before-the-stop"));
        assertThat(ledger.folders().putWatermark(KEY.pair(), 1, null, new Watermark(INBOX, new FolderStatus(7, 3, 0, 2), FILTER, "before-the-stop", 2, 2, 0, 0, 0))).isTrue();
        ScanEnd skips = new ScanEnd(PASS, KEY.pair(), 1, "after-it", List.of(), List.of(INBOX), List.of(), List.of(), null);
        assertThat(fold.of(PAIR, skips, true).counts()).isEqualTo(new FolderCounts(2, 2, 0, 0, 0, 0, 200));
    }

    @Test
    void the_fold_of_a_whole_folder_leaves_a_summary_and_the_next_one_needs_no_fact_of_what_it_tells() {
        scan("now", 1, 2);
        ledger.passes().create(PASS, "{}", false, Instant.EPOCH);
        assertThat(fold.of(PAIR, end("now"), true).counts()).isEqualTo(new FolderCounts(2, 2, 0, 0, 0, 0, 200));
        assertThat(fold.of(PAIR, end("now"), true).counts()).as("folded again by the same pass").isEqualTo(new FolderCounts(2, 2, 0, 0, 0, 0, 200));

        PassId next = new PassId("wave", 3);
        ledger.items().seen(KEY, "later", List.of(new SourceItem(3, 100, 0)));
        ledger.items().done(KEY, List.of(new Done(3, next, How.COPIED, new Fingerprint(100, 0, "h", "c"), TARGET, 1, 3, Set.of(), Set.of())));
        ledger.folders().folderEnded(new FolderEnd(next, KEY, "later", new FolderStatus(7, 4, 0, 3), 0));
        ScanEnd end = new ScanEnd(next, KEY.pair(), 1, "later", List.of(INBOX), List.of(), List.of(), List.of(), null);

        assertThat(new PairFold(ledger, next, ItemFilter.EVERYTHING, false, 100, Runnable::run).of(PAIR, end, true).counts()).isEqualTo(new FolderCounts(3, 1, 2, 0, 0, 0, 100));
        assertThat(ledger.items().summarised(KEY, List.of(1L, 2L, 3L))).containsExactlyInAnyOrder(1L, 2L, 3L);
    }

    @Test
    void what_another_pass_that_runs_now_has_done_is_left_out_of_the_summary() {
        PassId other = new PassId("another", 1);
        ledger.passes().create(other, "{}", true, Instant.EPOCH);
        ledger.items().done(KEY, List.of(new Done(1, other, How.COPIED, new Fingerprint(100, 0, "h", "c"), TARGET, 1, 1, Set.of(), Set.of())));
        scan("now", 1, 2);

        assertThat(fold.of(PAIR, end("now"), true).counts()).isEqualTo(new FolderCounts(2, 1, 1, 0, 0, 0, 100));

        assertThat(ledger.items().summarised(KEY, List.of(1L, 2L))).containsExactly(2L);
    }

    @Test
    void the_mark_of_flags_moves_on_only_when_it_is_known_of_each_item_what_became_of_it() {
        assertThat(flagsMarkAfter(40, true, followed(1, PASS, Followed.CARRIED), followed(2, PASS, Followed.GONE))).isEqualTo(50);
        assertThat(flagsMarkAfter(40, true, followed(1, PASS, Followed.CARRIED), followed(2, PASS, Followed.CONTENDED))).as("changed each time that it was to be changed").isEqualTo(40);
        assertThat(flagsMarkAfter(40, true, followed(1, PASS, Followed.CARRIED))).as("the source did not tell the other's").isEqualTo(40);
        assertThat(flagsMarkAfter(40, true, followed(1, PASS, Followed.CARRIED), followed(2, new PassId("wave", 1), Followed.CARRIED))).as("known of an earlier pass alone").isEqualTo(40);
    }

    @Test
    void the_mark_of_flags_is_not_kept_beyond_mod_sequences_that_were_counted_anew() {
        assertThat(flagsMarkAfter(40, false)).isEqualTo(40);
        assertThat(flagsMarkAfter(400, false)).isZero();
    }

    private static FollowedFlags followed(long uid, PassId pass, Followed how) {
        return new FollowedFlags(uid, pass, FlagBase.copied(Set.of(), Set.of()), how, FlagSet.NONE);
    }

    /** Of a folder whose HIGHESTMODSEQ is 50, where the flags of 1 and 2 were to be carried. */
    private static long flagsMarkAfter(long before, boolean follows, FollowedFlags... rows) {
        FakeLedger ledger = new FakeLedger();
        ledger.folders().put(KEY.pair(), 1, new Folder(INBOX, "INBOX", "INBOX", "INBOX", TARGET, 7));
        ledger.folders().putWatermark(KEY.pair(), 1, null, new Watermark(INBOX, new FolderStatus(7, 1_001, 45, 1_000), FILTER, "earlier", 1_000, 1_000, 0, 0, 0, before));
        CopyPage page = new CopyPage(PASS, KEY, "now", 0, TARGET, List.of(), List.of(1L, 2L));
        ledger.pages().put(page);
        ledger.items().flags(KEY, 1, 0, List.of(rows));
        ledger.pages().settled(page.ref());
        ledger.folders().folderEnded(new FolderEnd(PASS, KEY, "now", new FolderStatus(7, 1_001, 50, 1_000), 1));
        Set<Watermark> marks = new PairFold(ledger, PASS, ItemFilter.EVERYTHING, follows, 100, Runnable::run).of(PAIR, end("now"), true).watermarks().keySet();
        assertThat(marks).hasSize(1);
        return marks.iterator().next().flagsModSeq();
    }

    private void watermark(String scan, long failed) {
        ledger.folders().putWatermark(KEY.pair(), 1, null, new Watermark(INBOX, new FolderStatus(7, 1_001, 0, 1_000), FILTER, scan, 1_000, 1_000 - failed, 0, failed, 0));
    }

    private void scan(String scan, long... uids) {
        List<SourceItem> items = Arrays.stream(uids).mapToObj(uid -> new SourceItem(uid, 100, 0)).toList();
        CopyPage page = new CopyPage(PASS, KEY, scan, 0, TARGET, items);
        ledger.items().seen(KEY, scan, items);
        ledger.pages().put(page);
        ledger.items().done(KEY, items.stream().map(item -> new Done(item.uid(), PASS, How.COPIED, new Fingerprint(100, 0, "h", "c"), TARGET, 1, item.uid(), Set.of(), Set.of())).toList());
        ledger.pages().settled(page.ref());
        long last = uids[uids.length - 1];
        ledger.folders().folderEnded(new FolderEnd(PASS, KEY, scan, new FolderStatus(7, last + 1, 0, last), 1));
    }

    private static ScanEnd end(String scan) {
        return new ScanEnd(PASS, KEY.pair(), 1, scan, List.of(INBOX), List.of(), List.of(), List.of(), null);
    }
}
