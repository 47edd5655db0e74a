package io.carryall.cli.show;

import com.fasterxml.jackson.databind.JsonNode;
import io.carryall.cli.CleanText;
import java.io.PrintStream;
import java.time.Duration;

/**
 * Shows on standard error how a pass goes: one line that is written again and again on a terminal, a line every ten seconds elsewhere, nothing when quiet. Not thread-safe.
 */
public final class ProgressDisplay implements AutoCloseable {
    private static final Duration LINE_INTERVAL = Duration.ofSeconds(10);
    /** Without automatic line breaks the terminal cuts the line by itself, however wide it is at that moment. */
    private static final String BEGIN_LIVE = "\r\u001b[?7l\u001b[2K";
    private static final String END_LIVE = "\u001b[?7h";

    private final PrintStream err;
    private final boolean terminal;
    private final boolean quiet;
    private long nextLineNanos = System.nanoTime() + Duration.ofSeconds(2).toNanos();
    private boolean live;

    public ProgressDisplay(PrintStream err, boolean terminal, boolean quiet) {
        this.err = err;
        this.terminal = terminal;
        this.quiet = quiet;
    }

    public void show(JsonNode progress) {
        if (quiet) {
            return;
        }
        if (terminal) {
            live(line(progress));
        } else if (System.nanoTime() >= nextLineNanos) {
            nextLineNanos = System.nanoTime() + LINE_INTERVAL.toNanos();
            err.println(CleanText.of(line(progress)));
        }
    }

    /** A line that is written again and again on a terminal; nothing elsewhere. */
    public void live(String line) {
        if (terminal && !quiet) {
            live = true;
            err.print(BEGIN_LIVE + CleanText.of(line) + END_LIVE);
            err.flush();
        }
    }

    /** The live line makes room for what comes next. */
    @Override
    public void close() {
        if (live) {
            err.print(BEGIN_LIVE + END_LIVE);
            err.flush();
        }
    }

    static String line(JsonNode progress) {
        JsonNode result = progress.path("result");
        long settled = result.path("found").asLong() - result.path("pending").asLong();
        StringBuilder line = new StringBuilder();
        line.append(result.path("migration").asText()).append(" pass ").append(result.path("pass").asInt()).append(" (").append(result.path("kind").asText()).append("): ");
        line.append(Figures.count(settled)).append(" of ").append(Figures.count(result.path("found").asLong())).append(" items, ");
        line.append(Figures.bytes(result.path("bytes").asDouble())).append(" copied, ").append(Figures.count(progress.path("pairsEnded").asLong())).append(" of ").append(Figures.count(progress.path("pairsTotal").asLong())).append(" mailboxes done");
        long failed = result.path("failed").asLong();
        line.append(failed > 0 ? ", " + Figures.count(failed) + " failed" : "");
        JsonNode rates = progress.path("rates");
        if (rates.path("itemsPerSecond").asDouble() > 0) {
            line.append(", ").append(Figures.count(Math.round(rates.path("itemsPerSecond").asDouble()))).append(" items/s, ").append(Figures.bytes(rates.path("bytesPerSecond").asDouble())).append("/s");
        }
        if (progress.path("etaSeconds").asLong() > 0) {
            line.append(", about ").append(Figures.about(progress.path("etaSeconds").asLong())).append(" left");
        }
        return line.toString();
    }
}
