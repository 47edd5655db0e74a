package io.carryall.core.item;

import java.time.Instant;

/**
 * What a scan finds out about an item.
 *
 * @param sizeBytes       RFC822.SIZE as the server says it: advice, servers err
 * @param dateEpochSecond the internal date; {@link #NO_DATE} where the server gave none that can be read
 */
public record SourceItem(long uid, long sizeBytes, long dateEpochSecond) {
    public static final long NO_DATE = Long.MIN_VALUE;

    public boolean hasDate() {
        return dateEpochSecond != NO_DATE;
    }

    public Instant date() {
        return Instant.ofEpochSecond(dateEpochSecond);
    }
}
