package io.carryall.cli.check;

import io.carryall.core.migration.ItemFilter;
import io.carryall.core.record.FolderStatus;

/**
 * A source folder as it was seen. Not thread-safe.
 *
 * <p>{@code messages = copied + excluded}; sizes are what the server says of itself, which is advice.
 */
final class FolderLook {
    private final String path;
    private final boolean leftOut;
    private long messages;
    private long bytes;
    private long copied;
    private long copiedBytes;
    private long largestBytes;
    private long aboveLimit;

    private FolderLook(String path, boolean leftOut, long messages) {
        this.path = path;
        this.leftOut = leftOut;
        this.messages = messages;
    }

    /** A folder that the filter leaves out whole: only its number of messages is known. */
    static FolderLook leftOut(String path, FolderStatus status) {
        return new FolderLook(path, true, status.messages());
    }

    static FolderLook taken(String path) {
        return new FolderLook(path, false, 0);
    }

    /** @param limitBytes the largest message that the target takes; -1: not known */
    void saw(long sizeBytes, ItemFilter.Verdict verdict, long limitBytes) {
        messages++;
        bytes += sizeBytes;
        if (verdict.letsThrough()) {
            copied++;
            copiedBytes += sizeBytes;
            largestBytes = Math.max(largestBytes, sizeBytes);
            aboveLimit += limitBytes >= 0 && sizeBytes > limitBytes ? 1 : 0;
        }
    }

    String path() {
        return path;
    }

    boolean isLeftOut() {
        return leftOut;
    }

    long messages() {
        return messages;
    }

    long bytes() {
        return bytes;
    }

    long copied() {
        return copied;
    }

    long copiedBytes() {
        return copiedBytes;
    }

    long excluded() {
        return leftOut ? 0 : messages - copied;
    }

    long largestBytes() {
        return largestBytes;
    }

    long aboveLimit() {
        return aboveLimit;
    }
}
