package io.carryall.control;

import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PassId;
import io.carryall.core.item.SourceItem;
import io.carryall.core.port.Pages.Page;
import io.carryall.core.port.Passes.PassPair;
import io.carryall.core.record.PipelineRecord.ScanEnd;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;

/**
 * Publishes pages again that the ledger holds open. The page row is the to-do, its record may be lost: after a power cut, after the topic's retention; or it was set aside, and its record let go of. One that comes twice does
 * no harm. Thread-safe.
 */
final class OpenPages {
    /** Of one pair at one time: what comes after them has its turn when these are settled. */
    private static final int AT_ONCE_MAX = 2_000;

    private final ControlParts parts;
    private final PassId pass;
    private final PairRows rows;

    OpenPages(ControlParts parts, PassId pass) {
        this.parts = parts;
        this.pass = pass;
        this.rows = new PairRows(parts.ledger(), pass);
    }

    /** Everything that is not settled, also what was set aside: somebody who asks for the pass to go on wants it tried. */
    Open publishAll(PassPair pair, ScanEnd scan) {
        Open[] open = {Open.NONE};
        publish(pair, scan, page -> {
            open[0] = open[0].plus(page.page().items());
            return true;
        }, Integer.MAX_VALUE);
        return open[0];
    }

    /** What such pages hold. */
    record Open(long items, long bytes) {
        static final Open NONE = new Open(0, 0);

        private Open plus(List<SourceItem> more) {
            return new Open(items + more.size(), bytes + more.stream().mapToLong(SourceItem::sizeBytes).sum());
        }
    }

    /** What was neither settled nor set aside, and what was set aside for a time that is over. Returns how many pages that were. */
    int publishDue(PassPair pair, ScanEnd scan) {
        Instant now = parts.clock().wall();
        return publish(pair, scan, page -> page.parked() == null || page.parked().isDue(now), AT_ONCE_MAX);
    }

    /** What was set aside for a time that is over, alone. */
    int publishParkedDue(PassPair pair, ScanEnd scan) {
        Instant now = parts.clock().wall();
        return publish(pair, scan, page -> page.parked() != null && page.parked().isDue(now), AT_ONCE_MAX);
    }

    private int publish(PassPair pair, ScanEnd scan, Predicate<Page> which, int max) {
        int[] count = new int[1];
        for (FolderKey folder : rows.folders(pair, scan)) {
            parts.ledger().pages().forEach(pass, folder, scan.scan(), page -> {
                if (!page.settled() && count[0] < max && which.test(page)) {
                    publish(page);
                    count[0]++;
                }
            });
        }
        return count[0];
    }

    private void publish(Page page) {
        if (page.parked() != null) {
            parts.ledger().pages().reopen(page.page().ref());
        }
        parts.queue().publish(page.page());
    }
}
