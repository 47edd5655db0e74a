package io.carryall.core.migration;

import java.util.ArrayList;
import java.util.List;

/**
 * A folder's decoded path: Unicode names, outermost first.
 *
 * <p>Written with {@code /} between levels, and {@code \/} for a {@code /} inside a name. Backslashes are literal, but those that stand directly before a {@code /} or at the end of a name are doubled, so that every path has
 * one text and every text one path: a folder {@code a\} with a child {@code b} is {@code a\\/b}, a folder {@code a/b} is {@code a\/b}, a folder {@code a\b} is {@code a\b}.
 *
 * <p>{@code INBOX} as the first level is the same in any case (RFC 9051, section 5.1) and is held in capitals.
 */
public record FolderPath(List<String> levels) {

    public static final FolderPath INBOX = new FolderPath(List.of("INBOX"));

    public FolderPath {
        if (levels.isEmpty()) {
            throw new IllegalArgumentException("a folder has a name");
        }
        levels = canonical(levels);
    }

    public static FolderPath of(String... levels) {
        return new FolderPath(List.of(levels));
    }

    /** Reads what {@link #toString} writes; any text is some path. */
    public static FolderPath parse(String text) {
        List<String> levels = new ArrayList<>();
        StringBuilder level = new StringBuilder();
        int backslashes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                backslashes++;
            } else if (c == '/') {
                level.append("\\".repeat(backslashes / 2));
                if (backslashes % 2 == 1) {
                    level.append('/');
                } else {
                    levels.add(level.toString());
                    level.setLength(0);
                }
                backslashes = 0;
            } else {
                level.append("\\".repeat(backslashes)).append(c);
                backslashes = 0;
            }
        }
        levels.add(level.append("\\".repeat((backslashes + 1) / 2)).toString());
        return new FolderPath(levels);
    }

    public FolderPath child(String name) {
        List<String> longer = new ArrayList<>(levels);
        longer.add(name);
        return new FolderPath(longer);
    }

    /** Whether this is that folder or lies below it. */
    public boolean startsWith(FolderPath above) {
        return levels.size() >= above.levels.size() && levels.subList(0, above.levels.size()).equals(above.levels);
    }

    public int depth() {
        return levels.size();
    }

    public String name() {
        return levels.get(levels.size() - 1);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < levels.size(); i++) {
            if (i > 0) {
                text.append('/');
            }
            appendEscaped(text, levels.get(i));
        }
        return text.toString();
    }

    private static void appendEscaped(StringBuilder text, String level) {
        int backslashes = 0;
        for (int i = 0; i < level.length(); i++) {
            char c = level.charAt(i);
            if (c == '\\') {
                backslashes++;
                continue;
            }
            text.append("\\".repeat(c == '/' ? 2 * backslashes + 1 : backslashes)).append(c);
            backslashes = 0;
        }
        text.append("\\".repeat(2 * backslashes));
    }

    private static List<String> canonical(List<String> levels) {
        if (levels.get(0).equals("INBOX") || !levels.get(0).equalsIgnoreCase("INBOX")) {
            return List.copyOf(levels);
        }
        List<String> capital = new ArrayList<>(levels);
        capital.set(0, "INBOX");
        return List.copyOf(capital);
    }
}
