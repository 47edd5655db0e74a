package io.carryall.cli.show;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** How large the terminal is, in characters. */
public record TerminalSize(int width, int height) {
    private static final TerminalSize USUAL = new TerminalSize(80, 24);
    private static final long ANSWER_MILLIS = 500;

    /** As it is now: asked of the terminal, else what the environment says, else what is usual. */
    public static TerminalSize now(Map<String, String> environment) {
        TerminalSize said = parse(environment.getOrDefault("LINES", "") + " " + environment.getOrDefault("COLUMNS", ""), USUAL);
        try {
            Process stty = new ProcessBuilder("stty", "size").redirectInput(new File("/dev/tty")).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            if (!stty.waitFor(ANSWER_MILLIS, TimeUnit.MILLISECONDS)) {
                stty.destroyForcibly();
                return said;
            }
            return parse(new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII), said);
        } catch (IOException e) {
            return said;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return said;
        }
    }

    /** Rows and columns, as {@code stty size} prints them. */
    static TerminalSize parse(String rowsAndColumns, TerminalSize otherwise) {
        String[] words = rowsAndColumns.strip().split("\\s+");
        if (words.length != 2 || !words[0].matches("\\d{1,5}") || !words[1].matches("\\d{1,5}")) {
            return otherwise;
        }
        int height = Integer.parseInt(words[0]);
        int width = Integer.parseInt(words[1]);
        return width < 1 || height < 1 ? otherwise : new TerminalSize(width, height);
    }
}
