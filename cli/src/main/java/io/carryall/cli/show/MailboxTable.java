package io.carryall.cli.show;

import com.fasterxml.jackson.databind.JsonNode;
import io.carryall.cli.CleanText;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The mailboxes that a pass is at, a line each: what there is no room for is left out, the least telling first, and never the time that is left. Pure. */
final class MailboxTable {
    private static final int NAME_WIDEST = 40;
    private static final int NAME_NARROWEST = 16;
    private static final String INDENT = "  ";

    /** @param rank the lowest are left out first where the terminal is narrow */
    private record Column(String heading, int rank, Function<JsonNode, String> cell) {
    }

    private static final List<Column> COLUMNS = List.of(
            new Column("step", 4, pair -> pair.path("step").asText() + (pair.path("kind").asText().equals("delta") ? " (delta)" : "")),
            new Column(" settled", 7, count("settled")), new Column(" found", 6, count("found")), new Column(" copied", 2, count("copied")),
            new Column(" bytes", 1, pair -> Figures.bytes(pair.path("bytes").asDouble())), new Column(" failed", 5, count("failed")),
            new Column(" rate", 3, pair -> pair.at("/rates/itemsPerSecond").asDouble() > 0 ? Figures.count(Math.round(pair.at("/rates/itemsPerSecond").asDouble())) + "/s" : "-"),
            new Column("left", 8, pair -> ProgressLines.range(pair.path("forecast"), "unknown yet")));

    private MailboxTable() {
    }

    private static Function<JsonNode, String> count(String field) {
        return pair -> Figures.count(pair.path(field).asLong());
    }

    /** @param rows how many there is room for, with the headings and what tells that there are more */
    static List<String> of(JsonNode going, int width, int rows) {
        if (going.isEmpty() || rows < 2) {
            return List.of();
        }
        int shown = going.size() < rows ? going.size() : rows - 2;
        List<String> lines = new ArrayList<>(shown == 0 ? List.of() : fitting(going, shown, width - INDENT.length()));
        if (shown < going.size()) {
            lines.add("… and " + (going.size() - shown) + " more");
        }
        return lines.stream().map(INDENT::concat).toList();
    }

    private static List<String> fitting(JsonNode going, int shown, int width) {
        for (int rank = 0;; rank++) {
            int lowest = rank;
            List<Column> columns = COLUMNS.stream().filter(column -> column.rank() > lowest).toList();
            int spare = width - table(going, shown, columns, NAME_NARROWEST).stream().mapToInt(TextWidth::of).max().orElse(0);
            if (spare >= 0 || columns.size() == 1) {
                return table(going, shown, columns, Math.max(1, Math.min(NAME_WIDEST, NAME_NARROWEST + spare)));
            }
        }
    }

    private static List<String> table(JsonNode going, int shown, List<Column> columns, int nameWidth) {
        List<String> headings = new ArrayList<>(List.of("mailbox"));
        columns.forEach(column -> headings.add(column.heading()));
        TextTable table = new TextTable(headings.toArray(String[]::new));
        for (int i = 0; i < shown; i++) {
            JsonNode pair = going.get(i);
            List<String> cells = new ArrayList<>(List.of(TextWidth.cut(CleanText.of(pair.path("source").asText()), nameWidth)));
            columns.forEach(column -> cells.add(column.cell().apply(pair)));
            table.row(cells.toArray(String[]::new));
        }
        return table.lines();
    }
}
