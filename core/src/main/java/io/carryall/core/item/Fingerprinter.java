package io.carryall.core.item;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/**
 * Computes a {@link Fingerprint} from the bytes of one message as they pass by. Line ends are made canonical for the content digest (CRLF, bare CR and bare LF are one line
 * end each, those at the very end of the message are left out), because servers change them. The identifying headers are Message-ID, Date, From, To, Subject and the first Received, unfolded;
 * the Message-ID is kept for people, too.
 *
 * <p>Holds at most {@value #HEADER_BYTES_MAX} bytes of header, so a message of any size passes. One object for one message, used by one thread.
 */
public final class Fingerprinter {
    /** Names of the header fields that make the digest of headers, in lower case. */
    public static final List<String> IDENTIFYING = List.of("message-id", "date", "from", "to", "subject", "received");

    private static final int HEADER_BYTES_MAX = 64 * 1024;

    private final MessageDigest content = sha256();
    private final byte[] chunk = new byte[8 * 1024];
    private int chunkLength;
    private byte[] header = new byte[2 * 1024];
    private int headerLength;
    private boolean inHeader = true;
    private long sizeBytes;
    private long pendingLineEnds;
    private boolean lastWasCr;

    public void update(byte[] bytes, int offset, int length) {
        sizeBytes += length;
        for (int i = offset; i < offset + length; i++) {
            canonical(bytes[i]);
        }
    }

    private void canonical(byte b) {
        if (b == '\n' && lastWasCr) {
            lastWasCr = false;
            return;
        }
        lastWasCr = b == '\r';
        if (b == '\r' || b == '\n') {
            pendingLineEnds++;
            endOfLine();
            return;
        }
        for (; pendingLineEnds > 0; pendingLineEnds--) {
            digest((byte) '\n');
        }
        digest(b);
        if (inHeader) {
            keep(b);
        }
    }

    private void digest(byte b) {
        chunk[chunkLength++] = b;
        if (chunkLength == chunk.length) {
            content.update(chunk, 0, chunkLength);
            chunkLength = 0;
        }
    }

    private void endOfLine() {
        if (!inHeader) {
            return;
        }
        boolean emptyLine = headerLength == 0 || header[headerLength - 1] == '\n';
        keep((byte) '\n');
        inHeader = inHeader && !emptyLine;
    }

    private void keep(byte b) {
        if (headerLength == HEADER_BYTES_MAX) {
            inHeader = false;
            return;
        }
        if (headerLength == header.length) {
            header = Arrays.copyOf(header, Math.min(HEADER_BYTES_MAX, header.length * 2));
        }
        header[headerLength++] = b;
    }

    /** Ends the message. Call it once. */
    public Result finish(long dateEpochSecond) {
        content.update(chunk, 0, chunkLength);
        TreeMap<String, String> fields = identifyingFields();
        return new Result(new Fingerprint(sizeBytes, dateEpochSecond, digest(fields), text(content)), fields.get("message-id"));
    }

    private static String digest(TreeMap<String, String> fields) {
        MessageDigest headers = sha256();
        fields.forEach((name, value) -> headers.update((name + ":" + value + "\n").getBytes(StandardCharsets.ISO_8859_1)));
        return text(headers);
    }

    /** From the lines of the identifying fields alone: {@link Fingerprint#headers()} as it would be of the whole message; {@code content} and size say nothing. */
    public static Result ofHeaderLines(byte[] lines, long dateEpochSecond) {
        Fingerprinter fingerprinter = new Fingerprinter();
        fingerprinter.update(lines, 0, lines.length);
        return fingerprinter.finish(dateEpochSecond);
    }

    /**
     * From the same lines: digest of those identifying fields that whoever sets a message down anew leaves alone, which are all but Received. Empty where there are none.
     */
    public static String originOf(byte[] lines) {
        Fingerprinter fingerprinter = new Fingerprinter();
        fingerprinter.update(lines, 0, lines.length);
        TreeMap<String, String> fields = fingerprinter.identifyingFields();
        fields.remove("received");
        return fields.isEmpty() ? "" : digest(fields);
    }

    /** @param messageId as it stands in the message, unfolded and trimmed, or null; hostile text */
    public record Result(Fingerprint fingerprint, String messageId) {}

    private TreeMap<String, String> identifyingFields() {
        TreeMap<String, String> found = new TreeMap<>();
        String unfolded = new String(header, 0, headerLength, StandardCharsets.ISO_8859_1).replaceAll("\n[ \t]+", " ");
        for (String line : unfolded.split("\n")) {
            int colon = line.indexOf(':');
            String name = colon < 0 ? "" : line.substring(0, colon).trim().toLowerCase(Locale.ROOT);
            if (IDENTIFYING.contains(name)) {
                found.putIfAbsent(name, line.substring(colon + 1).trim());
            }
        }
        return found;
    }

    private static String text(MessageDigest digest) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest.digest(), 18));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
