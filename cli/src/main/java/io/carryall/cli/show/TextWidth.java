package io.carryall.cli.show;

import java.util.ArrayList;
import java.util.List;

/**
 * How many columns of a terminal a text takes. Terminals differ in pictures that are made of several: what is said here is rather too much than too little, so that nothing is wider than it is thought to be. Pure.
 */
final class TextWidth {
    /** Begin and end of what stands on two columns (Unicode's East Asian Width, W and F, and pictures), in ascending order. */
    private static final int[] WIDE = {0x1100, 0x115f, 0x231a, 0x231b, 0x2329, 0x232a, 0x23e9, 0x23f3, 0x25fd, 0x25fe, 0x2614, 0x2615, 0x2648, 0x2653, 0x267f, 0x267f, 0x2693, 0x2693, 0x26a1, 0x26a1, 0x26aa, 0x26ab,
        0x26bd, 0x26be, 0x26c4, 0x26c5, 0x26ce, 0x26ce, 0x26d4, 0x26d4, 0x26ea, 0x26ea, 0x26f2, 0x26fd, 0x2705, 0x2705, 0x270a, 0x270b, 0x2728, 0x2728, 0x274c, 0x274c, 0x274e, 0x274e, 0x2753, 0x2757, 0x2795, 0x2797,
        0x27b0, 0x27b0, 0x27bf, 0x27bf, 0x2b1b, 0x2b1c, 0x2b50, 0x2b50, 0x2b55, 0x2b55, 0x2e80, 0x303e, 0x3041, 0xa4cf, 0xa960, 0xa97f, 0xac00, 0xd7a3, 0xf900, 0xfaff, 0xfe10, 0xfe19, 0xfe30, 0xfe6f, 0xff00, 0xff60,
        0xffe0, 0xffe6, 0x16fe0, 0x1b2ff, 0x1f000, 0x1faff, 0x20000, 0x3fffd};

    private TextWidth() {
    }

    static int of(String text) {
        return text.codePoints().map(TextWidth::of).sum();
    }

    private static int of(int c) {
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK -> 0;
            case Character.FORMAT -> c == 0xad ? 1 : 0;
            default -> isWide(c) ? 2 : 1;
        };
    }

    private static boolean isWide(int c) {
        for (int i = 0; i < WIDE.length && WIDE[i] <= c; i += 2) {
            if (c <= WIDE[i + 1]) {
                return true;
            }
        }
        return false;
    }

    /** To so many columns, with a mark where something is missing. */
    static String cut(String text, int columns) {
        if (of(text) <= columns) {
            return text;
        }
        return columns < 1 ? "" : text.substring(0, fitting(text, columns - 1)) + "…";
    }

    /** To so many columns, with a mark in the middle: what names end with tells them apart as what they begin with does. */
    static String shortened(String text, int columns) {
        if (of(text) <= columns || columns < 3) {
            return cut(text, columns);
        }
        int end = (columns - 1) / 2;
        int from = text.length();
        for (int left = end; from > 0 && left >= of(text.codePointBefore(from)); from -= Character.charCount(text.codePointBefore(from))) {
            left -= of(text.codePointBefore(from));
        }
        while (from < text.length() && of(text.codePointAt(from)) == 0) {
            from += Character.charCount(text.codePointAt(from));
        }
        return text.substring(0, fitting(text, columns - 1 - end)) + "…" + text.substring(from);
    }

    /** The index behind what has room in so many columns, with the marks that belong to its last letter. */
    private static int fitting(String text, int columns) {
        int width = 0;
        int index = 0;
        while (index < text.length()) {
            int c = text.codePointAt(index);
            width += of(c);
            if (width > columns) {
                break;
            }
            index += Character.charCount(c);
        }
        return index;
    }

    /** How many rows a line fills on a terminal of that width. */
    static int rows(String line, int width) {
        int rows = 1;
        int column = 0;
        for (int i = 0; i < line.length(); i += Character.charCount(line.codePointAt(i))) {
            int needs = of(line.codePointAt(i));
            boolean next = column + needs > Math.max(needs, width);
            rows += next ? 1 : 0;
            column = next ? needs : column + needs;
        }
        return rows;
    }

    /** Broken after commas and colons, where there are any; what goes on stands behind so many blanks. */
    static List<String> wrapped(String line, int width, int indent) {
        List<String> lines = new ArrayList<>();
        StringBuilder current = new StringBuilder();
        for (String part : line.split("(?<=[,:] )")) {
            if (current.length() > 0 && of(current.toString()) + of(part.stripTrailing()) > width) {
                lines.add(current.toString().stripTrailing());
                current.setLength(0);
                current.append(" ".repeat(indent));
            }
            current.append(part);
        }
        lines.add(current.toString());
        return lines;
    }
}
