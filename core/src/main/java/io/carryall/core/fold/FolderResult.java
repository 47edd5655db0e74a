package io.carryall.core.fold;

import io.carryall.core.item.Reason;
import io.carryall.core.record.FolderStatus;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What became of the items of one folder.
 *
 * @param failures        the failed items in the order of UIDs; when there are more than the fold was told to keep, the first ones
 * @param failuresLeftOut how many more failed
 * @param retryable       how many of the failed the next pass tries again by itself
 * @param dropped         keywords that the target refused to hold, by the UID of the item that this pass migrated without them; as many as failures at most
 * @param breaches        how the law is broken, in words; empty: it holds
 * @param doubts          what is no breach and still means that the folder has to be looked at again: no watermark may be put
 */
public record FolderResult(FolderCounts counts, List<Failure> failures, long failuresLeftOut, long retryable, Map<Long, Set<String>> dropped, List<String> breaches, List<String> doubts) {
    public FolderResult {
        failures = List.copyOf(failures);
        dropped = Collections.unmodifiableMap(new TreeMap<>(dropped));
        breaches = List.copyOf(breaches);
        doubts = List.copyOf(doubts);
    }

    /**
     * The same beside what was there before, of which nothing was folded again.
     *
     * @param status the folder as it stood before the scan
     */
    public FolderResult after(FolderCounts before, FolderStatus status) {
        FolderCounts all = before.plus(counts);
        return new FolderResult(all, failures, failuresLeftOut, retryable, dropped, breaches, doubts(all.found(), status));
    }

    /** Fewer than the server counted: one was removed while the folder was enumerated, or a scan overlooked it. */
    static List<String> doubts(long found, FolderStatus status) {
        return found >= status.messages() ? List.of()
                : List.of("the server counted " + status.messages() + " messages before the scan, and " + found + " were found; the next pass looks at the whole folder again");
    }

    /** The newest attempt at one item. {@code messageId} may be null; hostile text. */
    public record Failure(long uid, Reason reason, String detail, boolean retryable, String messageId, long sizeBytes) {}
}
