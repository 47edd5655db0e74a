package io.carryall.imap;

import java.nio.charset.StandardCharsets;

/** Words of a server or a mailbox, made fit to be shown: they are hostile text. */
final class ServerText {
    /** Longest cleaned text, in UTF-16 units. */
    static final int LENGTH_MAX = 300;

    private ServerText() {
    }

    static String clean(byte[] raw) {
        return clean(new String(raw, StandardCharsets.UTF_8));
    }

    /** Control characters, line separators and what turns or hides text are taken out; runs of blanks become one; at most {@link #LENGTH_MAX} long. */
    static String clean(String raw) {
        StringBuilder out = new StringBuilder(Math.min(raw.length(), LENGTH_MAX));
        boolean blank = false;
        for (int i = 0; i < raw.length() && out.length() < LENGTH_MAX; ) {
            int c = raw.codePointAt(i);
            i += Character.charCount(c);
            if (Character.isWhitespace(c) || c == 0xA0 || Character.getType(c) == Character.CONTROL) {
                blank = out.length() > 0;
            } else if (isShown(c)) {
                if (blank) out.append(' ');
                blank = false;
                out.appendCodePoint(c);
            }
        }
        if (out.length() > LENGTH_MAX) out.setLength(out.offsetByCodePoints(out.length(), -1));
        return out.toString();
    }

    /** Format characters (Cf) hold the bidirectional overrides, isolates and zero-width characters. */
    private static boolean isShown(int c) {
        return switch (Character.getType(c)) {
            case Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
