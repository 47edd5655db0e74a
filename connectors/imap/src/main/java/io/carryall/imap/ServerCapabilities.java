package io.carryall.imap;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** What the server announces, in capitals. */
record ServerCapabilities(Set<String> names) {
    static final ServerCapabilities NONE = new ServerCapabilities(Set.of());

    static ServerCapabilities of(String line) {
        Set<String> names = new HashSet<>();
        for (String name : line.trim().split(" +")) names.add(name.toUpperCase(Locale.ROOT));
        return new ServerCapabilities(Set.copyOf(names));
    }

    boolean has(String name) {
        return names.contains(name);
    }

    /** RFC 7889: bytes, -1 where the server names none for all mailboxes. */
    long appendLimitBytes() {
        for (String name : names) {
            if (name.matches("APPENDLIMIT=\\d{1,18}")) return Long.parseLong(name.substring(12));
        }
        return -1;
    }
}
