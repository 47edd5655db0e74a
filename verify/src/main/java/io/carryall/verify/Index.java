package io.carryall.verify;

import java.util.Arrays;
import java.util.function.IntPredicate;

/** Some messages of a folder, found by a {@link Key}: a hash table in two arrays of numbers, at most 12 bytes a message, whatever the number of true duplicates among them. */
final class Index {
    private static final int NONE = -1;

    private final Entries entries;
    private final Key key;
    private final int[] heads;
    private final int[] next;

    /** @param members which messages take part, as far as they have the key */
    Index(Entries entries, Key key, IntPredicate members) {
        this.entries = entries;
        this.key = key;
        this.heads = new int[Integer.highestOneBit(Math.max(16, entries.size())) * 2];
        this.next = new int[entries.size()];
        Arrays.fill(heads, NONE);
        // backwards, so that the chains run in the order of the folder
        for (int i = entries.size() - 1; i >= 0; i--) {
            if (members.test(i) && key.known(entries, i)) {
                int bucket = bucket(entries, i);
                next[i] = heads[bucket];
                heads[bucket] = i;
            }
        }
    }

    /** The first message here that is like that one, or -1. */
    int find(Entries others, int other) {
        return search(others, other, false);
    }

    /** The same, and it is not found again. */
    int take(Entries others, int other) {
        return search(others, other, true);
    }

    private int search(Entries others, int other, boolean remove) {
        if (!key.known(others, other)) {
            return NONE;
        }
        int bucket = bucket(others, other);
        int before = NONE;
        int i = heads[bucket];
        while (i != NONE && !key.same(entries, i, others, other)) {
            before = i;
            i = next[i];
        }
        if (remove && i != NONE) {
            if (before == NONE) {
                heads[bucket] = next[i];
            } else {
                next[before] = next[i];
            }
        }
        return i;
    }

    private int bucket(Entries e, int i) {
        return (int) key.hash(e, i) & heads.length - 1;
    }
}
