package io.carryall.core.port;

/** @param caFile PEM file with certificates that are trusted beside the system's, or null */
public record ServerAddress(String host, int port, Security security, String caFile) {
    /** TLS from the first byte; STARTTLS, required; or nothing, which the caller has found to be allowed. */
    public enum Security { TLS, STARTTLS, NONE }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
