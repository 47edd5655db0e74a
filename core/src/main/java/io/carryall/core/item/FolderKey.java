package io.carryall.core.item;

/**
 * One source folder in one state of its UIDs: within it a UID names one item (RFC 9051, 2.3.1.1).
 *
 * @param generation  the life of the pair's ledger, from 1
 * @param uidValidity the source's UIDVALIDITY (32 bits unsigned on the wire), and 2<sup>32</sup> more for each time that UIDs were found used again for other messages under it
 */
public record FolderKey(PairId pair, int generation, FolderId folder, long uidValidity) {
    /** No state that a server can be in (RFC 9051: a nz-number): the next scan finds another one and has to recognise what is in the folder. */
    public static final long NO_STATE = 0;
    private static final int UIDVALIDITY_BITS = 32;

    /** What the source itself calls UIDVALIDITY. */
    public long serverUidValidity() {
        return onServer(uidValidity);
    }

    public static long onServer(long uidValidity) {
        return uidValidity & (1L << UIDVALIDITY_BITS) - 1;
    }

    /** The state that follows where the source uses UIDs again without saying so. */
    public static long usedAgain(long uidValidity) {
        return uidValidity + (1L << UIDVALIDITY_BITS);
    }

    public ItemKey item(long uid) {
        return new ItemKey(this, uid);
    }
}
