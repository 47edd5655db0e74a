package io.carryall.core.fold;

import io.carryall.core.fold.FolderResult.Failure;
import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.item.SourceItem;
import io.carryall.core.migration.ItemFilter;
import io.carryall.core.port.Items.Done;
import io.carryall.core.port.Items.Failed;
import io.carryall.core.port.Items.How;
import io.carryall.core.record.FolderStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * Folds the rows of one folder into what became of its items, as one pass sees it: done over excluded over failed over pending. Feed it in this order: {@link #page}, {@link #done} and {@link #former}, {@link #failed},
 * {@link #seen} (each any number of times; rows that come twice count once), then {@link #finish}. Pages are read first, so that what they promise must be among the facts that are read after them. Keeps about two bytes an item, and {@code failuresMax} failures and dropped keywords each. For one thread.
 */
public final class FolderFold {
    private static final String GONE = "an earlier scan saw it, and it is no longer in the folder";

    private final PassId pass;
    private final ItemFilter filter;
    private final int failuresMax;

    private final UidSet done = new UidSet();
    private final UidSet failed = new UidSet();
    private final UidSet failedRetryable = new UidSet();
    private final UidSet paged = new UidSet();
    private final UidSet promised = new UidSet();
    private final UidSet seen = new UidSet();
    private final TreeMap<Long, Failed> newest = new TreeMap<>();
    private final TreeMap<Long, Failure> failures = new TreeMap<>();
    private final TreeMap<Long, Set<String>> dropped = new TreeMap<>();

    private long former;
    private long heirs;
    private long migrated;
    private long bytes;
    private long doneSeen;
    private long excluded;
    private long failedSeen;
    private long retryable;
    private long pending;
    private long broken;
    private long pagedSeen;
    private boolean complete;

    public FolderFold(PassId pass, ItemFilter filter, int failuresMax) {
        this.pass = pass;
        this.filter = filter;
        this.failuresMax = failuresMax;
    }

    /** The item is known to be done, and not by this pass: its fact need not come. Before any {@link #done}. */
    public void doneBefore(long uid) {
        done.add(uid);
    }

    public void done(Done fact) {
        if (!done.add(fact.uid())) {
            return;
        }
        heirs += fact.how() == How.REKEYED ? 1 : 0;
        if (byThisPass(fact)) {
            migrated++;
            bytes += fact.fingerprint() == null ? 0 : fact.fingerprint().sizeBytes();
            if (!fact.dropped().isEmpty() && dropped.size() < failuresMax) {
                dropped.put(fact.uid(), fact.dropped());
            }
        }
    }

    private boolean byThisPass(Done fact) {
        return fact.pass().equals(pass) && (fact.how() == How.COPIED || fact.how() == How.SETTLED);
    }

    /** A fact of a former state of the folder's UIDs. The item is known, even where the folder does not hold it any more; one that was recognised since is known as its heir alone. */
    public void former(Done fact) {
        former++;
        heirs += fact.how() == How.REKEYED ? 1 : 0;
    }

    /** Attempts at one item may come in any order where their passes tell which one is newer; else the later one counts. */
    public void failed(Failed attempt) {
        if (done.contains(attempt.uid())) {
            return;
        }
        failed.add(attempt.uid());
        Failed known = newest.get(attempt.uid());
        if (known == null || isNewer(attempt, known)) {
            newest.put(attempt.uid(), attempt);
        }
        if (newest.size() > failuresMax) {
            Failed beyond = newest.pollLastEntry().getValue();
            if (beyond.retryable()) {
                failedRetryable.add(beyond.uid());
            }
        }
    }

    private boolean isNewer(Failed attempt, Failed known) {
        boolean sameMigration = attempt.pass().migration().equals(known.pass().migration());
        return sameMigration ? attempt.pass().number() >= known.pass().number() : !known.pass().equals(pass);
    }

    /**
     * A page of the scan that decides.
     *
     * @param settled whether it says that each of its items has a durable outcome
     */
    public void page(List<SourceItem> items, boolean settled) {
        for (SourceItem item : items) {
            paged.add(item.uid());
            if (settled) {
                promised.add(item.uid());
            }
        }
    }

    /** Every page of the scan has been fed and is settled: an item that should be copied and stands in none of them was seen earlier, and is gone. */
    public void pagesComplete() {
        complete = true;
    }

    /** True if it is pending: nothing else is known of it, and nothing leaves it out. */
    public boolean seen(SourceItem item) {
        if (!seen.add(item.uid())) {
            return false;
        }
        long pendingBefore = pending;
        pagedSeen += paged.contains(item.uid()) ? 1 : 0;
        if (done.contains(item.uid())) {
            doneSeen++;
        } else if (!filter.lets(item.sizeBytes(), item.hasDate() ? item.date() : null).letsThrough()) {
            excluded++;
        } else if (failed.contains(item.uid())) {
            failedSeen(item);
        } else if (complete && !paged.contains(item.uid())) {
            gone(item);
        } else {
            pending++;
            broken += promised.contains(item.uid()) ? 1 : 0;
        }
        return pending > pendingBefore;
    }

    private void failedSeen(SourceItem item) {
        failedSeen++;
        Failed attempt = newest.get(item.uid());
        if (attempt == null) {
            retryable += failedRetryable.contains(item.uid()) ? 1 : 0;
            return;
        }
        retryable += attempt.retryable() ? 1 : 0;
        keep(new Failure(item.uid(), attempt.reason(), attempt.detail(), attempt.retryable(), attempt.messageId(), attempt.sizeBytes() > 0 ? attempt.sizeBytes() : item.sizeBytes()));
    }

    private void gone(SourceItem item) {
        failedSeen++;
        keep(new Failure(item.uid(), Reason.VANISHED, GONE, false, null, item.sizeBytes()));
    }

    private void keep(Failure failure) {
        failures.put(failure.uid(), failure);
        if (failures.size() > failuresMax) {
            failures.pollLastEntry();
        }
    }

    /**
     * Ends the fold.
     *
     * @param before         the folder as it stood before the scan; null: nothing to compare with
     * @param announcedPages how many pages the scan says it published
     * @param pages          how many of them the ledger holds
     */
    public FolderResult finish(FolderStatus before, int announcedPages, int pages) {
        // Each heir has one fact that it came from, in a former state.
        long formerAlone = Math.max(0, former - heirs);
        FolderCounts counts = new FolderCounts(seen.size() + formerAlone, migrated, done.size() - migrated + formerAlone, excluded, failedSeen, pending, bytes);
        List<String> breaches = new ArrayList<>();
        breach(breaches, broken, "items have no outcome, though their pages are settled");
        breach(breaches, done.size() - doneSeen, "items are done that no scan ever saw");
        breach(breaches, paged.size() - pagedSeen, "items stand in pages and no scan is known to have seen them");
        breach(breaches, Math.abs(announcedPages - pages), "pages differ between what the scan published and what the ledger holds");
        List<String> doubts = before == null ? List.of() : FolderResult.doubts(seen.size(), before);
        return new FolderResult(counts, List.copyOf(failures.values()), failedSeen - failures.size(), retryable, dropped, breaches, doubts);
    }

    private static void breach(List<String> breaches, long howMany, String what) {
        if (howMany != 0) {
            breaches.add(howMany + " " + what);
        }
    }
}
