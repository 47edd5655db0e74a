package io.carryall.cli.show;

import java.io.PrintStream;
import java.util.List;

/**
 * Some lines of a terminal that are written again and again in their place. The size of the terminal may change between two times: lines that were as wide as it was stand on several rows of a narrower one. Not thread-safe.
 */
final class LiveScreen {
    /** Without automatic line breaks a wide character at the edge begins no new row. */
    private static final String NO_WRAP = "\u001b[?7l";
    private static final String WRAP = "\u001b[?7h";
    private static final String CLEAR_BELOW = "\u001b[J";

    private final PrintStream to;
    private List<String> standing = List.of();

    LiveScreen(PrintStream to) {
        this.to = to;
    }

    /**
     * Replaces what stands there.
     *
     * @param width of the terminal now, in characters
     */
    void show(List<String> lines, int width) {
        to.print(back(standing, width) + NO_WRAP + String.join("\r\n", lines) + WRAP);
        to.flush();
        standing = lines;
    }

    /** Makes room for what comes next. */
    void clear(int width) {
        if (!standing.isEmpty()) {
            to.print(back(standing, width));
            to.flush();
            standing = List.of();
        }
    }

    /** From the end of these lines to the begin of their first, and everything below is gone. */
    static String back(List<String> lines, int width) {
        int up = Math.max(0, rows(lines, width) - 1);
        return "\r" + (up > 0 ? "\u001b[" + up + "A" : "") + CLEAR_BELOW;
    }

    /** How many rows these lines fill on a terminal of that width, whatever it was when they were written. */
    static int rows(List<String> lines, int width) {
        return lines.stream().mapToInt(line -> TextWidth.rows(line, width)).sum();
    }
}
