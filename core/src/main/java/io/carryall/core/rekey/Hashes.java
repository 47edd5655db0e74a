package io.carryall.core.rekey;

/** 64 bits of what items are compared by. */
final class Hashes {
    private static final long SEED = 0x9e3779b97f4a7c15L;

    private Hashes() {}

    static long of(long a, long b) {
        return mix(mix(SEED ^ a) + b);
    }

    static long of(long hash, String text) {
        long all = hash;
        for (int i = 0; i < text.length(); i++) {
            all = (all ^ text.charAt(i)) * 0x100000001b3L;
            all ^= all >>> 29;
        }
        return mix(all);
    }

    private static long mix(long value) {
        long mixed = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }
}
