package io.carryall.verify;

import java.util.List;

/**
 * What a verification found. Its JSON is the records as they stand, absent values left out.
 *
 * @param matches   nothing is missing, doubled or different, and every mailbox could be looked at
 * @param missing   items of the source that the target lacks
 * @param doubled   items of the target that are there more often than in the source: the surplus
 * @param different items of the source whose counterpart is not the same, once for each aspect
 * @param extra     items that only the target has; they don't count
 * @param pairs     in the order of the list
 */
public record VerifyResult(boolean matches, List<Item> missing, List<Item> doubled, List<Item> different, List<Item> extra, List<Pair> pairs) {

    /**
     * @param source    the source mailbox's address
     * @param target    the target mailbox's address
     * @param folder    decoded path: on the source, or for {@code doubled} and {@code extra} on the target
     * @param uid       there; null for a folder that is missing although no item of it is
     * @param messageId cleaned of what could deceive a reader; null where there is none
     * @param what      {@code bytes}, {@code flags} or {@code date} for a difference; {@code folder} for a missing folder; else null
     * @param detail    the two sides of a difference, for people; else null
     */
    public record Item(String source, String target, String folder, Long uid, String messageId, String what, String detail) {}

    /**
     * @param excludedFolders source folders that the migration leaves out
     * @param error           why the pair could not be looked at, or null
     */
    public record Pair(String source, String target, boolean matches, List<Folder> folders, List<String> excludedFolders, Failure error) {}

    /**
     * Figures of one source folder. Where several go into one target folder, {@code targetMessages} and {@code extra} are told once.
     *
     * @param source   decoded path; null for a folder that only the target has
     * @param target   decoded path
     * @param excluded messages of the source that the filter leaves out
     */
    public record Folder(String source, String target, long sourceMessages, long targetMessages, long excluded, long missing, long doubled, long different, long extra) {}

    /** @param reason of the closed list, see {@link io.carryall.core.item.Reason} */
    public record Failure(String reason, String detail) {}

    /** 0 matches, 2 differs, 3 a mailbox could not be looked at. */
    public int exitStatus() {
        boolean couldNotLook = pairs.stream().anyMatch(pair -> pair.error() != null);
        return couldNotLook ? 3 : matches ? 0 : 2;
    }
}
