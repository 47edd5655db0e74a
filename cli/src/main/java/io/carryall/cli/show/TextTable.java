package io.carryall.cli.show;

import io.carryall.cli.CleanText;
import java.util.ArrayList;
import java.util.List;

/** A table with columns as wide as they must be. Columns whose heading begins with a space are set to the right. */
public final class TextTable {
    private static final int WIDEST = 60;

    private final List<String> headings;
    private final List<List<String>> rows = new ArrayList<>();

    public TextTable(String... headings) {
        this.headings = List.of(headings);
    }

    /** @param cells cleaned here, since what is escaped is wider */
    public void row(String... cells) {
        rows.add(List.of(cells).stream().map(cell -> TextWidth.cut(CleanText.of(cell), WIDEST)).toList());
    }

    public boolean isEmpty() {
        return rows.isEmpty();
    }

    public List<String> lines() {
        int[] widths = new int[headings.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = headings.get(i).strip().length();
            for (List<String> row : rows) {
                widths[i] = Math.max(widths[i], TextWidth.of(row.get(i)));
            }
        }
        List<String> lines = new ArrayList<>();
        lines.add(line(headings.stream().map(String::strip).toList(), widths));
        rows.forEach(row -> lines.add(line(row, widths)));
        return lines;
    }

    private String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            String gap = " ".repeat(widths[i] - TextWidth.of(cells.get(i)));
            line.append(i > 0 ? "  " : "").append(headings.get(i).startsWith(" ") ? gap + cells.get(i) : cells.get(i) + gap);
        }
        return line.toString().stripTrailing();
    }
}
