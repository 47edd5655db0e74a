package io.carryall.core.fold;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.fold.FoldBasis.Grown;
import io.carryall.core.fold.FoldBasis.Standing;
import io.carryall.core.fold.FoldBasis.Unfinished;
import io.carryall.core.fold.FoldBasis.Whole;
import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Folders.Watermark;
import io.carryall.core.record.FolderStatus;
import io.carryall.core.record.PipelineRecord.FolderEnd;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FoldBasisTest {
    private static final FolderId INBOX = new FolderId("inbox");
    private static final Folder FOLDER = new Folder(INBOX, "INBOX", "INBOX", "INBOX", new TargetFolder("new/ann", "INBOX"), 7);
    private static final Watermark MARK = mark("f", "earlier", 0, 0);
    private static final FolderEnd GREW = end(7, 103);
    private static final Pages NEW_ONES = new Pages(false, 101);

    /** @param lowest UID of an item in the pages; all of them are settled */
    private record Pages(boolean none, long lowest) implements FoldBasis.Pages {
        @Override
        public boolean allSettledFrom(long uid) {
            return lowest >= uid;
        }
    }

    @Test
    void a_folder_that_was_skipped_stands_where_its_watermark_stands() {
        assertThat(of(FOLDER, null, MARK, true, NEW_ONES)).isEqualTo(new Standing(MARK));
    }

    @Test
    void a_folder_that_the_scan_did_not_come_to_stands_as_long_as_it_has_no_page_of_it() {
        assertThat(of(FOLDER, null, MARK, false, new Pages(true, 0))).isEqualTo(new Standing(MARK));
        assertThat(of(FOLDER, null, MARK, false, NEW_ONES)).isEqualTo(new Unfinished());
    }

    @Test
    void without_a_watermark_of_this_filter_and_an_earlier_pass_the_rows_have_to_tell() {
        for (Watermark mark : new Watermark[] {null, mark("another", "earlier", 0, 0), mark("f", "of-this-pass", 0, 0)}) {
            assertThat(of(FOLDER, null, mark, true, NEW_ONES)).isEqualTo(new Unfinished());
            assertThat(of(FOLDER, GREW, mark, false, NEW_ONES)).isEqualTo(new Whole(GREW));
        }
    }

    @Test
    void a_folder_in_which_nothing_but_newer_items_was_met_has_grown() {
        assertThat(of(FOLDER, GREW, MARK, false, NEW_ONES)).isEqualTo(new Grown(MARK, GREW));
        assertThat(of(FOLDER, GREW, MARK, false, new Pages(false, 100))).as("an item from before the watermark").isEqualTo(new Whole(GREW));
    }

    @Test
    void a_folder_in_which_something_failed_before_is_folded_whole() {
        assertThat(of(FOLDER, GREW, mark("f", "earlier", 1, 0), false, NEW_ONES)).isEqualTo(new Whole(GREW));
        assertThat(of(FOLDER, GREW, mark("f", "earlier", 0, 1), false, NEW_ONES)).isEqualTo(new Whole(GREW));
    }

    @Test
    void a_folder_whose_uids_are_others_than_before_is_folded_whole() {
        assertThat(of(FOLDER, end(8, 103), MARK, false, NEW_ONES)).isEqualTo(new Whole(end(8, 103)));
        assertThat(of(FOLDER, end(7, 50), MARK, false, NEW_ONES)).isEqualTo(new Whole(end(7, 50)));
        assertThat(of(FOLDER.rekeyed(9), GREW, MARK, false, NEW_ONES)).isEqualTo(new Whole(GREW));
    }

    private static FoldBasis of(Folder folder, FolderEnd end, Watermark standing, boolean skipped, Pages pages) {
        return FoldBasis.of(folder, end, standing, "f", Set.of("of-this-pass"), skipped, pages);
    }

    private static Watermark mark(String filter, String scan, long failed, long retry) {
        return new Watermark(INBOX, new FolderStatus(7, 101, 0, 100), filter, scan, 100, 100 - failed - retry, 0, failed, retry);
    }

    private static FolderEnd end(long uidValidity, long uidNext) {
        return new FolderEnd(new PassId("wave", 2), new FolderKey(new PairId("p1"), 1, INBOX, uidValidity), "now", new FolderStatus(uidValidity, uidNext, 0, 102), 1);
    }
}
