package io.carryall.cli.check;

/**
 * What will be a problem.
 *
 * @param stops whether the mailbox can't be migrated as it is; otherwise something to know
 * @param what  a word of a closed list, for programs
 */
record Problem(boolean stops, String side, String what, String detail) {

    static Problem stop(String side, String what, String detail) {
        return new Problem(true, side, what, detail);
    }

    static Problem note(String side, String what, String detail) {
        return new Problem(false, side, what, detail);
    }
}
