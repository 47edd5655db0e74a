package io.carryall.imap;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The encoding of mailbox names (RFC 3501 section 5.1.3). Strict: a name is valid only if it is the one way to write its text, so that two folders never look the same.
 * Raw names are ISO 8859-1 strings, one character for each byte on the wire.
 */
final class ModifiedUtf7 {
    private static final String BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

    private ModifiedUtf7() {
    }

    static String encode(String text) {
        StringBuilder out = new StringBuilder(text.length() + 8);
        for (int i = 0; i < text.length(); ) {
            char c = text.charAt(i);
            if (isDirect(c)) {
                out.append(c == '&' ? "&-" : String.valueOf(c));
                i++;
                continue;
            }
            int bits = 0;
            int held = 0;
            out.append('&');
            for (; i < text.length() && !isDirect(text.charAt(i)); i++) {
                held = held << 16 | text.charAt(i);
                for (bits += 16; bits >= 6; bits -= 6) out.append(BASE64.charAt(held >> bits - 6 & 63));
                held &= (1 << bits) - 1;
            }
            if (bits > 0) out.append(BASE64.charAt(held << 6 - bits & 63));
            out.append('-');
        }
        return out.toString();
    }

    /** The text, or nothing where the name is not valid. Names with 8-bit bytes are read as UTF-8, as servers send them that never heard of the encoding. */
    static Optional<String> decode(String raw) {
        boolean eightBit = raw.chars().anyMatch(c -> c >= 0x80);
        Optional<String> text = eightBit ? utf8(raw) : Optional.ofNullable(decodeOrNull(raw));
        return text.filter(t -> isWellFormed(t) && (eightBit || encode(t).equals(raw)));
    }

    private static Optional<String> utf8(String raw) {
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(raw.getBytes(StandardCharsets.ISO_8859_1))).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static String decodeOrNull(String raw) {
        StringBuilder out = new StringBuilder(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c != '&') {
                out.append(c);
                continue;
            }
            int end = raw.indexOf('-', i);
            if (end < 0) return null;
            if (end == i + 1) out.append('&');
            int held = 0;
            int bits = 0;
            for (i++; i < end; i++) {
                int value = BASE64.indexOf(raw.charAt(i));
                if (value < 0) return null;
                held = (held << 6 | value) & 0x3FFFFF;
                bits += 6;
                if (bits >= 16) {
                    bits -= 16;
                    out.append((char) (held >> bits & 0xFFFF));
                }
            }
        }
        return out.toString();
    }

    private static boolean isDirect(char c) {
        return c >= 0x20 && c <= 0x7E;
    }

    private static boolean isWellFormed(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }
}
