package io.carryall.control;

import io.carryall.core.fold.FoldBasis;
import io.carryall.core.fold.FolderCounts;
import io.carryall.core.fold.FolderFold;
import io.carryall.core.fold.FolderResult;
import io.carryall.core.fold.UidSet;
import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PassId;
import io.carryall.core.migration.ItemFilter;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Folders.Watermark;
import io.carryall.core.port.Ledger;
import io.carryall.core.port.LedgerException;
import io.carryall.core.port.Passes.PassPair;
import io.carryall.core.port.Passes.PassState;
import io.carryall.core.record.FolderStatus;
import io.carryall.core.record.PipelineRecord.FolderEnd;
import io.carryall.core.record.PipelineRecord.ScanEnd;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Folds the rows of a pair into what became of it in a pass, folder by folder: {@link FoldBasis} decides what is read of each, {@link FolderFold} what it comes to. Holds in memory the folds of as many folders as its executor folds at
 * once. Thread-safe.
 */
final class PairFold {
    private final Ledger ledger;
    private final PassId pass;
    private final ItemFilter filter;
    private final String filterHash;
    private final boolean flags;
    private final int failuresMax;
    private final Executor folds;
    private final PairRows rows;

    /**
     * @param flags       whether the pass follows flags
     * @param failuresMax failures that are listed of one folder
     * @param folds       in which folders that were enumerated are folded
     */
    PairFold(Ledger ledger, PassId pass, ItemFilter filter, boolean flags, int failuresMax, Executor folds) {
        this.ledger = ledger;
        this.pass = pass;
        this.filter = filter;
        this.filterHash = filter.hash();
        this.flags = flags;
        this.failuresMax = failuresMax;
        this.folds = folds;
        this.rows = new PairRows(ledger, pass);
    }

    /**
     * Folds the pair as its rows are now.
     *
     * @param scan  the newest scan that counts; null where there is none
     * @param whole whether every page of it is settled; if not, folders that the scan did not come to are folded too
     */
    Folded of(PassPair pair, ScanEnd scan, boolean whole) {
        Map<FolderId, Folder> known = rows.known(pair);
        Map<FolderId, Watermark> standing = ledger.folders().watermarks(pair.pair(), pair.generation()).stream().collect(Collectors.toMap(Watermark::folder, Function.identity(), (a, b) -> b));
        Folded.Sum sum = new Folded.Sum(flags);
        if (scan != null) {
            sum.add(scan);
        }
        Map<FolderId, FolderEnd> ends = scan == null || PairRows.foundNothing(scan) ? Map.of() : rows.folderEnds(pair, scan.scan());
        Set<FolderId> skipped = scan == null ? Set.of() : Set.copyOf(scan.skipped());
        Set<FolderId> wanted = new HashSet<>(scan == null ? Set.of() : scan.enumerated());
        wanted.addAll(skipped);
        if (!whole) {
            wanted.addAll(known.keySet());
        }
        Set<String> scansOfPass = ledger.folders().scanEnds(pass, pair.pair(), pair.generation()).stream().map(ScanEnd::scan).collect(Collectors.toSet());
        List<CompletableFuture<Folded.Sum>> each = new ArrayList<>();
        for (Folder folder : wanted.stream().map(known::get).filter(folder -> folder != null).sorted(Comparator.comparing(Folder::path)).toList()) {
            FolderEnd end = ends.get(folder.id());
            One one = new One(pair, folder, scan == null ? null : scan.scan(), standing.get(folder.id()), skipped.contains(folder.id()));
            // A folder that stands where it stood is not worth a thread.
            each.add(CompletableFuture.runAsync(() -> one.fold(end, scansOfPass), end == null ? Runnable::run : folds).thenApply(done -> one.sum));
        }
        each.forEach(one -> sum.add(await(one)));
        return sum.folded();
    }

    private static Folded.Sum await(CompletableFuture<Folded.Sum> one) {
        try {
            return one.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LedgerException("interrupted", e);
        }
    }

    private boolean isOver(PassId other) {
        return other.equals(pass) || ledger.passes().get(other).filter(found -> found.state() == PassState.ENDED).isPresent();
    }

    /** The fold of one folder. For one thread. */
    private final class One {
        private final PassPair pair;
        private final Folder folder;
        private final String scan;
        private final Watermark standing;
        private final boolean skipped;
        private final Folded.Sum sum = new Folded.Sum(flags);
        private final FolderFold fold = new FolderFold(pass, filter, failuresMax);

        /**
         * @param scan     null where there is none
         * @param standing its watermark, under whatever filter; null where it has none
         */
        One(PassPair pair, Folder folder, String scan, Watermark standing, boolean skipped) {
            this.pair = pair;
            this.folder = folder;
            this.scan = scan;
            this.standing = standing;
            this.skipped = skipped;
        }

        private FolderKey key(long uidValidity) {
            return PairRows.key(pair, folder.id(), uidValidity);
        }

        void fold(FolderEnd end, Set<String> scansOfPass) {
            FoldBasis basis = FoldBasis.of(folder, end, standing, filterHash, scansOfPass, skipped, new FoldBasis.Pages() {
                @Override
                public boolean none() {
                    return scan == null || ledger.pages().progress(pass, key(folder.uidValidity()), scan).registered() == 0;
                }

                @Override
                public boolean allSettledFrom(long uid) {
                    return PairFold.this.allSettledFrom(end, uid);
                }
            });
            if (basis instanceof FoldBasis.Standing stands) {
                standing(stands.mark());
            } else if (basis instanceof FoldBasis.Grown grew) {
                grown(grew.mark(), grew.end());
            } else if (basis instanceof FoldBasis.Whole whole) {
                whole(whole.end());
            } else {
                unfinished();
            }
        }

        /** Only where some of its failures are no rows (items that went away before they were tried) its items are walked over. */
        private void standing(Watermark mark) {
            FolderCounts counts = new FolderCounts(mark.found(), 0, mark.done(), mark.excluded(), mark.failed() + mark.retry(), 0, 0);
            FolderFacts facts = new FolderFacts(ledger.items(), pass, key(mark.status().uidValidity()));
            List<FolderResult.Failure> failures = counts.failed() == 0 ? List.of() : facts.failures(failuresMax);
            if (failures.size() < Math.min(counts.failed(), failuresMax)) {
                fold.pagesComplete();
                facts.feed(fold, folder, done -> { });
                failures = fold.finish(null, 0, 0).failures();
            }
            sum.add(folder, new FolderResult(counts, failures, Math.max(0, counts.failed() - failures.size()), mark.retry(), Map.of(), List.of(), List.of()), skipped, 0);
        }

        private void grown(Watermark mark, FolderEnd end) {
            long fromUid = mark.status().uidNext();
            ledger.pages().forEach(pass, end.folder(), end.scan(), page -> fold.page(page.page().items(), page.settled()));
            fold.pagesComplete();
            ledger.items().forEachDone(end.folder(), fromUid, fold::done);
            ledger.items().forEachFailed(end.folder(), fold::failed);
            ledger.items().forEachSeen(end.folder(), fromUid, fold::seen);
            FolderCounts before = new FolderCounts(mark.found(), 0, mark.done(), mark.excluded(), 0, 0, 0);
            add(end, fold.finish(null, end.pages(), end.pages()).after(before, end.status()), true);
        }

        private void whole(FolderEnd end) {
            int[] pages = new int[2];
            ledger.pages().forEach(pass, end.folder(), end.scan(), page -> {
                fold.page(page.page().items(), page.settled());
                pages[0]++;
                pages[1] += page.settled() ? 1 : 0;
            });
            boolean settled = pages[0] >= end.pages() && pages[1] == pages[0];
            if (settled) {
                fold.pagesComplete();
            }
            UidSet known = new UidSet();
            Map<PassId, Boolean> over = new HashMap<>();
            new FolderFacts(ledger.items(), pass, end.folder()).feed(fold, folder, fact -> {
                if (over.computeIfAbsent(fact.pass(), PairFold.this::isOver)) {
                    known.add(fact.uid());
                }
            });
            if (add(end, fold.finish(settled ? end.status() : null, settled ? end.pages() : pages[0], pages[0]), settled)) {
                summarise(end.folder(), known);
            }
        }

        /** Whether the folder has a new watermark now. */
        private boolean add(FolderEnd end, FolderResult result, boolean settled) {
            FollowedCount followed = followed(end.folder(), end.scan());
            sum.add(folder, result, false, followed.carried());
            boolean stands = settled && result.breaches().isEmpty() && result.doubts().isEmpty();
            if (stands) {
                sum.stands(watermark(end, result, followed), standing);
            }
            return stands;
        }

        private void unfinished() {
            FolderKey key = key(folder.uidValidity());
            int[] pages = new int[1];
            if (scan != null) {
                ledger.pages().forEach(pass, key, scan, page -> {
                    fold.page(page.page().items(), page.settled());
                    pages[0]++;
                });
            }
            new FolderFacts(ledger.items(), pass, key).feed(fold, folder, done -> { });
            sum.add(folder, fold.finish(null, pages[0], pages[0]), false, scan == null ? 0 : followed(key, scan).carried());
        }

        private Watermark watermark(FolderEnd end, FolderResult result, FollowedCount followed) {
            FolderCounts counts = result.counts();
            FolderStatus status = end.status();
            // Mod-sequences that were counted anew since say nothing of what is above the former ones.
            boolean same = standing != null && standing.status().uidValidity() == status.uidValidity() && standing.flagsModSeq() <= status.modSeq();
            // A pass that does not follow flags, or did not come to know of each what became of it, leaves it to a later one to find what changed meanwhile.
            long flagsModSeq = flags && followed.isWhole() ? status.modSeq() : same ? standing.flagsModSeq() : 0;
            return new Watermark(folder.id(), status, filterHash, end.scan(), counts.found(), counts.migrated() + counts.alreadyThere(), counts.excluded(), counts.failed() - result.retryable(), result.retryable(),
                    flagsModSeq);
        }

        /** How many items' flags this pass carried, of those that the scan put into pages; and what is to be told of others. */
        private FollowedCount followed(FolderKey key, String ofScan) {
            FollowedCount count = new FollowedCount(pass, failuresMax);
            if (flags) {
                ledger.pages().forEach(pass, key, ofScan, page -> {
                    if (page.page().isOfFlags()) {
                        count.page(page.page().flagged(), ledger.items().flags(key, page.page().flagged()));
                    }
                });
                count.tell((uid, what, detail) -> sum.warn(folder.path(), uid, what, detail));
            }
            return count;
        }
    }

    private boolean allSettledFrom(FolderEnd end, long uid) {
        boolean[] all = {true};
        int[] pages = new int[1];
        ledger.pages().forEach(pass, end.folder(), end.scan(), page -> {
            pages[0]++;
            all[0] &= page.settled() && page.page().items().stream().allMatch(item -> item.uid() >= uid);
        });
        return all[0] && pages[0] == end.pages();
    }

    /** That the law holds says that what is done was seen. What other passes that run now have done is left out: they have to count it as theirs. */
    private void summarise(FolderKey key, UidSet known) {
        if (known.size() > 0) {
            ledger.items().forEachSummarised(key, pass, known::add);
            ledger.items().summarise(key, pass, known.stream().iterator());
        }
    }
}
