package io.carryall.cli.stack;

/** The stack could not be started, reached or used. The message is one line that says the way out. */
public final class StackFailure extends Exception {
    private static final long serialVersionUID = 1L;

    public StackFailure(String message) {
        super(message);
    }
}
