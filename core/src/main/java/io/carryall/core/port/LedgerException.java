package io.carryall.core.port;

/** The ledger could not be reached, or did not answer in time: what was asked may or may not have happened. All writes may be repeated. */
public final class LedgerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LedgerException(String message, Throwable cause) {
        super(message, cause);
    }
}
