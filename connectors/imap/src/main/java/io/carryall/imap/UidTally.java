package io.carryall.imap;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/** Which UIDs have been met. A bit each, in blocks that are made where they are needed: five million neighbours take less than a megabyte. */
final class UidTally {
    private final Map<Long, BitSet> blocks = new HashMap<>();
    private long block = -1;
    private BitSet bits;
    private long count;

    /** False if it was there. */
    boolean add(long uid) {
        if (uid >> 13 != block) {
            block = uid >> 13;
            bits = blocks.computeIfAbsent(block, key -> new BitSet());
        }
        int at = (int) (uid & 0x1FFF);
        if (bits.get(at)) return false;
        bits.set(at);
        count++;
        return true;
    }

    long count() {
        return count;
    }
}
