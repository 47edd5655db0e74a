package io.carryall.core.fold;

import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Folders.Watermark;
import io.carryall.core.record.FolderStatus;
import io.carryall.core.record.PipelineRecord.FolderEnd;
import java.util.Set;

/** What tells of a folder's items in a pass: as little as tells the truth. */
public sealed interface FoldBasis {

    /** Its watermark alone: the folder stands where that stands. */
    record Standing(Watermark mark) implements FoldBasis {}

    /** Its watermark, and the rows of what came after it: a pass over a large folder with a few new items costs the new ones. */
    record Grown(Watermark mark, FolderEnd end) implements FoldBasis {}

    /** All of its rows, and the pages of the scan that came to its end. */
    record Whole(FolderEnd end) implements FoldBasis {}

    /** All of its rows: the scan did not come to its end. */
    record Unfinished() implements FoldBasis {}

    /** What has to be read to decide, and is read only where it does decide. */
    interface Pages {
        /** Whether the ledger holds no page of the scan in this folder. */
        boolean none();

        /** Whether every page that the scan announced is settled, and no item of any has a lower UID. */
        boolean allSettledFrom(long uid);
    }

    /**
     * @param end      of the folder in the scan that counts; null where that has none
     * @param standing the folder's watermark, under whatever filter; null where it has none
     * @param filter   hash of the filter of the pass
     * @param scans    those of this pass: what they settled before the pass was stopped and went on is migrated, not already there, and their watermarks can't tell
     * @param skipped  whether the scan found the folder where its watermark stands
     */
    static FoldBasis of(Folder folder, FolderEnd end, Watermark standing, String filter, Set<String> scans, boolean skipped, Pages pages) {
        boolean tells = standing != null && standing.filterHash().equals(filter) && !scans.contains(standing.scan());
        if (end != null) {
            return tells && folder.former().isEmpty() && mayHaveGrown(standing, end) && pages.allSettledFrom(standing.status().uidNext()) ? new Grown(standing, end) : new Whole(end);
        }
        return tells && (skipped || pages.none()) ? new Standing(standing) : new Unfinished();
    }

    /** Whether what was there at the watermark is settled for good. (Where UIDs changed before, new items may be heirs of known ones: such folders are folded whole.) */
    private static boolean mayHaveGrown(Watermark mark, FolderEnd end) {
        FolderStatus then = mark.status();
        return then.uidValidity() == end.folder().uidValidity() && end.status().uidNext() >= then.uidNext() && mark.failed() == 0 && mark.retry() == 0;
    }
}
