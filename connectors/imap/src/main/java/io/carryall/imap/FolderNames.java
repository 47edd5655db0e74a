package io.carryall.imap;

import io.carryall.core.migration.FolderPath;
import io.carryall.core.port.TargetSession.Planned;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * How one server names its folders, and how that reads for people.
 *
 * <p>Raw names are ISO 8859-1 strings, one character for each byte on the wire, and go back to the server exactly as they came. What can't be said is written {@code =XX}, the hexadecimal value of a byte: always the same
 * way, so that a folder has one name in every pass, and with characters that every server takes.
 *
 * @param delimiter between levels; 0 where the server has none (NIL)
 * @param prefix    of the personal namespace (RFC 2342), raw: {@code INBOX.} or empty
 */
record FolderNames(char delimiter, String prefix) {
    private static final int LEVEL_CHARS_MAX = 100;

    /** The path of a raw name as people know it. */
    FolderPath path(String raw, char itsDelimiter) {
        if (raw.equalsIgnoreCase("INBOX")) return FolderPath.INBOX;
        String name = !prefix.isEmpty() && raw.length() > prefix.length() && raw.regionMatches(hasInboxPrefix(), 0, prefix, 0, prefix.length()) ? raw.substring(prefix.length()) : raw;
        List<String> levels = new ArrayList<>();
        for (String level : split(name, itsDelimiter)) levels.add(text(level));
        return new FolderPath(levels);
    }

    private boolean hasInboxPrefix() {
        return prefix.toUpperCase(Locale.ROOT).startsWith("INBOX");
    }

    private static List<String> split(String name, char delimiter) {
        if (delimiter == 0) return List.of(name);
        List<String> levels = new ArrayList<>();
        int from = 0;
        for (int at = name.indexOf(delimiter); at >= 0; at = name.indexOf(delimiter, from)) {
            levels.add(name.substring(from, at));
            from = at + 1;
        }
        // some servers write a delimiter behind the names of folders that only hold folders
        if (from < name.length() || levels.isEmpty()) levels.add(name.substring(from));
        return levels;
    }

    private static String text(String rawLevel) {
        Optional<String> decoded = ModifiedUtf7.decode(rawLevel);
        if (decoded.isPresent()) return decoded.get();
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < rawLevel.length(); i++) {
            char c = rawLevel.charAt(i);
            if (c == '&' || c < ' ' || c >= 0x7F) hex(shown, c);
            else shown.append(c);
        }
        return shown.toString();
    }

    /** The name under which a path would stand here. */
    Planned plan(FolderPath path) {
        return named(path, false);
    }

    /** The name for a server that refused the first one: nothing but letters, digits, blanks between them, and - _ =. */
    Planned planEscaped(FolderPath path) {
        return named(path, true);
    }

    private Planned named(FolderPath path, boolean hard) {
        if (path.equals(FolderPath.INBOX)) return new Planned("INBOX", "INBOX", null);
        List<String> levels = new ArrayList<>();
        for (String level : path.levels()) levels.add(hard ? escapeHard(level) : escape(level));
        FolderPath shown = new FolderPath(levels);
        StringBuilder raw = new StringBuilder(prefix);
        for (int i = 0; i < levels.size(); i++) {
            if (i > 0) raw.append(delimiter == 0 ? '/' : delimiter);
            raw.append(ModifiedUtf7.encode(levels.get(i)));
        }
        return new Planned(raw.toString(), shown.toString(), warning(path, shown));
    }

    private String warning(FolderPath path, FolderPath shown) {
        if (delimiter == 0 && path.depth() > 1) return "the target has no levels of folders: the whole path became one name";
        return shown.equals(path) ? null : "the name can't be kept on the target: it became " + ServerText.clean(shown.toString());
    }

    private String escape(String level) {
        if (level.isEmpty()) return "=";
        boolean dots = level.equals(".") || level.equals("..");
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < level.length(); i++) {
            char c = level.charAt(i);
            if (c < ' ' || c == 0x7F || c == delimiter && delimiter != 0 || c == '.' && dots) hex(out, c);
            else out.append(c);
        }
        return out.toString();
    }

    private String escapeHard(String level) {
        if (level.isEmpty()) return "=";
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < level.length(); ) {
            int c = level.codePointAt(i);
            boolean inside = i > 0 && i + Character.charCount(c) < level.length();
            if (Character.isLetterOrDigit(c) || c == '-' || c == '_' || c == '=' || inside && c == ' ') out.appendCodePoint(c);
            else for (byte b : new String(Character.toChars(c)).getBytes(StandardCharsets.UTF_8)) hex(out, b & 0xFF);
            i += Character.charCount(c);
        }
        if (ModifiedUtf7.encode(out.toString()).length() <= LEVEL_CHARS_MAX) return out.toString();
        CRC32 whole = new CRC32();
        whole.update(level.getBytes(StandardCharsets.UTF_8));
        return shortened(out) + "=" + String.format("%08X", whole.getValue());
    }

    private static String shortened(StringBuilder name) {
        int length = name.length();
        while (ModifiedUtf7.encode(name.substring(0, length)).length() > LEVEL_CHARS_MAX - 10) length = name.offsetByCodePoints(length, -1);
        return name.substring(0, length);
    }

    private static void hex(StringBuilder out, int b) {
        out.append('=').append(Character.toUpperCase(Character.forDigit(b >> 4, 16))).append(Character.toUpperCase(Character.forDigit(b & 15, 16)));
    }
}
