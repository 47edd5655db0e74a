package io.carryall.runtime;

/** The four steps, under the names that they carry everywhere. */
public enum Step {
    SCAN("scan"),
    REGISTER("register"),
    COPY("copy"),
    RECORD("record");

    private final String word;

    Step(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }
}
