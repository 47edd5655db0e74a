package io.carryall.json;

/** Lone surrogates have no form in UTF-8; in JSON they can be escaped (RFC 8259, section 8.2). */
final class Surrogates {
    private Surrogates() {
    }

    /** The same JSON text, with every half of a pair that stands alone written as an escape. In valid JSON they can only stand inside strings. */
    static String escapeLone(String json) {
        StringBuilder escaped = null;
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            boolean pair = Character.isHighSurrogate(c) && i + 1 < json.length() && Character.isLowSurrogate(json.charAt(i + 1));
            boolean lone = Character.isSurrogate(c) && !pair;
            if (lone && escaped == null) {
                escaped = new StringBuilder(json.length() + 16).append(json, 0, i);
            }
            if (escaped != null) {
                escaped.append(lone ? String.format("\\u%04X", (int) c) : String.valueOf(c));
            }
            if (pair) {
                i++;
                if (escaped != null) {
                    escaped.append(json.charAt(i));
                }
            }
        }
        return escaped == null ? json : escaped.toString();
    }
}
