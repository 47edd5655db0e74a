package io.carryall.verify;

/** Hears how a verification goes on. Called from several threads. */
public interface VerifyProgress {
    VerifyProgress SILENT = new VerifyProgress() {};

    /** A folder of the source (of the target where it is only there) was compared. */
    default void compared(String source, String folder, long messages) {
    }

    /** Bodies are fetched because sizes and headers left in doubt whether messages are the same. */
    default void inDoubt(String source, String folder, long messages) {
    }

    default void pairDone(VerifyResult.Pair pair, int done, int all) {
    }
}
