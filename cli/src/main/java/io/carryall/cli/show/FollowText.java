package io.carryall.cli.show;

import com.fasterxml.jackson.databind.JsonNode;
import io.carryall.cli.CleanText;
import java.util.ArrayList;
import java.util.List;

/** How following stands, for people. */
public final class FollowText {
    private static final int MOST_PAIRS = 1000;
    private static final int MOST_LIVE_LINES = 20;

    private FollowText() {
    }

    /** All of it in one line. */
    public static String line(JsonNode told) {
        StringBuilder line = new StringBuilder(clean(told, "migration")).append(" is followed: ").append(Figures.count(told.path("passes").asLong())).append(told.path("passes").asLong() == 1 ? " pass, " : " passes, ")
                .append(Figures.count(told.path("copied").asLong())).append(" copied, ").append(lag(told));
        if (told.path("heldBack").asLong() > 0) {
            line.append(", ").append(Figures.count(told.path("heldBack").asLong())).append(" of ").append(Figures.count(told.path("mailboxes").asLong())).append(" mailboxes held back");
        }
        if (told.has("nextSeconds")) {
            line.append(", next pass in ").append(Figures.about(Math.round(told.path("nextSeconds").asDouble())));
        }
        return line.toString();
    }

    /** What a pass came to, and how it stands after it. */
    public static String ofPass(JsonNode result, JsonNode told) {
        StringBuilder line = new StringBuilder(clean(result, "migration")).append(" pass ").append(result.path("pass").asLong()).append(" (").append(clean(result, "kind")).append("): ").append(Figures.count(result.path("migrated").asLong()))
                .append(" migrated, ").append(Figures.count(result.path("failed").asLong())).append(" failed, ").append(Figures.bytes(result.path("bytes").asDouble())).append(" in ").append(Figures.seconds(result.path("seconds").asDouble()))
                .append("; ").append(lag(told));
        return line.append(told.path("heldBack").asLong() > 0 ? "; " + Figures.count(told.path("heldBack").asLong()) + " mailboxes held back" : "").toString();
    }

    /** In lines for a live display: the whole first, then the mailboxes, those that lag most as far as there are many. */
    public static List<String> standing(JsonNode told) {
        List<String> lines = new ArrayList<>(List.of(line(told)));
        mailboxes(told).stream().limit(MOST_LIVE_LINES).forEach(lines::add);
        return lines;
    }

    /** Each mailbox with its lag. */
    public static List<String> mailboxes(JsonNode told) {
        TextTable table = new TextTable("source", " lag", "held back");
        told.path("pairs").forEach(pair -> table.row(clean(pair, "source"), lagOf(pair), held(pair)));
        return table.isEmpty() ? List.of() : table.lines();
    }

    /** The result of it all. */
    public static List<String> of(JsonNode result) {
        List<String> lines = new ArrayList<>();
        TextTable table = new TextTable("source", "target", "state", " lag", " found", " failed", " pass", "held back");
        int shown = 0;
        for (JsonNode pair : result.path("pairs")) {
            if (shown++ < MOST_PAIRS) {
                table.row(clean(pair, "source"), clean(pair, "target"), clean(pair, "state"), lagOf(pair), Figures.count(pair.path("found").asLong()), Figures.count(pair.path("failed").asLong()), Figures.count(pair.path("pass").asLong()),
                        held(pair));
            }
        }
        lines.addAll(table.isEmpty() ? List.of() : table.lines());
        if (shown > MOST_PAIRS) {
            lines.add("… and " + (shown - MOST_PAIRS) + " more mailboxes (--json lists all)");
        }
        lines.addAll(PassText.detailsOf(result));
        lines.add("");
        lines.add(clean(result, "migration") + ", followed for " + Figures.seconds(result.path("seconds").asDouble()) + ": " + clean(result, "state") + ". " + Figures.count(result.path("passes").asLong()) + " passes, "
                + Figures.count(result.path("copied").asLong()) + " messages copied, " + Figures.bytes(result.path("bytes").asDouble()) + "; " + lag(result));
        return lines;
    }

    private static String lag(JsonNode told) {
        return told.path("lagSeconds").isNumber() ? "lag " + Figures.about(Math.round(told.path("lagSeconds").asDouble())) : "lag not known yet";
    }

    private static String lagOf(JsonNode pair) {
        return pair.path("lagSeconds").isNumber() ? Figures.about(Math.round(pair.path("lagSeconds").asDouble())) : "-";
    }

    private static String held(JsonNode pair) {
        JsonNode held = pair.path("heldBack");
        return held.isObject() ? clean(held, "reason") + ", next in " + Figures.about(Math.round(held.path("nextSeconds").asDouble())) : "";
    }

    private static String clean(JsonNode node, String field) {
        return CleanText.of(node.path(field).asText(""));
    }
}
