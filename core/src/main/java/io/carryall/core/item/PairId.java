package io.carryall.core.item;

import java.util.Objects;

/** The id of a mailbox pair. It survives renamed addresses and domains, so nothing may be read out of its letters. */
public record PairId(String value) {
    public PairId {
        Objects.requireNonNull(value);
        if (!value.matches("[0-9a-z]{1,40}")) {
            throw new IllegalArgumentException("a pair id is 1 to 40 lower-case letters and digits: " + value);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
