package io.carryall.core.fold;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.item.Fingerprint;
import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.item.SourceItem;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.migration.ItemFilter;
import io.carryall.core.port.Items.Done;
import io.carryall.core.port.Items.Failed;
import io.carryall.core.port.Items.How;
import io.carryall.core.record.FolderStatus;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FolderFoldTest {
    private static final PassId FIRST = new PassId("wave", 1);
    private static final PassId SECOND = new PassId("wave", 2);
    private static final ItemFilter SMALL = new ItemFilter(null, null, 1_000L);

    private final FolderFold fold = new FolderFold(SECOND, ItemFilter.EVERYTHING, 100);

    @Test
    void every_item_is_counted_once_as_what_became_of_it() {
        FolderFold fold = new FolderFold(SECOND, SMALL, 100);
        fold.done(done(1, FIRST, How.COPIED));
        fold.done(done(2, SECOND, How.COPIED));
        fold.done(done(3, SECOND, How.SETTLED));
        fold.failed(failed(4, SECOND, Reason.REFUSED));
        for (long uid = 1; uid <= 5; uid++) {
            fold.seen(item(uid, 10));
        }
        fold.seen(item(6, 1_001));
        FolderResult result = fold.finish(status(6), 0, 0);
        assertThat(result.counts()).isEqualTo(new FolderCounts(6, 2, 1, 1, 1, 1, 200));
        assertThat(result.counts().lawHolds()).isTrue();
        assertThat(result.breaches()).isEmpty();
        assertThat(result.doubts()).isEmpty();
    }

    @Test
    void an_item_that_is_known_to_be_done_before_needs_no_fact() {
        fold.doneBefore(1);
        fold.done(done(2, SECOND, How.COPIED));
        fold.seen(item(1, 10));
        fold.seen(item(2, 10));
        FolderResult result = fold.finish(status(2), 0, 0);
        assertThat(result.counts()).isEqualTo(new FolderCounts(2, 1, 1, 0, 0, 0, 100));
        assertThat(result.breaches()).isEmpty();
    }

    @Test
    void rows_that_come_twice_count_once() {
        for (int i = 0; i < 2; i++) {
            fold.done(done(1, SECOND, How.COPIED));
        }
        for (int i = 0; i < 2; i++) {
            fold.failed(failed(2, SECOND, Reason.REFUSED));
        }
        for (int i = 0; i < 2; i++) {
            fold.seen(item(1, 10));
            fold.seen(item(2, 10));
        }
        assertThat(fold.finish(null, 0, 0).counts()).isEqualTo(new FolderCounts(2, 1, 0, 0, 1, 0, 100));
    }

    @Test
    void an_item_that_was_recognised_under_another_uid_counts_once_and_one_that_was_not_counts_still() {
        fold.done(done(1, SECOND, How.REKEYED));
        fold.done(done(2, SECOND, How.COPIED));
        fold.former(done(17, FIRST, How.COPIED));
        fold.former(done(18, FIRST, How.COPIED));
        fold.seen(item(1, 10));
        fold.seen(item(2, 10));
        FolderResult result = fold.finish(status(2), 0, 0);
        assertThat(result.counts()).isEqualTo(new FolderCounts(3, 1, 2, 0, 0, 0, 100));
        assertThat(result.breaches()).isEmpty();
    }

    @Test
    void an_item_that_was_recognised_twice_counts_once() {
        fold.done(done(1, SECOND, How.REKEYED));
        fold.former(done(33, FIRST, How.REKEYED));
        fold.former(done(17, FIRST, How.COPIED));
        fold.seen(item(1, 10));
        assertThat(fold.finish(null, 0, 0).counts()).isEqualTo(new FolderCounts(1, 0, 1, 0, 0, 0, 0));
    }

    @Test
    void done_wins_over_failed() {
        fold.done(done(1, SECOND, How.COPIED));
        fold.failed(failed(1, SECOND, Reason.QUOTA));
        fold.seen(item(1, 10));
        FolderResult result = fold.finish(null, 0, 0);
        assertThat(result.counts().failed()).isZero();
        assertThat(result.failures()).isEmpty();
    }

    @Test
    void an_item_that_the_filter_leaves_out_now_has_not_failed_any_more() {
        FolderFold fold = new FolderFold(SECOND, SMALL, 100);
        fold.failed(failed(1, FIRST, Reason.TOO_LARGE));
        fold.seen(item(1, 5_000));
        assertThat(fold.finish(null, 0, 0).counts()).isEqualTo(new FolderCounts(1, 0, 0, 1, 0, 0, 0));
    }

    @Test
    void what_was_adopted_or_recognised_was_already_there() {
        fold.done(done(1, SECOND, How.ADOPTED));
        fold.done(done(2, SECOND, How.REKEYED));
        fold.seen(item(1, 10));
        fold.seen(item(2, 10));
        assertThat(fold.finish(null, 0, 0).counts()).isEqualTo(new FolderCounts(2, 0, 2, 0, 0, 0, 0));
    }

    @Test
    void the_newest_attempt_tells_why_an_item_failed() {
        fold.failed(failed(1, SECOND, Reason.TOO_LARGE));
        fold.failed(failed(1, FIRST, Reason.QUOTA));
        fold.failed(failed(2, new PassId("other", 9), Reason.QUOTA));
        fold.failed(failed(2, SECOND, Reason.REFUSED));
        fold.seen(item(1, 10));
        fold.seen(item(2, 10));
        assertThat(fold.finish(null, 0, 0).failures()).extracting(FolderResult.Failure::reason).containsExactly(Reason.TOO_LARGE, Reason.REFUSED);
    }

    @Test
    void more_failures_than_can_be_kept_are_still_counted() {
        FolderFold fold = new FolderFold(SECOND, ItemFilter.EVERYTHING, 3);
        for (long uid = 10; uid >= 1; uid--) {
            fold.failed(failed(uid, SECOND, Reason.QUOTA));
        }
        for (long uid = 1; uid <= 10; uid++) {
            fold.seen(item(uid, 10));
        }
        FolderResult result = fold.finish(null, 0, 0);
        assertThat(result.counts().failed()).isEqualTo(10);
        assertThat(result.retryable()).isEqualTo(10);
        assertThat(result.failures()).extracting(FolderResult.Failure::uid).containsExactly(1L, 2L, 3L);
        assertThat(result.failuresLeftOut()).isEqualTo(7);
    }

    @Test
    void an_item_of_an_earlier_scan_that_no_page_holds_has_vanished_once_all_pages_are_settled() {
        fold.page(List.of(item(2, 10)), true);
        fold.pagesComplete();
        fold.done(done(2, SECOND, How.COPIED));
        fold.seen(item(1, 10));
        fold.seen(item(2, 10));
        FolderResult result = fold.finish(status(1), 1, 1);
        assertThat(result.counts()).isEqualTo(new FolderCounts(2, 1, 0, 0, 1, 0, 100));
        assertThat(result.failures()).extracting(FolderResult.Failure::reason).containsExactly(Reason.VANISHED);
        assertThat(result.breaches()).isEmpty();
    }

    @Test
    void a_page_that_is_settled_before_its_items_breaks_the_law() {
        fold.page(List.of(item(1, 10), item(2, 10)), true);
        fold.done(done(1, SECOND, How.COPIED));
        fold.seen(item(1, 10));
        fold.seen(item(2, 10));
        FolderResult result = fold.finish(null, 1, 1);
        assertThat(result.counts().pending()).isEqualTo(1);
        assertThat(result.breaches()).singleElement().asString().startsWith("1 items have no outcome");
    }

    @Test
    void a_fact_about_an_item_that_no_scan_saw_breaks_the_law() {
        fold.done(done(1, SECOND, How.COPIED));
        FolderResult result = fold.finish(null, 0, 0);
        assertThat(result.counts().lawHolds()).isFalse();
        assertThat(result.breaches()).singleElement().asString().contains("no scan ever saw");
    }

    @Test
    void a_page_that_was_published_and_never_registered_breaks_the_law() {
        assertThat(fold.finish(null, 2, 1).breaches()).hasSize(1);
    }

    @Test
    void fewer_items_than_the_server_counted_are_a_doubt() {
        fold.seen(item(1, 10));
        FolderResult result = fold.finish(status(2), 0, 0);
        assertThat(result.breaches()).isEmpty();
        assertThat(result.doubts()).hasSize(1);
    }

    @Test
    void five_million_items_fit_into_a_small_heap() {
        Fingerprint same = new Fingerprint(1, 0, "h", "c");
        TargetFolder target = new TargetFolder("new/a", "INBOX");
        for (long uid = 1; uid <= 5_000_000; uid++) {
            fold.done(new Done(uid, SECOND, How.COPIED, same, target, 1, uid, Set.of(), Set.of()));
        }
        for (long uid = 1; uid <= 5_000_000; uid++) {
            fold.seen(new SourceItem(uid, 1, 0));
        }
        System.gc();
        long usedBytes = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
        FolderResult result = fold.finish(null, 0, 0);
        assertThat(result.counts().migrated()).isEqualTo(5_000_000);
        assertThat(usedBytes).isLessThan(64L << 20);
    }

    private static Done done(long uid, PassId pass, How how) {
        return new Done(uid, pass, how, new Fingerprint(100, 0, "h", "c" + uid), new TargetFolder("new/a", "INBOX"), 1, uid, Set.of(), Set.of());
    }

    private static Failed failed(long uid, PassId pass, Reason reason) {
        return new Failed(uid, pass, reason, "no", reason.retryable(), "<" + uid + "@x>", 10);
    }

    private static SourceItem item(long uid, long sizeBytes) {
        return new SourceItem(uid, sizeBytes, Instant.EPOCH.getEpochSecond());
    }

    private static FolderStatus status(long messages) {
        return new FolderStatus(1, 100, 0, messages);
    }
}
