package io.carryall.core.port;

import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.record.FolderStatus;
import io.carryall.core.record.PipelineRecord.FolderEnd;
import io.carryall.core.record.PipelineRecord.ScanEnd;
import java.util.List;
import java.util.stream.Collectors;
import java.util.function.Function;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Stream;

/** Source folders of a pair: names, where they go, how far they are known, and what the scans of a pass said of them. */
public interface Folders {
    List<Folder> of(PairId pair, int generation);

    /** The same of several pairs that are in the same generation: at most some tens. A pair without folders is left out. */
    default Map<PairId, List<Folder>> of(Collection<PairId> pairs, int generation) {
        return pairs.stream().collect(Collectors.toMap(Function.identity(), pair -> of(pair, generation)));
    }

    void put(PairId pair, int generation, Folder folder);

    /**
     * Puts {@code next} where {@code expected} stands (null: nothing), or {@code next} already does. False if something else stands there: somebody else has moved the folder on, and what was concluded from the former row does not
     * hold. No lightweight transaction: of two that write within one round trip of each other one stands, and both are told true.
     */
    boolean replace(PairId pair, int generation, Folder expected, Folder next);

    /**
     * Each as {@link #replace}, with fewer statements where the ledger can.
     *
     * @param expected by what is to follow it; null where nothing stands there
     * @return those that would have been answered by false; the others are put
     */
    default List<Folder> replace(PairId pair, int generation, Map<Folder, Folder> expected) {
        return expected.keySet().stream().filter(next -> !replace(pair, generation, expected.get(next), next)).toList();
    }

    List<Watermark> watermarks(PairId pair, int generation);

    /** The same of several pairs, as with {@link #of(Collection, int)}. */
    default Map<PairId, List<Watermark>> watermarks(Collection<PairId> pairs, int generation) {
        return pairs.stream().collect(Collectors.toMap(Function.identity(), pair -> watermarks(pair, generation)));
    }

    /** By lightweight transaction on what stood there before ({@code expected} null: nothing). False if something else stands there. */
    boolean putWatermark(PairId pair, int generation, Watermark expected, Watermark next);

    /**
     * Each as {@link #putWatermark}, with fewer transactions where the ledger can. Some may be written, and others not.
     *
     * @param expected by what is to follow it; null where nothing stands there
     */
    default void putWatermarks(PairId pair, int generation, Map<Watermark, Watermark> expected) {
        expected.forEach((next, standing) -> putWatermark(pair, generation, standing, next));
    }

    void folderEnded(FolderEnd end);

    List<FolderEnd> folderEnds(PassId pass, PairId pair, int generation, String scan);

    void scanEnded(ScanEnd end);

    /** The same of several pairs. Some may be written and others not when it fails; it may be repeated. */
    default void scansEnded(List<ScanEnd> ends) {
        ends.forEach(this::scanEnded);
    }

    /** Every scan of the pair that ended in this pass, the newest last. */
    List<ScanEnd> scanEnds(PassId pass, PairId pair, int generation);

    /** The same of several pairs, as with {@link #of(Collection, int)}. */
    default Map<PairId, List<ScanEnd>> scanEnds(PassId pass, Collection<PairId> pairs, int generation) {
        return pairs.stream().collect(Collectors.toMap(Function.identity(), pair -> scanEnds(pass, pair, generation)));
    }

    /**
     * @param path        decoded, as in results
     * @param rawName     as the source writes it
     * @param targetPath  decoded
     * @param uidValidity the state of its UIDs ({@link io.carryall.core.item.FolderKey}) in which its items are known
     * @param placedAs    the path from which its place on the target follows: the one that it had when it was first met
     * @param mailboxId   RFC 8474; null where the source has none
     * @param former      states of its UIDs that were before, the newest first: items of the present one may have been recognised among theirs
     */
    record Folder(FolderId id, String path, String rawName, String targetPath, TargetFolder target, long uidValidity, String placedAs, String mailboxId, List<Long> former) {
        /** What is older is forgotten: nobody restores that far back, and each costs a look. */
        public static final int FORMER_MAX = 64;

        public Folder {
            former = List.copyOf(former);
        }

        public Folder(FolderId id, String path, String rawName, String targetPath, TargetFolder target, long uidValidity) {
            this(id, path, rawName, targetPath, target, uidValidity, path, null, List.of());
        }

        /** The same folder in a new state of its UIDs, which is none that it ever was in. */
        public Folder rekeyed(long serverUidValidity) {
            long state = serverUidValidity;
            while (state == uidValidity || former.contains(state)) {
                state = FolderKey.usedAgain(state);
            }
            List<Long> before = Stream.concat(Stream.of(uidValidity), former.stream()).filter(each -> each != FolderKey.NO_STATE).limit(FORMER_MAX).toList();
            return new Folder(id, path, rawName, targetPath, target, state, placedAs, mailboxId, before);
        }
    }

    /**
     * A folder as it stood before a scan whose pages are all settled, and what the ledger knew of it then.
     *
     * @param filterHash under which filter on items it was settled
     * @param failed     items that failed and are not tried again by themselves
     * @param retry      items that failed and are
     * @param flagsModSeq HIGHESTMODSEQ up to which flags were followed; 0: never, or the server has none
     */
    record Watermark(FolderId folder, FolderStatus status, String filterHash, String scan, long found, long done, long excluded, long failed, long retry, long flagsModSeq) {

        /** Of a pass that did not follow flags, in a folder of which none ever did. */
        public Watermark(FolderId folder, FolderStatus status, String filterHash, String scan, long found, long done, long excluded, long failed, long retry) {
            this(folder, status, filterHash, scan, found, done, excluded, failed, retry, 0);
        }
    }
}
