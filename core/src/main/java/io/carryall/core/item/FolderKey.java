package io.carryall.core.item;

/**
 * One source folder in one state of its UIDs: within it a UID names one item (RFC 9051, 2.3.1.1).
 *
 * @param generation  the life of the pair's ledger, from 1
 * @param uidValidity 32 bits unsigned on the wire, so a long
 */
public record FolderKey(PairId pair, int generation, FolderId folder, long uidValidity) {
    public ItemKey item(long uid) {
        return new ItemKey(this, uid);
    }
}
