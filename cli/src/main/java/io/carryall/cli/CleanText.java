package io.carryall.cli;

/**
 * Makes text that came out of a mailbox, a server or a file safe to show: control characters could steer the terminal, and directional marks could make a name look like another. They are shown as what they are.
 */
public final class CleanText {

    private CleanText() {
    }

    /** One line: line ends are no exception. */
    public static String of(String text) {
        StringBuilder clean = null;
        for (int i = 0; i < text.length();) {
            int c = text.codePointAt(i);
            int next = i + Character.charCount(c);
            if (isHostile(c)) {
                clean = clean == null ? new StringBuilder(text.length() + 16).append(text, 0, i) : clean;
                clean.append(c > 0xffff ? String.format("\\U{%x}", c) : escaped(c));
            } else if (clean != null) {
                clean.appendCodePoint(c);
            }
            i = next;
        }
        return clean == null ? text : clean.toString();
    }

    /** JSON stays the same JSON: such characters stand only inside its strings, where they may be escaped. It may be of megabytes, and what is harmless is taken over in runs. */
    static String ofJson(String json) {
        StringBuilder clean = null;
        int taken = 0;
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c >= ' ' && c <= '~') {
                continue;
            }
            boolean inPair = Character.isSurrogate(c) && (i + 1 < json.length() && Character.isSurrogatePair(c, json.charAt(i + 1)) || i > 0 && Character.isSurrogatePair(json.charAt(i - 1), c));
            if (!inPair && isHostile(c)) {
                clean = clean == null ? new StringBuilder(json.length() + 16) : clean;
                clean.append(json, taken, i).append(escaped(c));
                taken = i + 1;
            }
        }
        return clean == null ? json : clean.append(json, taken, json.length()).toString();
    }

    private static String escaped(int c) {
        return String.format("\\u%04x", c);
    }

    private static boolean isHostile(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            // Joiners belong to the spelling of several languages; other format characters hide or turn what is shown.
            case Character.FORMAT -> c != 0x200c && c != 0x200d && c != 0xad;
            default -> false;
        };
    }
}
