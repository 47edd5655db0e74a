package io.carryall.core.port;

import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.record.PageRef;
import io.carryall.core.record.PipelineRecord.CopyPage;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Page rows: the to-do of the copiers. Kafka only carries it. */
public interface Pages {
    /** Registers the page, open, or settled at once where it has no item to copy. A page that is there keeps its state. */
    default void put(CopyPage page) {
        put(List.of(page));
    }

    /**
     * Registers pages of one folder that one scan found, as if each were put.
     *
     * @return the numbers of those that were there before
     */
    Set<Integer> put(List<CopyPage> pages);

    /** Each of its items has a durable outcome. */
    void settled(PageRef page);

    /** Set aside: not to be tried before {@code until}. Overwrites an earlier parking; a settled page stays settled. */
    void park(PageRef page, Instant until, Reason reason, String detail);

    /** Takes up again what was set aside: it is open, as it was before. A settled page stays settled. */
    void reopen(PageRef page);

    /** All pages of one folder that one scan found, in their order. */
    List<Page> of(PassId pass, FolderKey folder, String scan);

    /** The same, one by one: a large folder has tens of thousands of pages, more than memory should hold at once. */
    default void forEach(PassId pass, FolderKey folder, String scan, Consumer<Page> pages) {
        of(pass, folder, scan).forEach(pages);
    }

    /** How far these pages are. Asked again and again while a folder is copied, so a ledger answers without reading their items where it can. */
    default Progress progress(PassId pass, FolderKey folder, String scan) {
        int[] counts = new int[3];
        Parked[] first = new Parked[1];
        forEach(pass, folder, scan, page -> {
            boolean parked = !page.settled() && page.parked() != null;
            counts[0]++;
            counts[1] += page.settled() ? 1 : 0;
            counts[2] += parked ? 1 : 0;
            first[0] = first[0] == null && parked ? page.parked() : first[0];
        });
        return new Progress(counts[0], counts[1], counts[2], first[0]);
    }

    /** @param parked null where it is not parked */
    record Page(CopyPage page, boolean settled, Parked parked) {}

    /**
     * @param parked set aside and not settled
     * @param first  the first of those; null where there is none
     */
    record Progress(int registered, int settled, int parked, Parked first) {}

    record Parked(Instant until, Reason reason, String detail) {
        /** Whether it may be tried again. What was set aside because the pass stood still may be as soon as it goes on, whatever the clock of the one who set it aside. */
        public boolean isDue(Instant now) {
            return reason == Reason.INTERRUPTED || !until.isAfter(now);
        }
    }
}
