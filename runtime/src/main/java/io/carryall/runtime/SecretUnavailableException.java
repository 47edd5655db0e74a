package io.carryall.runtime;

/** A secret that a reference names cannot be read. The message names the reference, nothing of the secret. */
public final class SecretUnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    SecretUnavailableException(String message) {
        super(message);
    }
}
