package io.carryall.verify;

import java.util.List;

/** What makes two messages alike for the moment: some columns, all of them the same. */
record Key(List<Column> columns) {

    static Key of(Column... columns) {
        return new Key(List.of(columns));
    }

    boolean known(Entries e, int i) {
        for (int c = 0; c < columns.size(); c++) {
            if (!columns.get(c).known(e, i)) {
                return false;
            }
        }
        return true;
    }

    boolean same(Entries a, int i, Entries b, int j) {
        for (int c = 0; c < columns.size(); c++) {
            if (!columns.get(c).same(a, i, b, j)) {
                return false;
            }
        }
        return true;
    }

    /** Well mixed in all its bits. */
    long hash(Entries e, int i) {
        long hash = 0;
        for (int c = 0; c < columns.size(); c++) {
            hash = mixed(hash * 31 + columns.get(c).hash(e, i));
        }
        return hash;
    }

    /** The finalizer of MurmurHash3. */
    private static long mixed(long value) {
        long x = (value ^ value >>> 33) * 0xff51afd7ed558ccdL;
        x = (x ^ x >>> 33) * 0xc4ceb9fe1a85ec53L;
        return x ^ x >>> 33;
    }
}
