package io.carryall.core.item;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.regex.Pattern;

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
    private static final byte[] LINE_END = {'\n'};
    private static final Pattern FOLD = Pattern.compile("\n[ \t]+");

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
        int end = offset + length;
        int i = offset;
        while (i < end) {
            if (isLineEnd(bytes[i])) {
                lineEnd(bytes[i++]);
            } else {
                int from = i;
                while (i < end && !isLineEnd(bytes[i])) {
                    i++;
                }
                text(bytes, from, i - from);
            }
        }
    }

    private static boolean isLineEnd(byte b) {
        return b == '\r' || b == '\n';
    }

    private void lineEnd(byte b) {
        boolean second = b == '\n' && lastWasCr;
        lastWasCr = b == '\r';
        if (second) {
            return;
        }
        pendingLineEnds++;
        if (inHeader) {
            boolean emptyLine = headerLength == 0 || header[headerLength - 1] == '\n';
            keep(LINE_END, 0, 1);
            inHeader = inHeader && !emptyLine;
        }
    }

    private void text(byte[] bytes, int offset, int length) {
        lastWasCr = false;
        for (; pendingLineEnds > 0; pendingLineEnds--) {
            digest(LINE_END, 0, 1);
        }
        digest(bytes, offset, length);
        if (inHeader) {
            keep(bytes, offset, length);
        }
    }

    /** Lines are short, and each call of the digest has its price. */
    private void digest(byte[] bytes, int offset, int length) {
        if (length > chunk.length - chunkLength) {
            content.update(chunk, 0, chunkLength);
            chunkLength = 0;
        }
        if (length > chunk.length) {
            content.update(bytes, offset, length);
        } else {
            System.arraycopy(bytes, offset, chunk, chunkLength, length);
            chunkLength += length;
        }
    }

    private void keep(byte[] bytes, int offset, int length) {
        int kept = Math.min(length, HEADER_BYTES_MAX - headerLength);
        if (headerLength + kept > header.length) {
            header = Arrays.copyOf(header, Math.min(HEADER_BYTES_MAX, Math.max(header.length * 2, headerLength + kept)));
        }
        System.arraycopy(bytes, offset, header, headerLength, kept);
        headerLength += kept;
        inHeader = kept == length;
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

    /** The first of each, unfolded (RFC 5322 section 2.2.3). Only their lines are made into text: most of a header is something else. */
    private TreeMap<String, String> identifyingFields() {
        TreeMap<String, String> found = new TreeMap<>();
        for (int from = 0; from < headerLength;) {
            int end = endOfField(from);
            int colon = from;
            while (colon < end && header[colon] != ':') {
                colon++;
            }
            String name = latin1(from, colon).trim().toLowerCase(Locale.ROOT);
            if (colon < end && IDENTIFYING.contains(name)) {
                found.putIfAbsent(name, FOLD.matcher(latin1(colon + 1, end)).replaceAll(" ").trim());
            }
            from = end + 1;
        }
        return found;
    }

    /** Where its last line ends: the next one does not begin with a blank. */
    private int endOfField(int from) {
        for (int i = from; i < headerLength; i++) {
            boolean folded = i + 1 < headerLength && (header[i + 1] == ' ' || header[i + 1] == '\t');
            if (header[i] == '\n' && !folded) {
                return i;
            }
        }
        return headerLength;
    }

    private String latin1(int from, int to) {
        return new String(header, from, to - from, StandardCharsets.ISO_8859_1);
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
