package io.carryall.embedded;

/** A server did not start. The message is one line for an operator: what happened, and the way out. */
public final class StartFailedException extends Exception {

    private static final long serialVersionUID = 1L;

    public StartFailedException(String message) {
        super(message);
    }

    public StartFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
