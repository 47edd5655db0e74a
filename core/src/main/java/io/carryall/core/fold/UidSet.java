package io.carryall.core.fold;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * A set of UIDs (1 to 2<sup>32</sup> − 1) that grows. Two bytes for each UID where they are sparse, one bit where they are dense; cheapest when they come in their order. For one thread.
 */
public final class UidSet {
    private static final int CHUNK_BITS = 16;
    private static final int SPARSE_MAX = 1 << 12;

    private final Map<Integer, Chunk> chunks = new HashMap<>();
    private long size;
    private int newestNumber = -1;
    private Chunk newest;

    /** False if it was there. */
    public boolean add(long uid) {
        boolean added = chunk(number(uid)).add((int) (uid & 0xFFFF));
        size += added ? 1 : 0;
        return added;
    }

    public boolean contains(long uid) {
        int number = number(uid);
        Chunk chunk = number == newestNumber ? newest : chunks.get(number);
        return chunk != null && chunk.contains((int) (uid & 0xFFFF));
    }

    public long size() {
        return size;
    }

    /** In their order. */
    public LongStream stream() {
        return chunks.keySet().stream().sorted(Integer::compareUnsigned).mapToLong(Integer::toUnsignedLong).flatMap(number -> chunks.get((int) number).stream().mapToLong(low -> (number << CHUNK_BITS) + low));
    }

    private static int number(long uid) {
        if (uid < 0 || uid > 0xFFFF_FFFFL) {
            throw new IllegalArgumentException("a UID has 32 bits (RFC 9051, 2.3.1.1): " + uid);
        }
        return (int) (uid >>> CHUNK_BITS);
    }

    private Chunk chunk(int number) {
        if (number != newestNumber) {
            newest = chunks.computeIfAbsent(number, n -> new Chunk());
            newestNumber = number;
        }
        return newest;
    }

    /** 65,536 UIDs: a sorted array that becomes a bitmap where that is smaller. */
    private static final class Chunk {
        private char[] sorted = new char[16];
        private int count;
        private long[] bits;

        boolean contains(int low) {
            return bits != null ? (bits[low >>> 6] >>> low & 1) == 1 : Arrays.binarySearch(sorted, 0, count, (char) low) >= 0;
        }

        boolean add(int low) {
            if (bits == null && count == SPARSE_MAX) {
                becomeDense();
            }
            return bits != null ? addToBits(low) : addToSorted((char) low);
        }

        IntStream stream() {
            return bits != null ? BitSet.valueOf(bits).stream() : IntStream.range(0, count).map(i -> sorted[i]);
        }

        private boolean addToBits(int low) {
            long bit = 1L << low;
            boolean added = (bits[low >>> 6] & bit) == 0;
            bits[low >>> 6] |= bit;
            return added;
        }

        private boolean addToSorted(char low) {
            int at = count == 0 || sorted[count - 1] < low ? -count - 1 : Arrays.binarySearch(sorted, 0, count, low);
            if (at >= 0) {
                return false;
            }
            if (count == sorted.length) {
                sorted = Arrays.copyOf(sorted, Math.min(SPARSE_MAX, count * 2));
            }
            int insert = -at - 1;
            System.arraycopy(sorted, insert, sorted, insert + 1, count - insert);
            sorted[insert] = low;
            count++;
            return true;
        }

        private void becomeDense() {
            bits = new long[1 << CHUNK_BITS - 6];
            for (int i = 0; i < count; i++) {
                addToBits(sorted[i]);
            }
            sorted = null;
        }
    }
}
