package io.carryall.core.item;

import java.util.Arrays;
import java.util.Optional;

/** Why an item failed, a page was parked or a pair stopped: a closed list, documented in docs/operations.md. */
public enum Reason {
    TOO_LARGE("too-large", false),
    QUOTA("quota", true),
    REFUSED("refused", false),
    UNREADABLE("unreadable", true),
    VANISHED("vanished", false),
    AMBIGUOUS("ambiguous", false),
    LOGIN_REFUSED("login-refused", true),
    UNREACHABLE("unreachable", true),
    TIMEOUT("timeout", true),
    INTERRUPTED("interrupted", true),
    /** The target holds messages of the source that the ledger knows nothing of. */
    COPIED_BEFORE("copied-before", true);

    private final String word;
    private final boolean retryable;

    Reason(String word, boolean retryable) {
        this.word = word;
        this.retryable = retryable;
    }

    /** As it stands in results, tables and metrics. */
    public String word() {
        return word;
    }

    /** Whether the next pass tries such an item again by itself. */
    public boolean retryable() {
        return retryable;
    }

    public static Optional<Reason> of(String word) {
        return Arrays.stream(values()).filter(reason -> reason.word.equals(word)).findFirst();
    }
}
