package io.carryall.core.rekey;

import io.carryall.core.item.SourceItem;

/** Sizes and dates of items, to ask whether another one may be the same message. 11 to 22 bytes an item. For one thread. */
public final class Measures {
    private final LongSet measures = new LongSet();

    /** One that the server could not measure is like no other. */
    public void add(SourceItem item) {
        if (item.hasDate()) {
            measures.add(measure(item));
        }
    }

    public boolean contains(SourceItem item) {
        return item.hasDate() && measures.contains(measure(item));
    }

    private static long measure(SourceItem item) {
        return Hashes.of(item.sizeBytes(), item.dateEpochSecond());
    }
}
