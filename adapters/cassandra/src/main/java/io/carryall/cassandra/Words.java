package io.carryall.cassandra;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Several words in one text, a blank between them, so that a cell can be read by people. White space, control characters and {@code %} within a word are written as {@code %hhhh}; an empty word as {@code %}. */
final class Words {
    private Words() {}

    static String join(Collection<String> words) {
        StringBuilder text = new StringBuilder();
        for (String word : words) {
            text.append(text.isEmpty() ? "" : " ");
            append(text, word);
        }
        return text.toString();
    }

    static List<String> split(String text) {
        List<String> words = new ArrayList<>();
        if (!text.isEmpty()) {
            for (String word : text.split(" ", -1)) {
                words.add(unescaped(word));
            }
        }
        return words;
    }

    static Set<String> set(String text) {
        return new LinkedHashSet<>(split(text));
    }

    private static void append(StringBuilder text, String word) {
        if (word.isEmpty()) {
            text.append('%');
        }
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c <= ' ' || c == '%' || c == 0x7f || Character.isSurrogate(c)) {
                text.append('%').append(String.format("%04x", (int) c));
            } else {
                text.append(c);
            }
        }
    }

    private static String unescaped(String word) {
        if (word.indexOf('%') < 0) {
            return word;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < word.length() && word.length() > 1; i++) {
            if (word.charAt(i) == '%') {
                text.append((char) Integer.parseInt(word.substring(i + 1, i + 5), 16));
                i += 4;
            } else {
                text.append(word.charAt(i));
            }
        }
        return text.toString();
    }
}
