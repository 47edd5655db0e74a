package io.carryall.core.rekey;

import java.util.Arrays;
import java.util.function.LongConsumer;

/** A set of hashes that grows; 11 to 22 bytes each. For one thread. */
final class LongSet {
    private long[] slots = new long[64];
    private boolean hasZero;
    private int size;

    /** False if it was there. */
    boolean add(long value) {
        if (value == 0) {
            boolean added = !hasZero;
            hasZero = true;
            return added;
        }
        if (size * 4L >= slots.length * 3L) {
            grow();
        }
        return put(value);
    }

    boolean contains(long value) {
        return value == 0 ? hasZero : slots[slotOf(value)] == value;
    }

    void forEach(LongConsumer values) {
        if (hasZero) {
            values.accept(0);
        }
        for (long value : slots) {
            if (value != 0) {
                values.accept(value);
            }
        }
    }

    void clear() {
        Arrays.fill(slots, 0);
        hasZero = false;
        size = 0;
    }

    private boolean put(long value) {
        int slot = slotOf(value);
        boolean added = slots[slot] == 0;
        slots[slot] = value;
        size += added ? 1 : 0;
        return added;
    }

    private int slotOf(long value) {
        int slot = (int) (value ^ value >>> 32) & slots.length - 1;
        while (slots[slot] != 0 && slots[slot] != value) {
            slot = slot + 1 & slots.length - 1;
        }
        return slot;
    }

    private void grow() {
        long[] old = slots;
        slots = new long[old.length * 2];
        size = 0;
        for (long value : old) {
            if (value != 0) {
                put(value);
            }
        }
    }
}
