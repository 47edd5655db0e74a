package io.carryall.cli.file;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** Finds the known word that a mistyped one was probably meant to be. */
final class Nearest {
    private static final int LONGEST = 100;

    private Nearest() {
    }

    static String to(String word, Collection<String> known) {
        String lower = word.length() > LONGEST ? word.substring(0, LONGEST) : word;
        return known.stream().min(Comparator.comparingInt(k -> distance(lower.toLowerCase(Locale.ROOT), k))).orElseThrow();
    }

    /** Levenshtein's, in two rows. */
    private static int distance(String a, String b) {
        int[] above = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replace, Math.min(above[j], row[j - 1]) + 1);
            }
            above = row;
        }
        return above[b.length()];
    }
}
