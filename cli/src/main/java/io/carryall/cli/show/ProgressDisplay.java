package io.carryall.cli.show;

import com.fasterxml.jackson.databind.JsonNode;
import io.carryall.cli.CleanText;
import java.io.PrintStream;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Shows on standard error how a pass goes: lines that are written again and again in their place on a terminal, one line every ten seconds elsewhere, nothing when quiet. Not thread-safe.
 */
public final class ProgressDisplay implements AutoCloseable {
    private static final Duration LINE_INTERVAL = Duration.ofSeconds(10);
    private static final long REDRAW_NANOS = Duration.ofMillis(250).toNanos();
    /** So that the rest of a large terminal stays readable. */
    private static final int HIGHEST = 24;
    private static final int MOST_SAID = 100;

    private final PrintStream err;
    private final boolean terminal;
    private final boolean quiet;
    private final Map<String, String> environment;
    private final LiveScreen screen;
    private final Set<String> said = new HashSet<>();
    private long nextLineNanos = System.nanoTime() + Duration.ofSeconds(2).toNanos();
    private long nextDrawNanos = System.nanoTime();

    public ProgressDisplay(PrintStream err, boolean terminal, boolean quiet, Map<String, String> environment) {
        this.err = err;
        this.terminal = terminal && !"dumb".equals(environment.get("TERM"));
        this.quiet = quiet;
        this.environment = environment;
        this.screen = new LiveScreen(err);
    }

    public void show(JsonNode progress) {
        if (quiet) {
            return;
        }
        progress.at("/progress/beside").forEach(this::beside);
        if (terminal) {
            if (isTime()) {
                TerminalSize size = TerminalSize.now(environment);
                screen.show(ProgressLines.of(progress, size.width(), Math.min(HIGHEST, size.height() - 1)), size.width());
            }
        } else {
            nowAndThen(ProgressLines.summary(progress));
        }
    }

    private void nowAndThen(String line) {
        if (System.nanoTime() >= nextLineNanos) {
            nextLineNanos = System.nanoTime() + LINE_INTERVAL.toNanos();
            err.println(CleanText.of(line));
        }
    }

    /** Once each. */
    private void beside(JsonNode other) {
        String line = "pass " + other.path("pass").asInt() + " of " + other.path("migration").asText() + " is running on " + Figures.count(other.path("mailboxes").asLong())
                + " of these mailboxes: this pass joins in, nothing is copied twice";
        if (said.size() < MOST_SAID && said.add(line)) {
            close();
            err.println(CleanText.of(line));
        }
    }

    private boolean isTime() {
        boolean time = System.nanoTime() >= nextDrawNanos;
        nextDrawNanos = time ? System.nanoTime() + REDRAW_NANOS : nextDrawNanos;
        return time;
    }

    /** A line that is written again and again on a terminal; nothing elsewhere. */
    public void live(String line) {
        live(List.of(line));
    }

    /** Lines of this kind. */
    public void live(List<String> lines) {
        if (terminal && !quiet && isTime()) {
            TerminalSize size = TerminalSize.now(environment);
            screen.show(lines.stream().limit(Math.max(1, size.height() - 1)).map(line -> TextWidth.cut(CleanText.of(line), size.width())).toList(), size.width());
        }
    }

    /** The same, and the first of them every ten seconds where there is no terminal. */
    public void standing(List<String> lines) {
        if (terminal) {
            live(lines);
        } else if (!quiet) {
            nowAndThen(lines.get(0));
        }
    }

    /** The live lines make room for what comes next. */
    @Override
    public void close() {
        if (terminal && !quiet) {
            screen.clear(TerminalSize.now(environment).width());
        }
    }
}
