package io.carryall.imap;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The flags that an APPEND may carry. A flag that the server can't parse makes it answer BAD and then read the message's own lines as commands;
 * so nothing but the five system flags and keywords that are valid atoms ever goes out.
 *
 * @param sent    in the order of the source, system flags in their usual spelling
 * @param dropped what can't be sent
 */
record AppendFlags(List<String> sent, List<String> dropped) {
    private static final Map<String, String> SYSTEM =
            Map.of("\\seen", "\\Seen", "\\answered", "\\Answered", "\\flagged", "\\Flagged", "\\deleted", "\\Deleted", "\\draft", "\\Draft");
    private static final int KEYWORD_CHARS_MAX = 200;

    /** @param permitted says of a keyword that is a valid atom whether the folder takes it */
    static AppendFlags of(Collection<String> wanted, Predicate<String> permitted) {
        Set<String> sent = new LinkedHashSet<>();
        List<String> dropped = new ArrayList<>();
        for (String flag : wanted) {
            String system = SYSTEM.get(flag.toLowerCase(Locale.ROOT));
            if (system != null) sent.add(system);
            else if (isKeyword(flag) && permitted.test(flag)) sent.add(flag);
            else if (!flag.equalsIgnoreCase("\\Recent")) dropped.add(flag);   // \Recent is the server's own
        }
        return new AppendFlags(List.copyOf(sent), List.copyOf(dropped));
    }

    /** An atom: no CTL, no 8-bit, none of the specials (RFC 9051 section 9). */
    static boolean isKeyword(String flag) {
        if (flag.isEmpty() || flag.length() > KEYWORD_CHARS_MAX) return false;
        for (int i = 0; i < flag.length(); i++) {
            char c = flag.charAt(i);
            if (c <= ' ' || c >= 0x7F || "(){%*\"\\]".indexOf(c) >= 0) return false;
        }
        return true;
    }
}
