package io.carryall.core.rekey;

import java.util.Arrays;
import java.util.function.IntPredicate;

/** Finds positions by their hash, in their order, each of them once. 8 to 12 bytes a position. For one thread. */
final class Chains {
    private static final int NONE = -1;

    private final long[] hashes;
    private final int[] heads;
    private final int[] next;

    /** @param wanted which of the positions from 0 to {@code count - 1} take part */
    Chains(long[] hashes, int count, IntPredicate wanted) {
        this.hashes = hashes;
        heads = new int[Math.max(2, Integer.highestOneBit(Math.max(1, count)) * 2)];
        next = new int[count];
        Arrays.fill(heads, NONE);
        for (int at = count - 1; at >= 0; at--) {
            if (wanted.test(at)) {
                int slot = slot(hashes[at]);
                next[at] = heads[slot];
                heads[slot] = at;
            }
        }
    }

    private int slot(long hash) {
        return (int) (hash ^ hash >>> 32) & heads.length - 1;
    }

    boolean contains(long hash) {
        return first(hash) != NONE;
    }

    /** The first position of that hash; -1 where there is none. */
    int first(long hash) {
        for (int at = heads[slot(hash)]; at != NONE; at = next[at]) {
            if (hashes[at] == hash) {
                return at;
            }
        }
        return NONE;
    }

    /** The first position of that hash, which is taken out; -1 where there is none. */
    int take(long hash) {
        int slot = slot(hash);
        int before = NONE;
        for (int at = heads[slot]; at != NONE; at = next[at]) {
            if (hashes[at] == hash) {
                if (before == NONE) {
                    heads[slot] = next[at];
                } else {
                    next[before] = next[at];
                }
                return at;
            }
            before = at;
        }
        return NONE;
    }
}
