package io.carryall.core.journal;

/** The file is no journal, or not whole, or not as it was written. The message is one line for operators. */
public final class JournalException extends Exception {
    private static final long serialVersionUID = 1L;

    public JournalException(String message) {
        super(message);
    }
}
