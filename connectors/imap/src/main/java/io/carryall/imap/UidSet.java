package io.carryall.imap;

import java.util.ArrayList;
import java.util.List;

/** Sets of UIDs as IMAP writes them: {@code 1,5:7}. */
final class UidSet {
    /** Servers refuse long command lines, from about 8 KB on: sets are cut into pieces of at most so many characters. */
    static final int PIECE_CHARS_MAX = 7_000;

    private UidSet() {
    }

    /** Ascending UIDs as ranges, in pieces that each fit a command line. Only UIDs that were given are named. */
    static List<String> pieces(long[] ascending) {
        List<String> pieces = new ArrayList<>();
        StringBuilder piece = new StringBuilder();
        for (int i = 0; i < ascending.length; ) {
            int end = i;
            while (end + 1 < ascending.length && ascending[end + 1] == ascending[end] + 1) end++;
            if (piece.length() > PIECE_CHARS_MAX - 24) {
                pieces.add(piece.toString());
                piece.setLength(0);
            }
            if (piece.length() > 0) piece.append(',');
            piece.append(ascending[i]);
            if (end > i) piece.append(':').append(ascending[end]);
            i = end + 1;
        }
        if (piece.length() > 0) pieces.add(piece.toString());
        return pieces;
    }

    /** The UIDs of a set such as {@code 1985:2000} or {@code 1,5:7}, in its order; null when it is none, or has other than so many members. */
    static long[] parse(String set, int members) {
        long[] uids = new long[members];
        int n = 0;
        for (String part : set.split(",", -1)) {
            int colon = part.indexOf(':');
            long first = number(colon < 0 ? part : part.substring(0, colon));
            long last = colon < 0 ? first : number(part.substring(colon + 1));
            if (first < 0 || last < 0 || Math.abs(last - first) >= members - n) return null;
            // 4:2 is 2:4 (RFC 4315 section 4)
            for (long uid = Math.min(first, last); uid <= Math.max(first, last); uid++) uids[n++] = uid;
        }
        return n == members ? uids : null;
    }

    private static long number(String digits) {
        if (digits.isEmpty() || digits.length() > 10) return -1;
        long n = 0;
        for (int i = 0; i < digits.length(); i++) {
            int d = digits.charAt(i) - '0';
            if (d < 0 || d > 9) return -1;
            n = n * 10 + d;
        }
        return n;
    }
}
