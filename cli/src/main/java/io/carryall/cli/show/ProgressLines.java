package io.carryall.cli.show;

import com.fasterxml.jackson.databind.JsonNode;
import io.carryall.cli.CleanText;
import java.util.ArrayList;
import java.util.List;

/** How a pass gets along, laid out for a terminal of some size. Pure. */
public final class ProgressLines {
    private static final int PASS_INDENT = 2;
    private static final int STEP_INDENT = 14;
    private static final String NEARLY_DONE = "nearly done";

    private ProgressLines() {
    }

    /** The whole pass in one line. */
    public static String summary(JsonNode progress) {
        JsonNode result = progress.path("result");
        long settled = result.path("found").asLong() - result.path("pending").asLong();
        StringBuilder line = new StringBuilder(CleanText.of(result.path("migration").asText()));
        line.append(" pass ").append(result.path("pass").asInt()).append(" (").append(CleanText.of(result.path("kind").asText())).append("): ");
        // What is asked first stands first: a small terminal has no room for the rest.
        line.append(count(settled)).append(" of ").append(count(result.path("found").asLong())).append(" items, ").append(progress.has("progress") ? left(progress.at("/progress/forecast")) + ", " : "");
        line.append(Figures.bytes(result.path("bytes").asDouble())).append(" copied, ").append(count(progress.path("pairsEnded").asLong())).append(" of ").append(count(progress.path("pairsTotal").asLong())).append(" mailboxes done");
        long failed = result.path("failed").asLong();
        return line.append(failed > 0 ? ", " + count(failed) + " failed" : "").append(rates(progress.path("rates"), ", ")).toString();
    }

    /** The pass, its four steps, and as many of its mailboxes as there is room for. No line is wider than {@code width} columns; on a narrow terminal the pass and its steps take more lines, where it is high enough. */
    public static List<String> of(JsonNode progress, int width, int height) {
        List<String> steps = progress.path("progress").isObject() ? steps(progress) : List.of();
        List<String> lines = new ArrayList<>(TextWidth.wrapped(summary(progress), width, PASS_INDENT).stream().limit(Math.max(1, height - steps.size())).toList());
        List<String> wrapped = steps.stream().flatMap(step -> TextWidth.wrapped(step, width, STEP_INDENT).stream()).toList();
        lines.addAll(lines.size() + wrapped.size() <= height ? wrapped : steps);
        lines.addAll(MailboxTable.of(progress.at("/progress/going"), width, height - lines.size()));
        return lines.stream().limit(Math.max(1, height)).map(line -> TextWidth.cut(line, width)).toList();
    }

    private static List<String> steps(JsonNode progress) {
        JsonNode steps = progress.path("progress");
        return List.of("  1 scan      " + count(steps.at("/scan/mailboxes").asLong()) + " of " + count(progress.path("pairsTotal").asLong()) + " mailboxes, " + count(steps.at("/scan/items").asLong()) + " found",
                "  2 register  " + count(steps.at("/register/toCopy").asLong()) + " to copy (" + Figures.bytes(steps.at("/register/toCopyBytes").asDouble()) + "), " + count(steps.at("/register/alreadyThere").asLong()) + " already there, "
                        + count(steps.at("/register/excluded").asLong()) + " excluded",
                "  3 copy      " + count(steps.at("/copy/items").asLong()) + " copied, " + Figures.bytes(steps.at("/copy/bytes").asDouble()) + rates(steps.at("/copy/rates"), ", "),
                "  4 record    " + count(steps.at("/record/items").asLong()) + " settled, " + count(steps.at("/record/failed").asLong()) + " failed");
    }

    /** An honest range, or that nobody can tell yet. */
    static String left(JsonNode forecast) {
        String range = range(forecast, "");
        return range.isEmpty() ? "time left unknown yet" : range.equals(NEARLY_DONE) ? range : range + " left";
    }

    /** The same in a column of its own. */
    static String range(JsonNode forecast, String unknown) {
        if (!forecast.isObject()) {
            return unknown;
        }
        String low = Figures.roughly(forecast.path("lowSeconds").asLong());
        String high = Figures.roughly(forecast.path("highSeconds").asLong());
        return forecast.path("highSeconds").asLong() == 0 ? NEARLY_DONE : low.equals(high) ? high : low + " to " + high;
    }

    private static String rates(JsonNode rates, String before) {
        return rates.path("itemsPerSecond").asDouble() <= 0 ? ""
                : before + count(Math.round(rates.path("itemsPerSecond").asDouble())) + " items/s, " + Figures.bytes(rates.path("bytesPerSecond").asDouble()) + "/s";
    }

    private static String count(long count) {
        return Figures.count(count);
    }
}
