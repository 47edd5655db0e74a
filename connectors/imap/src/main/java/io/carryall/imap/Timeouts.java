package io.carryall.imap;

/** Longest waits, in milliseconds, all finite: to connect, for the next bytes to come, for bytes to be taken. */
public record Timeouts(int connectMillis, int readMillis, int writeMillis) {
    public static final Timeouts DEFAULT = new Timeouts(20_000, 120_000, 60_000);

    public Timeouts {
        if (connectMillis <= 0 || readMillis <= 0 || writeMillis <= 0) {
            throw new IllegalArgumentException("timeouts are finite and positive");
        }
    }
}
