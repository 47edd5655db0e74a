package io.carryall.core.journal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A line that says what the file is, compressed lines, and a last line with the checksum of every byte before it. */
final class JournalFormat {
    static final int VERSION = 1;
    static final String NAME = "carryall-journal ";
    static final byte[] HEADER = (NAME + VERSION + "\n").getBytes(StandardCharsets.US_ASCII);
    static final int BUFFER_BYTES = 64 * 1024;
    /** A line is read whole: longer than any that is written, and short enough for memory. */
    static final int LINE_CHARS_MAX = 4_000_000;
    private static final String TRAILER = "\nsha256 ";
    static final int TRAILER_BYTES = trailer("0".repeat(64)).length;

    private JournalFormat() {}

    static byte[] trailer(String hex) {
        return (TRAILER + hex + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
