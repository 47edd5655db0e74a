package io.carryall.verify;

/** Text out of a mailbox, made fit to be shown: it is hostile. */
final class ShownText {
    private static final int CHARS_MAX = 998;

    private ShownText() {
    }

    /** Without control characters and what turns or hides text; at most {@value #CHARS_MAX} characters. */
    static String of(String raw) {
        StringBuilder out = new StringBuilder(Math.min(raw.length(), CHARS_MAX));
        raw.codePoints().filter(ShownText::isShown).limit(CHARS_MAX).forEach(out::appendCodePoint);
        return out.toString();
    }

    /** Format characters (Cf) hold the bidirectional overrides and the characters without width. */
    private static boolean isShown(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
