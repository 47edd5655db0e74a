package io.carryall.cli.show;

import com.fasterxml.jackson.databind.JsonNode;
import io.carryall.cli.CleanText;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The result of a pass for people: what became of each mailbox, and everything that needs attention. */
public final class PassText {
    private static final int MOST_PAIRS = 1000;
    private static final int MOST_DETAILS = 100;
    private static final int NAME_WIDEST = 60;
    private static final int NAME_NARROWEST = 12;
    private static final int HEADING = "source".length();
    private static final String ARROW = " → ";

    private final JsonNode result;
    private final List<String> lines = new ArrayList<>();

    private PassText(JsonNode result) {
        this.result = result;
    }

    /** @param width of the terminal, which what is told of each mailbox keeps to: figures are never cut, names are shortened in the middle, and where two of them have no room beside the figures these stand below */
    public static List<String> of(JsonNode result, int width) {
        PassText text = new PassText(result);
        text.pairs(width);
        text.details();
        text.summary();
        return text.lines;
    }

    /** What needs attention alone. */
    static List<String> detailsOf(JsonNode result) {
        PassText text = new PassText(result);
        text.details();
        return text.lines;
    }

    private void pairs(int width) {
        List<JsonNode> pairs = new ArrayList<>();
        result.path("pairs").forEach(pairs::add);
        List<JsonNode> shown = pairs.subList(0, Math.min(pairs.size(), MOST_PAIRS));
        if (!shown.isEmpty()) {
            int room = width - (widest(table(shown, HEADING, HEADING).stream()) - 2 * HEADING);
            lines.addAll(room < 2 * NAME_NARROWEST ? listed(shown, width) : fitting(shown, room));
        }
        if (pairs.size() > MOST_PAIRS) {
            lines.add("… and " + (pairs.size() - MOST_PAIRS) + " more mailboxes (--json lists all)");
        }
    }

    /** What one name leaves is the other's. */
    private List<String> fitting(List<JsonNode> pairs, int room) {
        int sources = Math.min(NAME_WIDEST, widest(pairs.stream().map(pair -> clean(pair, "source"))));
        int targets = Math.min(NAME_WIDEST, widest(pairs.stream().map(pair -> clean(pair, "target"))));
        int source = Math.min(sources, Math.max(room / 2, room - targets));
        return table(pairs, source, Math.min(targets, room - source));
    }

    private List<String> table(List<JsonNode> pairs, int sourceWidth, int targetWidth) {
        TextTable table = new TextTable("source", "target", "state", " found", " " + copied(), " already there", " excluded", " failed", " pending");
        pairs.forEach(pair -> table.row(TextWidth.shortened(clean(pair, "source"), sourceWidth), TextWidth.shortened(clean(pair, "target"), targetWidth), clean(pair, "state"), count(pair, "found"), count(pair, "migrated"),
                count(pair, "alreadyThere"), count(pair, "excluded"), count(pair, "failed"), count(pair, "pending")));
        return table.lines();
    }

    private List<String> listed(List<JsonNode> pairs, int width) {
        List<String> listed = new ArrayList<>();
        for (JsonNode pair : pairs) {
            int room = Math.max(2, width - TextWidth.of(ARROW));
            String target = clean(pair, "target");
            String source = TextWidth.shortened(clean(pair, "source"), Math.max(room / 2, room - TextWidth.of(target)));
            listed.add(source + ARROW + TextWidth.shortened(target, room - TextWidth.of(source)));
            listed.addAll(TextWidth.wrapped("  " + clean(pair, "state") + ": " + count(pair, "found") + " found, " + count(pair, "migrated") + " " + copied() + ", " + count(pair, "alreadyThere") + " already there, "
                    + count(pair, "excluded") + " excluded, " + count(pair, "failed") + " failed, " + count(pair, "pending") + " pending", width, 4));
        }
        return listed;
    }

    private static int widest(Stream<String> texts) {
        return texts.mapToInt(TextWidth::of).max().orElse(0);
    }

    private void details() {
        List<String> details = new ArrayList<>();
        for (JsonNode pair : result.path("pairs")) {
            String source = clean(pair, "source");
            if (pair.path("error").isObject()) {
                details.add(source + ": " + clean(pair.path("error"), "reason") + ": " + clean(pair.path("error"), "detail"));
            }
            pair.path("failures").forEach(failure -> details.add(source + ": failed: " + item(failure) + ": " + clean(failure, "reason") + ": " + clean(failure, "detail")
                    + (failure.path("retryable").asBoolean() ? " (the next run tries again)" : "")));
            pair.path("warnings").forEach(warning -> details.add(source + ": warning: " + item(warning) + ": " + clean(warning, "what") + ": " + clean(warning, "detail")));
            pair.path("excludedFolders").forEach(folder -> details.add(source + ": left out: " + clean(folder, "source") + " with " + count(folder, "messages") + " messages"));
        }
        if (!details.isEmpty()) {
            lines.add("");
            lines.addAll(details.subList(0, Math.min(details.size(), MOST_DETAILS)));
        }
        if (details.size() > MOST_DETAILS) {
            lines.add("… and " + (details.size() - MOST_DETAILS) + " more (--json lists all)");
        }
    }

    private void summary() {
        lines.add("");
        if (result.path("error").isObject()) {
            lines.add(clean(result.path("error"), "reason") + ": " + clean(result.path("error"), "detail"));
        }
        lines.add(clean(result, "migration") + ", pass " + result.path("pass").asInt() + " (" + kind() + "): " + clean(result, "state") + ". " + count(result, "found") + " found = " + count(result, "migrated") + " "
                + copied() + " + " + count(result, "alreadyThere") + " already there + " + count(result, "excluded") + " excluded + " + count(result, "failed") + " failed + " + count(result, "pending") + " pending; "
                + Figures.bytes(result.path("bytes").asDouble()) + " in " + Figures.seconds(result.path("seconds").asDouble()));
    }

    /** Pairs that came onto the list, and those that were reset, have not completed a pass yet, whatever pass of the migration it is. */
    private String kind() {
        String kind = clean(result, "kind");
        long full = StreamSupport.stream(result.path("pairs").spliterator(), false).filter(pair -> pair.path("kind").asText().equals("full")).count();
        return kind + (kind.equals("delta") && full > 0 ? ", " + Figures.count(full) + " of " + Figures.count(result.path("pairs").size()) + " mailboxes in full" : "");
    }

    private String copied() {
        return result.path("dryRun").asBoolean() ? "would be copied" : "migrated";
    }

    private static String item(JsonNode item) {
        String folder = clean(item, "folder");
        String uid = item.path("uid").isNumber() ? " uid " + item.path("uid").asLong() : "";
        String size = item.path("size").isNumber() ? " " + Figures.bytes(item.path("size").asDouble()) : "";
        String id = clean(item, "messageId");
        return folder + uid + size + (id.isEmpty() ? "" : " " + id);
    }

    private static String clean(JsonNode node, String field) {
        return CleanText.of(node.path(field).asText(""));
    }

    private static String count(JsonNode node, String field) {
        return Figures.count(node.path(field).asLong());
    }
}
