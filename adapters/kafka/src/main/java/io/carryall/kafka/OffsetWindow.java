package io.carryall.kafka;

import java.util.ArrayDeque;

/**
 * What one partition has delivered and what of it is finished, from the first unfinished record on. Offsets are entered in ascending order. It lives as long as the partition is assigned; once closed, acknowledgements mean nothing.
 * Thread-safe.
 */
final class OffsetWindow {
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private long committable = -1;
    private long committed = -1;
    private boolean closed;

    static final class Entry {
        private final long offset;
        private boolean finished;

        private Entry(long offset) {
            this.offset = offset;
        }
    }

    synchronized Entry delivered(long offset) {
        Entry entry = new Entry(offset);
        entries.addLast(entry);
        if (committable < 0) {
            committable = offset;
            committed = offset;
        }
        return entry;
    }

    /** False if it was finished before. */
    synchronized boolean finish(Entry entry) {
        if (entry.finished) {
            return false;
        }
        entry.finished = true;
        if (!closed) {
            moveOn();
        }
        return true;
    }

    private void moveOn() {
        while (!entries.isEmpty() && entries.peekFirst().finished) {
            committable = entries.removeFirst().offset + 1;
        }
    }

    /** How many records it keeps: those unfinished, and those finished behind one that is not. */
    synchronized int size() {
        return entries.size();
    }

    /** The offset below which all is finished, or -1 if that is committed already. */
    synchronized long toCommit() {
        return !closed && committable > committed ? committable : -1;
    }

    synchronized void committed(long offset) {
        committed = Math.max(committed, offset);
    }

    synchronized boolean isClosed() {
        return closed;
    }

    synchronized void close() {
        closed = true;
        entries.clear();
    }
}
