package io.carryall.verify;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * What is known of the messages of a folder (or of several that go into one), in columns: 50 bytes a message, 66 where bodies were digested. Filled by one thread.
 */
final class Entries {
    static final long NO_DATE = Long.MIN_VALUE;
    /** What is set aside at once for messages that a server only announces. */
    private static final int RESERVED_MAX = 1 << 20;
    private static final byte EXCLUDED = 1;
    private static final byte STRONG = 2;
    private static final byte BODY = 4;

    private int size;
    private int[] uids;
    private long[] dates;
    private long[] sizes;
    private int[] flagSets;
    private long[] headersHigh;
    private long[] headersLow;
    private long[] messageIds;
    private byte[] marks;
    private long[] bodiesHigh = {};
    private long[] bodiesLow = {};

    Entries(int expected) {
        grow(Math.max(expected, 16));
    }

    /** So many more are about to come, as far as one may believe it: room for them is made once. */
    void reserve(long more) {
        int length = size + (int) Math.min(more, RESERVED_MAX);
        if (length > uids.length) {
            grow(length);
        }
    }

    /**
     * @param dateEpochSecond the internal date; {@link #NO_DATE} where the server gave none that can be read
     * @param flagSet         of {@link FlagSets}
     * @param excluded        left out by the migration's filter: may explain what the target has, and is never missed
     * @return where it stands
     */
    int add(long uid, long dateEpochSecond, long sizeBytes, int flagSet, Identity identity, boolean excluded) {
        if (size == uids.length) {
            grow(size + (size >> 1));
        }
        uids[size] = (int) uid;
        dates[size] = dateEpochSecond;
        sizes[size] = sizeBytes;
        flagSets[size] = flagSet;
        headersHigh[size] = identity.headers().high();
        headersLow[size] = identity.headers().low();
        messageIds[size] = identity.messageId();
        marks[size] = (byte) ((excluded ? EXCLUDED : 0) | (identity.strong() ? STRONG : 0));
        return size++;
    }

    void body(int i, Digest content) {
        if (bodiesHigh.length < uids.length) {
            bodiesHigh = Arrays.copyOf(bodiesHigh, uids.length);
            bodiesLow = Arrays.copyOf(bodiesLow, uids.length);
        }
        bodiesHigh[i] = content.high();
        bodiesLow[i] = content.low();
        marks[i] |= BODY;
    }

    /** Forgets what was added behind the first so many: a connection broke, and it is listed anew. */
    void truncate(int length) {
        size = length;
    }

    void mapFlagSets(IntUnaryOperator to) {
        for (int i = 0; i < size; i++) {
            flagSets[i] = to.applyAsInt(flagSets[i]);
        }
    }

    int size() {
        return size;
    }

    /** UIDs are unsigned 32-bit numbers (RFC 9051, section 2.3.1.1). */
    long uid(int i) {
        return Integer.toUnsignedLong(uids[i]);
    }

    long date(int i) {
        return dates[i];
    }

    boolean hasDate(int i) {
        return dates[i] != NO_DATE;
    }

    long sizeBytes(int i) {
        return sizes[i];
    }

    int flagSet(int i) {
        return flagSets[i];
    }

    long headersHigh(int i) {
        return headersHigh[i];
    }

    long headersLow(int i) {
        return headersLow[i];
    }

    long messageId(int i) {
        return messageIds[i];
    }

    long bodyHigh(int i) {
        return bodiesHigh[i];
    }

    long bodyLow(int i) {
        return bodiesLow[i];
    }

    boolean excluded(int i) {
        return (marks[i] & EXCLUDED) != 0;
    }

    boolean strong(int i) {
        return (marks[i] & STRONG) != 0;
    }

    boolean hasBody(int i) {
        return (marks[i] & BODY) != 0;
    }

    private void grow(int length) {
        if (uids == null) {
            uids = new int[length];
            dates = new long[length];
            sizes = new long[length];
            flagSets = new int[length];
            headersHigh = new long[length];
            headersLow = new long[length];
            messageIds = new long[length];
            marks = new byte[length];
            return;
        }
        uids = Arrays.copyOf(uids, length);
        dates = Arrays.copyOf(dates, length);
        sizes = Arrays.copyOf(sizes, length);
        flagSets = Arrays.copyOf(flagSets, length);
        headersHigh = Arrays.copyOf(headersHigh, length);
        headersLow = Arrays.copyOf(headersLow, length);
        messageIds = Arrays.copyOf(messageIds, length);
        marks = Arrays.copyOf(marks, length);
    }
}
