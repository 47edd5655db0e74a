package io.carryall.scanner;

/** The pass is no longer running: thrown out of an enumeration, which can only be left this way. */
final class PassStoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PassStoppedException() {
        super("the pass is no longer running", null, false, false);
    }
}
