package io.carryall.cli.file;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads RFC 4180 with what people's tools make of it: blank lines, LF or CR LF or CR, a missing last line end. Rows know the line they begin on.
 */
final class Csv {

    /** @param cells unquoted */
    record Row(int line, List<String> cells) {
    }

    private final Problems problems;
    private final String text;
    private final List<Row> rows = new ArrayList<>();
    private int at;
    private int line = 1;

    private Csv(String text, Problems problems) {
        this.text = text;
        this.problems = problems;
    }

    /** Nothing where the bytes are not text that can be read on: what is wrong has been reported. */
    static List<Row> read(byte[] bytes, Problems problems) {
        return Utf8Text.read(bytes, problems).map(text -> new Csv(text, problems).rows()).orElse(List.of());
    }

    private List<Row> rows() {
        while (at < text.length()) {
            row();
        }
        return rows;
    }

    private void row() {
        int begins = line;
        List<String> cells = new ArrayList<>(4);
        do {
            cells.add(cell());
        } while (endedByComma());
        boolean blank = cells.size() == 1 && cells.get(0).isBlank();
        if (!blank) {
            rows.add(new Row(begins, cells));
        }
    }

    private boolean endedByComma() {
        if (at < text.length() && text.charAt(at) == ',') {
            at++;
            return true;
        }
        skipLineEnd();
        return false;
    }

    private String cell() {
        return at < text.length() && text.charAt(at) == '"' ? quoted() : bare();
    }

    private String bare() {
        int from = at;
        while (at < text.length() && !endsCell(text.charAt(at))) {
            if (text.charAt(at) == '"') {
                problems.error(line, "a quote inside a cell that does not begin with one", "the whole cell in quotes, each quote in it doubled (RFC 4180)");
                skipToLineEnd();
            } else {
                at++;
            }
        }
        return text.substring(from, at);
    }

    private String quoted() {
        int begins = line;
        StringBuilder cell = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '"' && at + 1 < text.length() && text.charAt(at + 1) == '"') {
                cell.append('"');
                at += 2;
            } else if (c == '"') {
                at++;
                afterQuote();
                return cell.toString();
            } else if (c == '\r' || c == '\n') {
                int from = at;
                skipLineEnd();
                cell.append(text, from, at);
            } else {
                cell.append(c);
                at++;
            }
        }
        problems.error(begins, "a quote is never closed", "a closing quote");
        return cell.toString();
    }

    private void afterQuote() {
        if (at < text.length() && !endsCell(text.charAt(at))) {
            problems.error(line, "text after a closing quote", "a comma or the end of the line (a quote inside a cell is doubled)");
            skipToLineEnd();
        }
    }

    private static boolean endsCell(char c) {
        return c == ',' || c == '\r' || c == '\n';
    }

    private void skipToLineEnd() {
        while (at < text.length() && text.charAt(at) != '\r' && text.charAt(at) != '\n') {
            at++;
        }
    }

    private void skipLineEnd() {
        if (at < text.length()) {
            at += text.startsWith("\r\n", at) ? 2 : 1;
            line++;
        }
    }
}
