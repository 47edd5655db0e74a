package io.carryall.core.migration;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;

/**
 * The filter on items, decided from what a scan saw of them: size and internal date.
 *
 * @param since        inclusive; null: no bound
 * @param until        exclusive; null: no bound
 * @param maxSizeBytes the largest size that is let through; null: no bound
 */
public record ItemFilter(Instant since, Instant until, Long maxSizeBytes) {

    public static final ItemFilter EVERYTHING = new ItemFilter(null, null, null);

    public enum Verdict {
        LET_THROUGH, TOO_OLD, TOO_NEW, TOO_LARGE;

        public boolean letsThrough() {
            return this == LET_THROUGH;
        }
    }

    /**
     * What becomes of an item.
     *
     * @param internalDate null where the source gave none that can be read: then the dates leave nothing out, since copying too much can be mended and losing mail can't
     */
    public Verdict lets(long sizeBytes, Instant internalDate) {
        if (internalDate != null && since != null && internalDate.isBefore(since)) {
            return Verdict.TOO_OLD;
        }
        if (internalDate != null && until != null && !internalDate.isBefore(until)) {
            return Verdict.TOO_NEW;
        }
        return maxSizeBytes != null && sizeBytes > maxSizeBytes ? Verdict.TOO_LARGE : Verdict.LET_THROUGH;
    }

    /**
     * Names this filter in watermarks: 16 hexadecimal digits, equal exactly for filters that decide alike, the same in every version and on every machine. Folder patterns have no part in it: a folder that is let
     * through stands where it stood, whatever became of its neighbours.
     */
    public String hash() {
        String canonical = "1|" + text(since) + "|" + text(until) + "|" + (maxSizeBytes == null ? "" : maxSizeBytes);
        return HexFormat.of().formatHex(sha256(canonical), 0, 8);
    }

    private static String text(Instant bound) {
        return bound == null ? "" : bound.getEpochSecond() + "." + bound.getNano();
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
