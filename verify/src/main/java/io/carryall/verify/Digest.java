package io.carryall.verify;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The first 128 bits of a SHA-256: enough that two messages never share one by chance, small enough to hold millions. */
record Digest(long high, long low) {

    static Digest of(byte[] bytes) {
        return first(sha256().digest(bytes));
    }

    static Digest finish(MessageDigest sha256) {
        return first(sha256.digest());
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static Digest first(byte[] hash) {
        ByteBuffer buffer = ByteBuffer.wrap(hash);
        return new Digest(buffer.getLong(), buffer.getLong());
    }
}
