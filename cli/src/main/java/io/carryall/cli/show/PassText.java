package io.carryall.cli.show;

import com.fasterxml.jackson.databind.JsonNode;
import io.carryall.cli.CleanText;
import java.util.ArrayList;
import java.util.List;

/** The result of a pass for people: what became of each mailbox, and everything that needs attention. */
public final class PassText {
    private static final int MOST_PAIRS = 1000;
    private static final int MOST_DETAILS = 100;

    private final JsonNode result;
    private final List<String> lines = new ArrayList<>();

    private PassText(JsonNode result) {
        this.result = result;
    }

    public static List<String> of(JsonNode result) {
        PassText text = new PassText(result);
        text.pairs();
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

    private void pairs() {
        TextTable table = new TextTable("source", "target", "state", " found", " " + copied(), " already there", " excluded", " failed", " pending");
        int shown = 0;
        for (JsonNode pair : result.path("pairs")) {
            if (shown++ < MOST_PAIRS) {
                table.row(clean(pair, "source"), clean(pair, "target"), clean(pair, "state"), count(pair, "found"), count(pair, "migrated"), count(pair, "alreadyThere"), count(pair, "excluded"), count(pair, "failed"),
                        count(pair, "pending"));
            }
        }
        lines.addAll(table.isEmpty() ? List.of() : table.lines());
        if (shown > MOST_PAIRS) {
            lines.add("… and " + (shown - MOST_PAIRS) + " more mailboxes (--json lists all)");
        }
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
        lines.add(clean(result, "migration") + ", pass " + result.path("pass").asInt() + " (" + clean(result, "kind") + "): " + clean(result, "state") + ". " + count(result, "found") + " found = " + count(result, "migrated") + " "
                + copied() + " + " + count(result, "alreadyThere") + " already there + " + count(result, "excluded") + " excluded + " + count(result, "failed") + " failed + " + count(result, "pending") + " pending; "
                + Figures.bytes(result.path("bytes").asDouble()) + " in " + Figures.seconds(result.path("seconds").asDouble()));
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
