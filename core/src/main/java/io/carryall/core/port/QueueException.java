package io.carryall.core.port;

/** The broker could not be reached, or did not answer in time. */
public final class QueueException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public QueueException(String message, Throwable cause) {
        super(message, cause);
    }
}
