package io.carryall.core.port;

/** A password or token. It prints as stars; only {@link #reveal()} tells it, and what calls that is where to look for leaks. */
public final class Secret {
    private final String value;

    public Secret(String value) {
        this.value = value;
    }

    public String reveal() {
        return value;
    }

    @Override
    public String toString() {
        return "***";
    }
}
