package io.carryall.cli.show;

import com.fasterxml.jackson.databind.JsonNode;
import io.carryall.cli.CleanText;
import java.util.ArrayList;
import java.util.List;

/** How a pass gets along, laid out for a terminal of some size. Pure. */
public final class ProgressLines {
    private static final int NAME_WIDEST = 40;

    private ProgressLines() {
    }

    /** The whole pass in one line. */
    public static String summary(JsonNode progress) {
        JsonNode result = progress.path("result");
        long settled = result.path("found").asLong() - result.path("pending").asLong();
        StringBuilder line = new StringBuilder(CleanText.of(result.path("migration").asText()));
        line.append(" pass ").append(result.path("pass").asInt()).append(" (").append(CleanText.of(result.path("kind").asText())).append("): ");
        line.append(count(settled)).append(" of ").append(count(result.path("found").asLong())).append(" items, ");
        line.append(Figures.bytes(result.path("bytes").asDouble())).append(" copied, ").append(count(progress.path("pairsEnded").asLong())).append(" of ").append(count(progress.path("pairsTotal").asLong())).append(" mailboxes done");
        long failed = result.path("failed").asLong();
        line.append(failed > 0 ? ", " + count(failed) + " failed" : "").append(rates(progress.path("rates"), ", "));
        return line.append(progress.has("progress") ? ", " + left(progress.at("/progress/forecast")) : "").toString();
    }

    /** The pass, its four steps, and as many of its mailboxes as there is room for. No line is wider than {@code width} characters. */
    public static List<String> of(JsonNode progress, int width, int height) {
        List<String> lines = new ArrayList<>(List.of(summary(progress)));
        JsonNode steps = progress.path("progress");
        if (steps.isObject()) {
            lines.add("  1 scan      " + count(steps.at("/scan/mailboxes").asLong()) + " of " + count(progress.path("pairsTotal").asLong()) + " mailboxes, " + count(steps.at("/scan/items").asLong()) + " found");
            lines.add("  2 register  " + count(steps.at("/register/toCopy").asLong()) + " to copy (" + Figures.bytes(steps.at("/register/toCopyBytes").asDouble()) + "), " + count(steps.at("/register/alreadyThere").asLong()) + " already there, "
                    + count(steps.at("/register/excluded").asLong()) + " excluded");
            lines.add("  3 copy      " + count(steps.at("/copy/items").asLong()) + " copied, " + Figures.bytes(steps.at("/copy/bytes").asDouble()) + rates(steps.at("/copy/rates"), ", "));
            lines.add("  4 record    " + count(steps.at("/record/items").asLong()) + " settled, " + count(steps.at("/record/failed").asLong()) + " failed");
            lines.addAll(mailboxes(steps.path("going"), Math.max(0, height - lines.size())));
        }
        return lines.stream().limit(Math.max(1, height)).map(line -> cut(line, width)).toList();
    }

    private static List<String> mailboxes(JsonNode going, int room) {
        if (going.isEmpty() || room < 2) {
            return List.of();
        }
        TextTable table = new TextTable("  mailbox", "step", " settled", " found", " copied", " bytes", " failed", " rate", "left");
        int shown = going.size() < room ? going.size() : room - 2;
        for (int i = 0; i < shown; i++) {
            JsonNode pair = going.get(i);
            table.row("  " + cut(CleanText.of(pair.path("source").asText()), NAME_WIDEST), CleanText.of(pair.path("step").asText()) + (pair.path("kind").asText().equals("delta") ? " (delta)" : ""), count(pair.path("settled").asLong()),
                    count(pair.path("found").asLong()), count(pair.path("copied").asLong()), Figures.bytes(pair.path("bytes").asDouble()), count(pair.path("failed").asLong()),
                    pair.at("/rates/itemsPerSecond").asDouble() > 0 ? count(Math.round(pair.at("/rates/itemsPerSecond").asDouble())) + "/s" : "-", left(pair.path("forecast")));
        }
        List<String> lines = new ArrayList<>(table.isEmpty() ? List.of() : table.lines());
        if (shown < going.size()) {
            lines.add("  … and " + (going.size() - shown) + " more");
        }
        return lines;
    }

    /** An honest range, or that nobody can tell yet. */
    static String left(JsonNode forecast) {
        if (!forecast.isObject()) {
            return "time left unknown yet";
        }
        String low = Figures.about(forecast.path("lowSeconds").asLong());
        String high = Figures.about(forecast.path("highSeconds").asLong());
        return forecast.path("highSeconds").asLong() == 0 ? "nearly done" : low.equals(high) ? high + " left" : low + " to " + high + " left";
    }

    private static String rates(JsonNode rates, String before) {
        return rates.path("itemsPerSecond").asDouble() <= 0 ? ""
                : before + count(Math.round(rates.path("itemsPerSecond").asDouble())) + " items/s, " + Figures.bytes(rates.path("bytesPerSecond").asDouble()) + "/s";
    }

    private static String count(long count) {
        return Figures.count(count);
    }

    /** To so many characters. */
    static String cut(String line, int width) {
        int characters = line.codePointCount(0, line.length());
        return characters <= width ? line : width < 1 ? "" : line.substring(0, line.offsetByCodePoints(0, width - 1)) + "…";
    }
}
