package io.carryall.verify;

/** What two messages may have in common. */
enum Column {
    HEADERS {
        @Override
        boolean known(Entries e, int i) {
            return true;
        }

        @Override
        long hash(Entries e, int i) {
            return e.headersHigh(i);
        }

        @Override
        boolean same(Entries a, int i, Entries b, int j) {
            return a.headersHigh(i) == b.headersHigh(j) && a.headersLow(i) == b.headersLow(j);
        }
    },
    /** The same headers, which tell messages apart. */
    STRONG_HEADERS {
        @Override
        boolean known(Entries e, int i) {
            return e.strong(i);
        }

        @Override
        long hash(Entries e, int i) {
            return HEADERS.hash(e, i);
        }

        @Override
        boolean same(Entries a, int i, Entries b, int j) {
            return HEADERS.same(a, i, b, j);
        }
    },
    MESSAGE_ID {
        @Override
        boolean known(Entries e, int i) {
            return e.messageId(i) != 0;
        }

        @Override
        long hash(Entries e, int i) {
            return e.messageId(i);
        }

        @Override
        boolean same(Entries a, int i, Entries b, int j) {
            return a.messageId(i) == b.messageId(j);
        }
    },
    SIZE {
        @Override
        boolean known(Entries e, int i) {
            return e.sizeBytes(i) >= 0;
        }

        @Override
        long hash(Entries e, int i) {
            return e.sizeBytes(i);
        }

        @Override
        boolean same(Entries a, int i, Entries b, int j) {
            return a.sizeBytes(i) == b.sizeBytes(j);
        }
    },
    BODY {
        @Override
        boolean known(Entries e, int i) {
            return e.hasBody(i);
        }

        @Override
        long hash(Entries e, int i) {
            return e.bodyHigh(i);
        }

        @Override
        boolean same(Entries a, int i, Entries b, int j) {
            return a.bodyHigh(i) == b.bodyHigh(j) && a.bodyLow(i) == b.bodyLow(j);
        }
    },
    DATE {
        @Override
        boolean known(Entries e, int i) {
            return e.hasDate(i);
        }

        @Override
        long hash(Entries e, int i) {
            return e.date(i);
        }

        @Override
        boolean same(Entries a, int i, Entries b, int j) {
            return a.date(i) == b.date(j);
        }
    },
    FLAGS {
        @Override
        boolean known(Entries e, int i) {
            return true;
        }

        @Override
        long hash(Entries e, int i) {
            return e.flagSet(i);
        }

        @Override
        boolean same(Entries a, int i, Entries b, int j) {
            return a.flagSet(i) == b.flagSet(j);
        }
    };

    /** Whether this message has it at all. What has it not shares it with nobody. */
    abstract boolean known(Entries e, int i);

    abstract long hash(Entries e, int i);

    abstract boolean same(Entries a, int i, Entries b, int j);
}
