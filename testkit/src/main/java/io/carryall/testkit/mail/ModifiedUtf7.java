package io.carryall.testkit.mail;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Folder names on the wire, RFC 3501 section 5.1.3. */
final class ModifiedUtf7 {
    private ModifiedUtf7() {
    }

    static String encode(String name) {
        StringBuilder wire = new StringBuilder();
        StringBuilder shifted = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c < ' ' || c > '~') {
                shifted.append(c);
                continue;
            }
            flush(shifted, wire);
            wire.append(c == '&' ? "&-" : String.valueOf(c));
        }
        flush(shifted, wire);
        return wire.toString();
    }

    private static void flush(StringBuilder shifted, StringBuilder wire) {
        if (shifted.length() > 0) {
            String base64 = Base64.getEncoder().withoutPadding().encodeToString(shifted.toString().getBytes(StandardCharsets.UTF_16BE));
            wire.append('&').append(base64.replace('/', ',')).append('-');
            shifted.setLength(0);
        }
    }

    /** A name that is not valid is given back as it is: such names exist on real servers and have to be seen in tests. */
    static String decode(String wire) {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < wire.length(); i++) {
            char c = wire.charAt(i);
            if (c != '&') {
                name.append(c);
                continue;
            }
            int end = wire.indexOf('-', i);
            if (end < 0) {
                return wire;
            }
            if (end == i + 1) {
                name.append('&');
            } else {
                try {
                    byte[] utf16 = Base64.getDecoder().decode(wire.substring(i + 1, end).replace(',', '/'));
                    name.append(new String(utf16, StandardCharsets.UTF_16BE));
                } catch (IllegalArgumentException invalid) {
                    return wire;
                }
            }
            i = end;
        }
        return encode(name.toString()).equals(wire) ? name.toString() : wire;
    }
}
