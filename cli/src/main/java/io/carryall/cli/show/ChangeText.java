package io.carryall.cli.show;

import com.fasterxml.jackson.databind.JsonNode;
import io.carryall.cli.CleanText;
import java.util.ArrayList;
import java.util.List;

/** What changed in the migration since the pass before. */
public final class ChangeText {

    private ChangeText() {
    }

    /** A line each; none where nothing changed. */
    public static List<String> of(JsonNode changes, boolean resumed) {
        List<String> lines = new ArrayList<>();
        if (!changes.isEmpty()) {
            lines.add(resumed ? "the migration has changed since this pass began; it goes on as it was, the next one takes up:" : "since the pass before, the migration has changed:");
            changes.forEach(change -> lines.add("  " + line(change)));
        }
        return lines;
    }

    private static String line(JsonNode change) {
        String what = CleanText.of(change.path("what").asText());
        String before = CleanText.of(change.path("before").asText(""));
        String after = CleanText.of(change.path("after").asText(""));
        return what + (before.isEmpty() ? " added: " + after : after.isEmpty() ? " removed: " + before : ": " + before + ", now " + after);
    }
}
