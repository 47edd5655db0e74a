package io.carryall.control;

import io.carryall.control.result.Counts;
import io.carryall.control.result.PairResult;
import io.carryall.control.result.PairResult.Details;
import io.carryall.core.fold.FolderCounts;
import io.carryall.core.fold.FolderFold;
import io.carryall.core.fold.FolderResult;
import io.carryall.core.fold.PairEnd;
import io.carryall.core.fold.PairEnd.FolderProgress;
import io.carryall.core.fold.UidSet;
import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.item.SourceItem;
import io.carryall.core.migration.ItemFilter;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Folders.Watermark;
import io.carryall.core.port.Items;
import io.carryall.core.port.Items.Done;
import io.carryall.core.port.Ledger;
import io.carryall.core.port.LedgerException;
import io.carryall.core.port.Pages;
import io.carryall.core.port.Passes.PassPair;
import io.carryall.core.port.Passes.PassState;
import io.carryall.core.record.FolderStatus;
import io.carryall.core.record.PipelineRecord.FolderEnd;
import io.carryall.core.record.PipelineRecord.ScanEnd;
import io.carryall.core.record.PipelineRecord.StandingFolder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads the rows of a pair: whether it is through, and what became of its items. Holds in memory the folds of as many folders as its executor folds at once. Thread-safe. */
final class PairRows {
    private static final int FACTS_AT_ONCE = 1_000;

    private final Ledger ledger;
    private final PassId pass;
    private final ItemFilter filter;
    private final boolean flags;
    private final int failuresMax;
    private final Executor folds;

    /**
     * @param flags whether the pass follows flags
     * @param folds in which folders that were enumerated are folded
     */
    PairRows(Ledger ledger, PassId pass, ItemFilter filter, boolean flags, int failuresMax, Executor folds) {
        this.ledger = ledger;
        this.pass = pass;
        this.filter = filter;
        this.flags = flags;
        this.failuresMax = failuresMax;
        this.folds = folds;
    }

    /**
     * What became of a pair.
     *
     * @param breaches   how often the law is broken
     * @param watermarks where its folders stand now; each with the one that it replaces, or null
     */
    record Folded(FolderCounts counts, Details details, int breaches, Map<Watermark, Watermark> watermarks) {}

    PairEnd end(PairWatch watch) {
        PassPair pair = watch.pair();
        List<ScanEnd> scans = ledger.folders().scanEnds(pass, pair.pair(), pair.generation());
        if (scans.stream().allMatch(scan -> watch.outdated().contains(scan.scan()))) {
            return new PairEnd.Running();
        }
        watch.scanned();
        // A pair in which nothing changed has no folder that would have to be asked about, and there are many such.
        boolean nothing = scans.stream().filter(scan -> !watch.outdated().contains(scan.scan())).allMatch(PairRows::foundNothing);
        Map<FolderId, Folder> known = nothing ? Map.of() : known(pair);
        Map<String, Map<FolderId, FolderEnd>> ends = new HashMap<>();
        return PairEnd.decide(scans, watch.outdated(), known.keySet(), (scan, folder) -> {
            Set<FolderId> settled = watch.settledIn(scan);
            if (settled.contains(folder)) {
                return new FolderProgress(0, 0, 0, 0, null);
            }
            FolderEnd end = ends.computeIfAbsent(scan, id -> folderEnds(pair, id)).get(folder);
            FolderProgress progress = progress(pair, scan, end, known.get(folder));
            if (progress.isSettled()) {
                settled.add(folder);
            }
            return progress;
        });
    }

    /** Of pairs none of whose scans is outdated, what one request for all of them tells: which of them stood. Of the others nothing is told. */
    Map<PairId, PairEnd> firstEnds(Collection<PassPair> pairs) {
        Map<PairId, PairEnd> ends = new HashMap<>();
        pairs.stream().collect(Collectors.groupingBy(PassPair::generation, Collectors.mapping(PassPair::pair, Collectors.toList())))
                .forEach((generation, ids) -> ledger.folders().scanEnds(pass, ids, generation).forEach((pair, scans) -> {
                    if (scans.size() == 1 && scans.get(0).stands()) {
                        ends.put(pair, PairEnd.decide(scans, Set.of(), List.of(), (scan, folder) -> null));
                    }
                }));
        return ends;
    }

    private static boolean foundNothing(ScanEnd scan) {
        return scan.failure() == null && scan.enumerated().isEmpty();
    }

    /** The newest scan of the pair that decides anything. */
    Optional<ScanEnd> newestScan(PairWatch watch) {
        PassPair pair = watch.pair();
        return ledger.folders().scanEnds(pass, pair.pair(), pair.generation()).stream().filter(end -> !watch.outdated().contains(end.scan())).reduce((older, newer) -> newer);
    }

    private FolderProgress progress(PassPair pair, String scan, FolderEnd end, Folder folder) {
        if (end == null && folder == null) {
            return new FolderProgress(-1, 0, 0, 0, null);
        }
        FolderKey key = end != null ? end.folder() : key(pair, folder.id(), folder.uidValidity());
        Pages.Progress pages = ledger.pages().progress(pass, key, scan);
        return new FolderProgress(end == null ? -1 : end.pages(), pages.registered(), pages.settled(), pages.parked(), pages.first());
    }

    /** Whether the scan can be relied upon after a crash: the ledger holds every page that it published. */
    boolean isWhole(PassPair pair, ScanEnd scan) {
        Map<FolderId, FolderEnd> ends = folderEnds(pair, scan.scan());
        return scan.failure() == null && ends.keySet().containsAll(scan.enumerated()) && scan.enumerated().stream().map(ends::get).allMatch(end -> {
            Pages.Progress pages = ledger.pages().progress(pass, end.folder(), scan.scan());
            return pages.registered() >= end.pages();
        });
    }

    /** The folders in which the scan may have pages: those that it came to the end of, and those that were known before. */
    Collection<FolderKey> folders(PassPair pair, ScanEnd scan) {
        Map<FolderId, FolderKey> keys = new HashMap<>();
        known(pair).forEach((id, folder) -> keys.put(id, key(pair, id, folder.uidValidity())));
        folderEnds(pair, scan.scan()).forEach((id, end) -> keys.put(id, end.folder()));
        return keys.values();
    }

    Map<FolderId, FolderEnd> folderEnds(PassPair pair, String scan) {
        return ledger.folders().folderEnds(pass, pair.pair(), pair.generation(), scan).stream().collect(Collectors.toMap(end -> end.folder().folder(), Function.identity(), (a, b) -> b));
    }

    private Map<FolderId, Folder> known(PassPair pair) {
        return ledger.folders().of(pair.pair(), pair.generation()).stream().collect(Collectors.toMap(Folder::id, Function.identity(), (a, b) -> b));
    }

    /**
     * Folds the pair as its rows are now.
     *
     * @param scan  the newest scan that counts; null where there is none
     * @param whole whether every page of it is settled; if not, folders that the scan did not come to are folded too
     */
    Folded fold(PassPair pair, ScanEnd scan, boolean whole) {
        Map<FolderId, Folder> known = known(pair);
        Map<FolderId, Watermark> standing = ledger.folders().watermarks(pair.pair(), pair.generation()).stream().collect(Collectors.toMap(Watermark::folder, Function.identity(), (a, b) -> b));
        Sum sum = new Sum(flags);
        if (scan != null) {
            sum.add(scan);
        }
        Map<FolderId, FolderEnd> ends = scan == null || foundNothing(scan) ? Map.of() : folderEnds(pair, scan.scan());
        Set<FolderId> skipped = scan == null ? Set.of() : Set.copyOf(scan.skipped());
        Set<FolderId> wanted = new HashSet<>(scan == null ? Set.of() : scan.enumerated());
        wanted.addAll(skipped);
        if (!whole) {
            wanted.addAll(known.keySet());
        }
        Set<String> scansOfPass = ledger.folders().scanEnds(pass, pair.pair(), pair.generation()).stream().map(ScanEnd::scan).collect(Collectors.toSet());
        String filterHash = filter.hash();
        List<CompletableFuture<Sum>> each = new ArrayList<>();
        for (Folder folder : wanted.stream().map(known::get).filter(folder -> folder != null).sorted(Comparator.comparing(Folder::path)).toList()) {
            FolderEnd end = ends.get(folder.id());
            Watermark replaced = standing.get(folder.id());
            Watermark mark = replaced != null && replaced.filterHash().equals(filterHash) ? replaced : null;
            // What this pass itself settled before it was stopped and went on is migrated, not already there: its watermark can't tell.
            boolean earlier = mark != null && !scansOfPass.contains(mark.scan());
            Sum one = new Sum(flags);
            Runnable work;
            if (end != null) {
                work = () -> enumerated(one, folder, end, replaced, earlier);
            } else if (earlier && (skipped.contains(folder.id()) || untouched(pair, scan, folder))) {
                work = () -> standing(one, pair, folder, mark, skipped.contains(folder.id()));
            } else {
                work = () -> unfinished(one, pair, folder, scan);
            }
            // A folder that stands where it stood is not worth a thread.
            each.add(CompletableFuture.runAsync(work, end == null ? Runnable::run : folds).thenApply(done -> one));
        }
        each.forEach(one -> sum.add(await(one)));
        return sum.folded();
    }

    /** A pair in which nothing had changed: all of it stands in the row of its scan. */
    static Folded stood(ScanEnd scan, boolean flags) {
        Sum sum = new Sum(flags);
        sum.add(scan);
        scan.standing().forEach(sum::add);
        return sum.folded();
    }

    private static Sum await(CompletableFuture<Sum> one) {
        try {
            return one.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LedgerException("interrupted", e);
        }
    }

    private void enumerated(Sum sum, Folder folder, FolderEnd end, Watermark replaced, boolean earlier) {
        if (earlier && folder.former().isEmpty() && onlyGrew(replaced, end)) {
            grown(sum, folder, end, replaced);
        } else {
            walked(sum, folder, end, replaced);
        }
    }

    /** Whether what stood there at the watermark is settled for good, and the scan has met nothing but items that came after it. (Where UIDs changed before, new items may be heirs of known ones: such folders are folded whole.) */
    private boolean onlyGrew(Watermark mark, FolderEnd end) {
        FolderStatus then = mark.status();
        if (then.uidValidity() != end.folder().uidValidity() || end.status().uidNext() < then.uidNext() || mark.failed() > 0 || mark.retry() > 0) {
            return false;
        }
        boolean[] grew = {true};
        int[] settled = new int[1];
        ledger.pages().forEach(pass, end.folder(), end.scan(), page -> {
            settled[0] += page.settled() ? 1 : 0;
            grew[0] &= page.settled() && page.page().items().stream().allMatch(item -> item.uid() >= then.uidNext());
        });
        return grew[0] && settled[0] == end.pages();
    }

    /** A pass over a large folder with a few new items costs the new ones: the rows before the watermark are not walked over. */
    private void grown(Sum sum, Folder folder, FolderEnd end, Watermark mark) {
        long fromUid = mark.status().uidNext();
        FolderFold fold = new FolderFold(pass, filter, failuresMax);
        ledger.pages().forEach(pass, end.folder(), end.scan(), page -> fold.page(page.page().items(), page.settled()));
        fold.pagesComplete();
        ledger.items().forEachDone(end.folder(), fromUid, fold::done);
        ledger.items().forEachFailed(end.folder(), fold::failed);
        ledger.items().forEachSeen(end.folder(), fromUid, fold::seen);
        FolderCounts before = new FolderCounts(mark.found(), 0, mark.done(), mark.excluded(), 0, 0, 0);
        FolderResult result = fold.finish(null, end.pages(), end.pages()).after(before, end.status());
        FollowedCount followed = followed(sum, folder, end.folder(), end.scan());
        sum.add(folder, result, false, followed.carried());
        if (result.breaches().isEmpty() && result.doubts().isEmpty()) {
            sum.watermarks.put(watermark(folder.id(), end.status(), end.scan(), result, mark, followed), mark);
        }
    }

    private void walked(Sum sum, Folder folder, FolderEnd end, Watermark mark) {
        FolderFold fold = new FolderFold(pass, filter, failuresMax);
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
        FolderResult result = facts(fold, end.folder(), folder, fact -> {
            if (over.computeIfAbsent(fact.pass(), this::isOver)) {
                known.add(fact.uid());
            }
        }).finish(settled ? end.status() : null, settled ? end.pages() : pages[0], pages[0]);
        FollowedCount followed = followed(sum, folder, end.folder(), end.scan());
        sum.add(folder, result, false, followed.carried());
        if (settled && result.breaches().isEmpty() && result.doubts().isEmpty()) {
            sum.watermarks.put(watermark(folder.id(), end.status(), end.scan(), result, mark, followed), mark);
            summarise(end.folder(), known);
        }
    }

    /** That the law holds says that what is done was seen. What other passes that run now have done is left out: they have to count it as theirs. */
    private void summarise(FolderKey key, UidSet known) {
        if (known.size() > 0) {
            ledger.items().forEachSummarised(key, pass, known::add);
            ledger.items().summarise(key, pass, known.stream().iterator());
        }
    }

    private boolean isOver(PassId other) {
        return other.equals(pass) || ledger.passes().get(other).filter(found -> found.state() == PassState.ENDED).isPresent();
    }

    /** @param before null: there was none */
    private Watermark watermark(FolderId folder, FolderStatus status, String scan, FolderResult result, Watermark before, FollowedCount followed) {
        FolderCounts counts = result.counts();
        // Mod-sequences that were counted anew since say nothing of what is above the former ones.
        boolean same = before != null && before.status().uidValidity() == status.uidValidity() && before.flagsModSeq() <= status.modSeq();
        // A pass that does not follow flags, or did not come to know of each what became of it, leaves it to a later one to find what changed meanwhile.
        long flagsModSeq = flags && followed.isWhole() ? status.modSeq() : same ? before.flagsModSeq() : 0;
        return new Watermark(folder, status, filter.hash(), scan, counts.found(), counts.migrated() + counts.alreadyThere(), counts.excluded(), counts.failed() - result.retryable(), result.retryable(),
                flagsModSeq);
    }

    /** How many items' flags this pass carried, of those that the scan put into pages; and what is to be told of others. */
    private FollowedCount followed(Sum sum, Folder folder, FolderKey key, String scan) {
        FollowedCount count = new FollowedCount(pass, failuresMax);
        if (!flags) {
            return count;
        }
        ledger.pages().forEach(pass, key, scan, page -> {
            if (page.page().isOfFlags()) {
                count.page(page.page().flagged(), ledger.items().flags(key, page.page().flagged()));
            }
        });
        count.tell((uid, what, detail) -> sum.warn(folder.path(), uid, what, detail));
        return count;
    }

    private FolderFold facts(FolderFold fold, FolderKey key, Folder folder) {
        return facts(fold, key, folder, done -> { });
    }

    private FolderFold facts(FolderFold fold, FolderKey key, Folder folder, Consumer<Done> facts) {
        Items items = ledger.items();
        Consumer<Done> done = fact -> {
            facts.accept(fact);
            fold.done(fact);
        };
        UidSet before = new UidSet();
        if (folder.former().isEmpty()) {
            items.forEachSummarised(key, pass, before::add);
        }
        if (before.size() == 0) {
            items.forEachDone(key, done);
        } else {
            before.stream().forEach(fold::doneBefore);
        }
        for (long state : folder.former()) {
            items.forEachDone(new FolderKey(key.pair(), key.generation(), key.folder(), state), fold::former);
        }
        if (before.size() == 0) {
            items.forEachFailed(key, fold::failed);
            items.forEachSeen(key, fold::seen);
        } else {
            others(fold, key, before, done);
        }
        return fold;
    }

    /** Of items that no summary tells of the facts are looked up: few, or none, where a known folder is only looked over again. In one walk, so that of each its facts are fed before itself. */
    private void others(FolderFold fold, FolderKey key, UidSet before, Consumer<Done> done) {
        UidSet failed = new UidSet();
        ledger.items().forEachFailed(key, attempt -> {
            if (!before.contains(attempt.uid())) {
                failed.add(attempt.uid());
            }
        });
        if (failed.size() > 0) {
            List<Long> some = new ArrayList<>();
            failed.stream().forEach(uid -> {
                some.add(uid);
                if (some.size() == FACTS_AT_ONCE) {
                    done(key, some, done);
                    some.clear();
                }
            });
            done(key, some, done);
            ledger.items().forEachFailed(key, fold::failed);
        }
        List<SourceItem> others = new ArrayList<>();
        ledger.items().forEachSeen(key, item -> {
            if (before.contains(item.uid())) {
                fold.seen(item);
                return;
            }
            others.add(item);
            if (others.size() == FACTS_AT_ONCE) {
                seen(fold, key, others, done);
            }
        });
        seen(fold, key, others, done);
    }

    private void seen(FolderFold fold, FolderKey key, List<SourceItem> some, Consumer<Done> done) {
        done(key, some.stream().map(SourceItem::uid).toList(), done);
        some.forEach(fold::seen);
        some.clear();
    }

    private void done(FolderKey key, List<Long> some, Consumer<Done> done) {
        if (!some.isEmpty()) {
            ledger.items().facts(key, some).values().stream().map(Items.Facts::done).filter(Objects::nonNull).forEach(done);
        }
    }

    private boolean untouched(PassPair pair, ScanEnd scan, Folder folder) {
        return scan == null || ledger.pages().progress(pass, key(pair, folder.id(), folder.uidValidity()), scan.scan()).registered() == 0;
    }

    /** A folder that the scan did not come to the end of. */
    private void unfinished(Sum sum, PassPair pair, Folder folder, ScanEnd scan) {
        FolderKey key = key(pair, folder.id(), folder.uidValidity());
        FolderFold fold = new FolderFold(pass, filter, failuresMax);
        int[] pages = new int[1];
        if (scan != null) {
            ledger.pages().forEach(pass, key, scan.scan(), page -> {
                fold.page(page.page().items(), page.settled());
                pages[0]++;
            });
        }
        sum.add(folder, facts(fold, key, folder).finish(null, pages[0], pages[0]), false, scan == null ? 0 : followed(sum, folder, key, scan.scan()).carried());
    }

    /** A folder that stands where its watermark stands. Only where some of its failures are no rows (items that went away before they were tried) its items are walked over. */
    private void standing(Sum sum, PassPair pair, Folder folder, Watermark mark, boolean skipped) {
        FolderCounts counts = new FolderCounts(mark.found(), 0, mark.done(), mark.excluded(), mark.failed() + mark.retry(), 0, 0);
        FolderKey key = key(pair, folder.id(), mark.status().uidValidity());
        List<FolderResult.Failure> failures = counts.failed() == 0 ? List.of() : failures(key);
        if (failures.size() < Math.min(counts.failed(), failuresMax)) {
            FolderFold fold = new FolderFold(pass, filter, failuresMax);
            fold.pagesComplete();
            failures = facts(fold, key, folder).finish(null, 0, 0).failures();
        }
        sum.add(folder, new FolderResult(counts, failures, Math.max(0, counts.failed() - failures.size()), mark.retry(), Map.of(), List.of(), List.of()), skipped, 0);
    }

    /** Failed rows alone, without walking over what was seen: there are few. */
    private List<FolderResult.Failure> failures(FolderKey key) {
        Map<Long, Items.Failed> newest = new HashMap<>();
        ledger.items().forEachFailed(key, attempt -> {
            if (newest.containsKey(attempt.uid()) || newest.size() < failuresMax) {
                newest.put(attempt.uid(), attempt);
            }
        });
        Map<Long, Items.Facts> facts = newest.isEmpty() ? Map.of() : ledger.items().facts(key, newest.keySet());
        return newest.values().stream().filter(attempt -> Optional.ofNullable(facts.get(attempt.uid())).map(Items.Facts::done).isEmpty()).sorted(Comparator.comparingLong(Items.Failed::uid))
                .map(attempt -> new FolderResult.Failure(attempt.uid(), attempt.reason(), attempt.detail(), attempt.retryable(), attempt.messageId(), attempt.sizeBytes())).toList();
    }

    private static FolderKey key(PassPair pair, FolderId folder, long uidValidity) {
        return new FolderKey(pair.pair(), pair.generation(), folder, uidValidity);
    }

    private static final class Sum {
        private FolderCounts counts = FolderCounts.NONE;
        private final List<PairResult.Folder> folders = new ArrayList<>();
        private final List<PairResult.Failure> failures = new ArrayList<>();
        private final List<PairResult.Warning> warnings = new ArrayList<>();
        private final List<PairResult.Excluded> excluded = new ArrayList<>();
        private final Map<Watermark, Watermark> watermarks = new HashMap<>();
        private final boolean flags;
        private int breaches;

        Sum(boolean flags) {
            this.flags = flags;
        }

        void add(Folder folder, FolderResult result, boolean skipped, long flagsChanged) {
            String path = folder.path();
            counts = counts.plus(result.counts());
            folders.add(new PairResult.Folder(path, folder.targetPath(), Counts.of(result.counts()), skipped, flags ? flagsChanged : null));
            for (FolderResult.Failure failure : result.failures()) {
                failures.add(new PairResult.Failure(path, failure.uid(), clean(failure.messageId()), failure.sizeBytes(), failure.reason().word(), clean(failure.detail()), failure.retryable()));
            }
            breaches += result.breaches().size();
            result.breaches().forEach(breach -> warn(path, 0, "law-broken", breach));
            result.doubts().forEach(doubt -> warn(path, 0, "fewer-found", doubt));
            result.dropped().forEach((uid, keywords) -> warn(path, uid, "keyword-refused", "arrived without " + String.join(", ", keywords)));
            if (result.failuresLeftOut() > 0) {
                warn(path, 0, "failures-left-out", result.failuresLeftOut() + " more failed than are listed");
            }
        }

        void add(Sum other) {
            counts = counts.plus(other.counts);
            folders.addAll(other.folders);
            failures.addAll(other.failures);
            warnings.addAll(other.warnings);
            watermarks.putAll(other.watermarks);
            breaches += other.breaches;
        }

        void add(ScanEnd scan) {
            scan.warnings().forEach(warning -> warn(warning.folder(), warning.uid(), warning.what(), warning.detail()));
            scan.excluded().forEach(folder -> excluded.add(new PairResult.Excluded(folder.path(), folder.messages())));
        }

        void add(StandingFolder folder) {
            FolderCounts its = new FolderCounts(folder.found(), 0, folder.done(), folder.excluded(), 0, 0, 0);
            counts = counts.plus(its);
            folders.add(new PairResult.Folder(folder.path(), folder.targetPath(), Counts.of(its), true, flags ? 0L : null));
        }

        void warn(String folder, long uid, String what, String detail) {
            warnings.add(new PairResult.Warning(folder, uid, what, clean(detail)));
        }

        Folded folded() {
            return new Folded(counts, new Details(folders, failures, warnings, excluded), breaches, watermarks);
        }

        /** What servers and messages say may hold anything; a terminal is not to obey it. */
        private static String clean(String text) {
            return text == null ? null : text.replaceAll("\\p{Cntrl}", " ");
        }
    }
}
