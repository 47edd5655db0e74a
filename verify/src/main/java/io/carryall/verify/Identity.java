package io.carryall.verify;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Who a message says it is: its Message-ID, Date, From, To and Subject, whatever the order, folding, blanks and line ends in which a server hands them out.
 *
 * @param headers   digest of the five fields
 * @param messageId 64 bits of the Message-ID's digest; 0 where there is none
 * @param strong    whether the fields tell messages apart: there is a Message-ID, or a Date with at least one of From, To and Subject. Of two messages without them nobody can say that one is the other, altered
 * @param shownId   the Message-ID as it stands there, unfolded; null where there is none. Hostile text
 */
record Identity(Digest headers, long messageId, boolean strong, String shownId) {

    /** What is looked at of a header at most; the rest doesn't count. */
    private static final int HEADER_BYTES_MAX = 64 * 1024;

    static final Identity NONE = of(new byte[0]);

    private static final List<String> FIELDS = List.of("message-id", "date", "from", "to", "subject");

    /** @param header the header, or only these fields of it, up to the empty line or beyond */
    static Identity of(byte[] header) {
        List<Field> fields = fields(header, Math.min(header.length, HEADER_BYTES_MAX));
        StringBuilder text = new StringBuilder();
        fields.stream().sorted(Comparator.comparing(Field::name)).forEach(field -> text.append(field.name).append(':').append(field.value).append('\n'));
        String id = fields.stream().filter(field -> field.name.equals("message-id") && !field.value.isEmpty()).map(Field::value).findFirst().orElse(null);
        return new Identity(Digest.of(text.toString().getBytes(StandardCharsets.ISO_8859_1)), hash(id), id != null || tellsApart(fields), id);
    }

    private static long hash(String id) {
        return id == null ? 0 : Digest.of(id.getBytes(StandardCharsets.ISO_8859_1)).high() | 1;
    }

    private static boolean tellsApart(List<Field> fields) {
        boolean date = fields.stream().anyMatch(field -> field.name.equals("date") && !field.value.isEmpty());
        return date && fields.stream().anyMatch(field -> !field.name.equals("date") && !field.value.isEmpty());
    }

    private static List<Field> fields(byte[] header, int length) {
        List<Field> fields = new ArrayList<>();
        StringBuilder unfolded = new StringBuilder();
        int at = 0;
        while (at < length) {
            int end = at;
            while (end < length && header[end] != '\r' && header[end] != '\n') {
                end++;
            }
            boolean continued = end > at && (header[at] == ' ' || header[at] == '\t');
            if (!continued) {
                addField(fields, unfolded);
                unfolded.setLength(0);
            }
            if (end == at) {
                break;
            }
            unfolded.append(new String(header, at, end - at, StandardCharsets.ISO_8859_1));
            at = end + (end + 1 < length && header[end] == '\r' && header[end + 1] == '\n' ? 2 : 1);
        }
        addField(fields, unfolded);
        return fields;
    }

    private static void addField(List<Field> fields, StringBuilder unfolded) {
        int colon = unfolded.indexOf(":");
        if (colon <= 0) {
            return;
        }
        String name = unfolded.substring(0, colon).strip().toLowerCase(Locale.ROOT);
        if (FIELDS.contains(name)) {
            fields.add(new Field(name, oneBlank(unfolded, colon + 1)));
        }
    }

    /** Runs of blanks become one: servers and gateways fold anew. */
    private static String oneBlank(StringBuilder text, int from) {
        StringBuilder out = new StringBuilder(text.length() - from);
        boolean blank = false;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ' ' || c == '\t') {
                blank = out.length() > 0;
            } else {
                out.append(blank ? " " : "").append(c);
                blank = false;
            }
        }
        return out.toString();
    }

    private record Field(String name, String value) {}
}
