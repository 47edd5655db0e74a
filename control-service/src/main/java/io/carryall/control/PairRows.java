package io.carryall.control;

import io.carryall.core.fold.PairEnd;
import io.carryall.core.fold.PairEnd.FolderProgress;
import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Ledger;
import io.carryall.core.port.Pages;
import io.carryall.core.port.Passes.PassPair;
import io.carryall.core.record.PipelineRecord.FolderEnd;
import io.carryall.core.record.PipelineRecord.ScanEnd;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads how far the rows of a pair are in a pass: whether it is through, and whether the ledger holds what was found. Thread-safe. */
final class PairRows {
    private final Ledger ledger;
    private final PassId pass;

    PairRows(Ledger ledger, PassId pass) {
        this.ledger = ledger;
        this.pass = pass;
    }

    PairEnd end(PairWatch watch) {
        PassPair pair = watch.pair();
        List<ScanEnd> scans = scanEnds(pair);
        Optional<ScanEnd> newest = PairEnd.newest(scans, watch.outdated());
        if (newest.isEmpty()) {
            return new PairEnd.Running();
        }
        watch.scanned();
        // A pair in which nothing changed has no folder that would have to be asked about, and there are many such.
        boolean nothing = foundNothing(newest.get());
        Map<FolderId, Folder> known = nothing ? Map.of() : known(pair);
        Map<FolderId, FolderEnd> ends = nothing ? Map.of() : folderEnds(pair, newest.get().scan());
        Set<FolderId> settled = watch.settledIn(newest.get().scan());
        return PairEnd.decide(scans, watch.outdated(), known.keySet(), (scan, folder) -> {
            if (settled.contains(folder)) {
                return new FolderProgress(0, 0, 0, 0, null);
            }
            FolderProgress progress = progress(pair, scan, ends.get(folder), known.get(folder));
            if (progress.isSettled()) {
                settled.add(folder);
            }
            return progress;
        });
    }

    private List<ScanEnd> scanEnds(PassPair pair) {
        return ledger.folders().scanEnds(pass, pair.pair(), pair.generation());
    }

    /** Of pairs none of whose scans is outdated, what one request for all of them tells: which of them stood, and of which no scan has ended. Of the others nothing is told. */
    Map<PairId, PairEnd> firstEnds(Collection<PassPair> pairs) {
        Map<PairId, PairEnd> ends = new HashMap<>();
        pairs.stream().collect(Collectors.groupingBy(PassPair::generation, Collectors.mapping(PassPair::pair, Collectors.toList()))).forEach((generation, ids) -> {
            Map<PairId, List<ScanEnd>> scans = ledger.folders().scanEnds(pass, ids, generation);
            for (PairId pair : ids) {
                List<ScanEnd> its = scans.getOrDefault(pair, List.of());
                if (its.isEmpty() || PairEnd.stood(its).isPresent()) {
                    ends.put(pair, PairEnd.decide(its, Set.of(), List.of(), (scan, folder) -> null));
                }
            }
        });
        return ends;
    }

    static boolean foundNothing(ScanEnd scan) {
        return scan.failure() == null && scan.enumerated().isEmpty();
    }

    /** The newest scan of the pair that decides anything. */
    Optional<ScanEnd> newestScan(PairWatch watch) {
        return PairEnd.newest(scanEnds(watch.pair()), watch.outdated());
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

    Map<FolderId, Folder> known(PassPair pair) {
        return ledger.folders().of(pair.pair(), pair.generation()).stream().collect(Collectors.toMap(Folder::id, Function.identity(), (a, b) -> b));
    }

    static FolderKey key(PassPair pair, FolderId folder, long uidValidity) {
        return new FolderKey(pair.pair(), pair.generation(), folder, uidValidity);
    }
}
