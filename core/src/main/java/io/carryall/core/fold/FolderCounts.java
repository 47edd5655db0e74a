package io.carryall.core.fold;

/**
 * What became of a number of items. {@code found = migrated + alreadyThere + excluded + failed + pending}: the law.
 *
 * @param found        every item that scans saw in the pair's generation
 * @param migrated     copied by this pass
 * @param alreadyThere settled by another pass, or recognised rather than copied
 * @param excluded     left out by the filter on items
 * @param failed       the newest attempt failed
 * @param pending      the rest
 * @param bytes        carried by this pass: the sizes of the migrated items as they were carried
 */
public record FolderCounts(long found, long migrated, long alreadyThere, long excluded, long failed, long pending, long bytes) {

    public static final FolderCounts NONE = new FolderCounts(0, 0, 0, 0, 0, 0, 0);

    public boolean lawHolds() {
        return found == migrated + alreadyThere + excluded + failed + pending;
    }

    public FolderCounts plus(FolderCounts other) {
        return new FolderCounts(found + other.found, migrated + other.migrated, alreadyThere + other.alreadyThere, excluded + other.excluded, failed + other.failed,
                pending + other.pending, bytes + other.bytes);
    }
}
