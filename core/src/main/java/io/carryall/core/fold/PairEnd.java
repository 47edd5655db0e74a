package io.carryall.core.fold;

import io.carryall.core.item.FolderId;
import io.carryall.core.item.Reason;
import io.carryall.core.port.Pages.Parked;
import io.carryall.core.record.PipelineRecord.ScanEnd;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/** Whether a pair is through in this pass. */
public sealed interface PairEnd {

    /** Something is still to come. */
    record Running() implements PairEnd {}

    /** Nothing had changed: the only scan of the pass says how the pair ended, and its row is all that is written of it. */
    record Stood(ScanEnd scan) implements PairEnd {}

    /** Every page of the scan is settled. */
    record Settled(ScanEnd scan) implements PairEnd {}

    /** Every page of the scan that is not settled is set aside, the first of them for this reason: nothing comes of it unless somebody publishes such pages again. */
    record SetAside(ScanEnd scan, Reason reason, String detail) implements PairEnd {
        private static final int SECOND_CHANCES_MAX = 5;

        /** Copiers that had not heard yet that the pass goes on: nothing that stops a pair. */
        public boolean awaitsThePass() {
            return reason == Reason.INTERRUPTED;
        }

        /** What is due may be tried once more before the pair is stopped for it, but not for ever. */
        public boolean hasSecondChance(int taken) {
            return taken < SECOND_CHANCES_MAX;
        }
    }

    /** The scan failed, and no page that it had published before is open: nothing more will come of it in this pass. */
    record Failed(ScanEnd scan, Reason reason, String detail) implements PairEnd {}

    /**
     * How far one folder of one scan is.
     *
     * @param announced  pages that its folder-end tells of; -1: there is no folder-end yet
     * @param registered pages that the ledger holds
     * @param parked     those that are set aside and not settled
     * @param first      the first of them; null where there is none
     */
    record FolderProgress(int announced, int registered, int settled, int parked, Parked first) {

        public boolean isSettled() {
            return isWhole() && settled == registered;
        }

        /** Whether the ledger holds every page that was published. */
        boolean isWhole() {
            return announced >= 0 && registered >= announced;
        }

        int open() {
            return registered - settled - parked;
        }
    }

    /**
     * Decides by the newest scan that counts. Folder ends and pages travel on other partitions than the end of the scan, so what it names may be known later than itself.
     *
     * @param scans    every scan of the pair that ended in this pass, the newest last
     * @param outdated scans from before the pass was resumed, which decide nothing
     * @param known    the folders of the pair: what a scan that failed had published before is waited for where it is open
     * @param folders  how far a folder is in the scan with this id
     */
    static PairEnd decide(List<ScanEnd> scans, Set<String> outdated, Collection<FolderId> known, BiFunction<String, FolderId, FolderProgress> folders) {
        Optional<ScanEnd> newest = newest(scans, outdated);
        if (newest.isEmpty()) {
            return new Running();
        }
        ScanEnd scan = newest.get();
        if (stood(scans).isPresent()) {
            return new Stood(scan);
        }
        return scan.failure() == null ? ofWholeScan(scan, folders) : ofFailedScan(scan, known, folders);
    }

    /**
     * The scan that says that nothing had changed, where it is the only one of the pair in its pass: beside another one something of this pass may have been found or settled, and the rows have to tell.
     *
     * @param scans every scan of the pair that ended in this pass
     */
    static Optional<ScanEnd> stood(List<ScanEnd> scans) {
        return scans.size() == 1 && scans.get(0).stands() ? Optional.of(scans.get(0)) : Optional.empty();
    }

    /** The scan that decides: the newest of those that are not outdated. */
    static Optional<ScanEnd> newest(List<ScanEnd> scans, Set<String> outdated) {
        return scans.stream().filter(scan -> !outdated.contains(scan.scan())).reduce((older, newer) -> newer);
    }

    private static PairEnd ofWholeScan(ScanEnd scan, BiFunction<String, FolderId, FolderProgress> folders) {
        Parked parked = null;
        for (FolderId folder : scan.enumerated()) {
            FolderProgress progress = folders.apply(scan.scan(), folder);
            if (!progress.isWhole() || progress.open() > 0) {
                return new Running();
            }
            parked = parked == null ? progress.first() : parked;
        }
        return parked == null ? new Settled(scan) : new SetAside(scan, parked.reason(), parked.detail());
    }

    private static PairEnd ofFailedScan(ScanEnd scan, Collection<FolderId> known, BiFunction<String, FolderId, FolderProgress> folders) {
        boolean open = known.stream().anyMatch(folder -> folders.apply(scan.scan(), folder).open() > 0);
        return open ? new Running() : new Failed(scan, scan.failure().reason(), scan.failure().detail());
    }
}
