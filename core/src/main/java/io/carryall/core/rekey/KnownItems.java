package io.carryall.core.rekey;

import io.carryall.core.item.SourceItem;
import java.util.Arrays;

/** Items of a folder, to compare with others of the same UIDs: whether these still name the same. 16 bytes an item. For one thread. */
public final class KnownItems {
    private long[] uids = new long[64];
    private long[] measures = new long[64];
    private int count;

    /** In the order of UIDs; one that comes out of it is left out. */
    public void add(SourceItem item) {
        if (count > 0 && item.uid() <= uids[count - 1]) {
            return;
        }
        if (count == uids.length) {
            uids = Arrays.copyOf(uids, count * 2);
            measures = Arrays.copyOf(measures, count * 2);
        }
        uids[count] = item.uid();
        measures[count] = measure(item);
        count++;
    }

    private static long measure(SourceItem item) {
        return item.hasDate() ? Hashes.of(item.sizeBytes(), item.dateEpochSecond()) : 0;
    }

    public boolean isEmpty() {
        return count == 0;
    }

    public Comparison comparison() {
        return new Comparison();
    }

    /** How others agree with these. */
    public final class Comparison {
        private long common;
        private long different;

        private Comparison() {}

        /** Compares an item with its namesake. Where the server could not measure one of them, that says nothing. */
        public void compare(SourceItem other) {
            int at = Arrays.binarySearch(uids, 0, count, other.uid());
            if (at < 0 || measures[at] == 0 || !other.hasDate()) {
                return;
            }
            boolean same = measures[at] == measure(other);
            common += same ? 1 : 0;
            different += same ? 0 : 1;
        }

        /** How many items are the same. */
        public long common() {
            return common;
        }

        /** How many have another size or date than what stands under their UID: they are other items. */
        public long different() {
            return different;
        }
    }
}
