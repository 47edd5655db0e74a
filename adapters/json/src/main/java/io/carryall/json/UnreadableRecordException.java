package io.carryall.json;

/** Bytes on a topic that are no record that this version can read. The message names what was wrong; it holds nothing of the contents. */
public final class UnreadableRecordException extends Exception {
    private static final long serialVersionUID = 1L;

    UnreadableRecordException(String message) {
        super(message);
    }
}
