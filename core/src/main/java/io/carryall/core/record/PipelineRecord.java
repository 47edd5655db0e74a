package io.carryall.core.record;

import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.item.SourceItem;
import io.carryall.core.item.TargetFolder;
import java.util.List;

/** One record of one topic. */
public sealed interface PipelineRecord {

    PassId pass();

    /** Which topic it travels on. */
    Topic topic();

    /** Records of one key keep their order. */
    String key();

    /** {@code carryall.scans}: please scan this pair. */
    record ScanRequest(PassId pass, PairId pair, int generation) implements PipelineRecord {
        @Override
        public Topic topic() {
            return Topic.SCANS;
        }

        @Override
        public String key() {
            return pair.value();
        }
    }

    /** {@code carryall.scans}: please look whether anything changed in these pairs, and have those scanned in which it may have. */
    record LookRequest(PassId pass, List<PairId> pairs) implements PipelineRecord {
        /** So that looking takes moments: who takes the request looks at one after another. */
        public static final int PAIRS_MAX = 16;

        public LookRequest {
            pairs = List.copyOf(pairs);
        }

        @Override
        public Topic topic() {
            return Topic.SCANS;
        }

        @Override
        public String key() {
            return pairs.get(0).value();
        }
    }

    /**
     * {@code carryall.items}: a page that a scan found.
     *
     * @param scan   the attempt that found it: pages of two attempts never mix
     * @param seq    its number within folder and scan, from 0
     * @param target where its items go
     * @param flagged items that are on the target already and whose flags may have changed on the source: such a page has no other items
     */
    record ItemsPage(PassId pass, FolderKey folder, String scan, int seq, TargetFolder target, List<SourceItem> items, List<Long> flagged) implements PipelineRecord {
        public ItemsPage {
            items = List.copyOf(items);
            flagged = List.copyOf(flagged);
        }

        public ItemsPage(PassId pass, FolderKey folder, String scan, int seq, TargetFolder target, List<SourceItem> items) {
            this(pass, folder, scan, seq, target, items, List.of());
        }

        @Override
        public Topic topic() {
            return Topic.ITEMS;
        }

        @Override
        public String key() {
            return folder.pair() + "/" + folder.folder();
        }
    }

    /**
     * {@code carryall.items}: the enumeration of one folder is over.
     *
     * @param status the folder as it stood before the enumeration
     * @param pages  how many pages the scan published of this folder
     */
    record FolderEnd(PassId pass, FolderKey folder, String scan, FolderStatus status, int pages) implements PipelineRecord {
        @Override
        public Topic topic() {
            return Topic.ITEMS;
        }

        @Override
        public String key() {
            return folder.pair() + "/" + folder.folder();
        }
    }

    /**
     * {@code carryall.items}: the scan of a pair is over, well or not.
     *
     * @param enumerated the folders that have a {@link FolderEnd} of this scan; empty when it failed
     * @param skipped    the folders that stand where their watermark stands
     * @param failure    why the pair could not be scanned; null when it could
     * @param standing   what is known of all its folders, where there was nothing to do in any of them: then this is how the pair ended. Else empty
     */
    record ScanEnd(PassId pass, PairId pair, int generation, String scan, List<FolderId> enumerated, List<FolderId> skipped, List<ExcludedFolder> excluded,
            List<Warning> warnings, Failure failure, List<StandingFolder> standing) implements PipelineRecord {
        /** Of a scan that found something to do, or failed. */
        public ScanEnd(PassId pass, PairId pair, int generation, String scan, List<FolderId> enumerated, List<FolderId> skipped, List<ExcludedFolder> excluded, List<Warning> warnings, Failure failure) {
            this(pass, pair, generation, scan, enumerated, skipped, excluded, warnings, failure, List.of());
        }

        public ScanEnd {
            standing = List.copyOf(standing);
            enumerated = List.copyOf(enumerated);
            skipped = List.copyOf(skipped);
            excluded = List.copyOf(excluded);
            warnings = List.copyOf(warnings);
        }

        /** Whether nothing changed in the pair, so that there is nothing to wait for and nothing to fold. */
        public boolean stands() {
            return !standing.isEmpty();
        }

        @Override
        public Topic topic() {
            return Topic.ITEMS;
        }

        @Override
        public String key() {
            return pair.value();
        }
    }

    /**
     * {@code carryall.copies}: a page to copy, or one whose items' flags are to be carried. The ledger's page row is the to-do, this only carries it. One without either has no row: it asks that whatever is on its way to the
     * target folder come to its end, and that the lease of the folder say so ({@link io.carryall.core.port.Leases.Lease#settledEpoch()}).
     *
     * @param flagged items whose flags are to be carried, and which are not copied: such a page has no other items
     */
    record CopyPage(PassId pass, FolderKey folder, String scan, int seq, TargetFolder target, List<SourceItem> items, List<Long> flagged) implements PipelineRecord {
        public CopyPage {
            items = List.copyOf(items);
            flagged = List.copyOf(flagged);
        }

        public CopyPage(PassId pass, FolderKey folder, String scan, int seq, TargetFolder target, List<SourceItem> items) {
            this(pass, folder, scan, seq, target, items, List.of());
        }

        public boolean isOfFlags() {
            return !flagged.isEmpty();
        }

        public PageRef ref() {
            return new PageRef(pass, folder, scan, seq);
        }

        public boolean onlyAsksToSettle() {
            return items.isEmpty() && flagged.isEmpty();
        }

        @Override
        public Topic topic() {
            return Topic.COPIES;
        }

        @Override
        public String key() {
            return target.toString();
        }
    }

    /**
     * {@code carryall.outcomes}: for eyes. Something happened to items of a folder.
     *
     * @param step   scan, register, copy or record
     * @param what   found, excluded, already-there, to-copy, migrated, failed, parked, page-settled, folder-end, scan-end
     * @param folder null where it concerns the whole pair
     */
    record Outcome(PassId pass, PairId pair, FolderId folder, String step, String what, long items, long bytes, String reason) implements PipelineRecord {
        @Override
        public Topic topic() {
            return Topic.OUTCOMES;
        }

        @Override
        public String key() {
            return pair.value();
        }
    }

    /** {@code carryall.dead-letters}: for eyes. An item was given up. {@code detail} is cleaned text. */
    record DeadLetter(PassId pass, FolderKey folder, long uid, Reason reason, String detail) implements PipelineRecord {
        @Override
        public Topic topic() {
            return Topic.DEAD_LETTERS;
        }

        @Override
        public String key() {
            return folder.pair().value();
        }
    }

    /** A folder that stands where its watermark stands, with what the watermark says of its items: all of them are done, or left out by the filter. */
    record StandingFolder(String path, String targetPath, long found, long done, long excluded) {}

    /** A source folder that was left out whole. {@code path} is decoded, {@code /} between levels. */
    record ExcludedFolder(String path, long messages) {}

    /** Something an operator should know that is no failure. {@code uid} is 0 where it concerns the folder. */
    record Warning(String folder, long uid, String what, String detail) {}

    record Failure(Reason reason, String detail) {}
}
