package io.carryall.testkit.mail;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One response of a server: its line, cut where a literal stood, and the literals.
 *
 * <p>{@link #values()} gives it as a tree: a {@code String} for an atom or a quoted string, a {@code byte[]} for a literal, a {@code List} for parentheses. Text is
 * read as ISO 8859-1, so that no byte is lost.
 */
public record ImapResponse(List<String> pieces, List<byte[]> literals) {

    /** The line without its literals. */
    public String text() {
        return String.join("", pieces);
    }

    public List<Object> values() {
        return new Parser().all();
    }

    /** The value after an atom, within the given list; null when the atom is not there. */
    static Object after(List<?> values, String name) {
        for (int i = 0; i + 1 < values.size(); i++) {
            if (values.get(i) instanceof String atom && atom.equalsIgnoreCase(name)) {
                return values.get(i + 1);
            }
        }
        return null;
    }

    static String asText(Object value) {
        return value instanceof byte[] literal ? new String(literal, StandardCharsets.ISO_8859_1) : (String) value;
    }

    private final class Parser {
        private int piece;
        private int at;

        List<Object> all() {
            return until('\0');
        }

        private List<Object> until(char close) {
            List<Object> found = new ArrayList<>();
            while (true) {
                String line = pieces.get(piece);
                if (at >= line.length()) {
                    if (piece + 1 >= pieces.size()) {
                        return found;
                    }
                    piece++;
                    at = 0;
                    continue;
                }
                char c = line.charAt(at);
                if (c == close) {
                    at++;
                    return found;
                }
                found.addAll(one(line, c));
            }
        }

        /** The value that starts here, if a value starts here. */
        private List<Object> one(String line, char c) {
            switch (c) {
                case ' ':
                    at++;
                    return List.of();
                case '(':
                    at++;
                    return List.of(until(')'));
                case '"':
                    return List.of(quoted(line));
                case '{':
                    at = line.length();
                    return List.of(literals.get(piece));
                default:
                    return List.of(atom(line));
            }
        }

        private String quoted(String line) {
            StringBuilder text = new StringBuilder();
            for (at++; at < line.length() && line.charAt(at) != '"'; at++) {
                if (line.charAt(at) == '\\' && at + 1 < line.length()) {
                    at++;
                }
                text.append(line.charAt(at));
            }
            at++;
            return text.toString();
        }

        /** An atom ends at a space or a parenthesis, save within brackets: {@code BODY[HEADER.FIELDS (DATE)]}. */
        private String atom(String line) {
            int start = at;
            int depth = 0;
            for (; at < line.length(); at++) {
                char c = line.charAt(at);
                if (c == '[') {
                    depth++;
                } else if (c == ']') {
                    depth--;
                } else if (depth <= 0 && (c == ' ' || c == '(' || c == ')')) {
                    break;
                }
            }
            if (at == start) {
                at++;
            }
            return line.substring(start, at);
        }
    }
}
