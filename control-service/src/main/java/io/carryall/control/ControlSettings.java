package io.carryall.control;

/**
 * The bounds of control.
 *
 * @param leaseMillis     how long the lease on a migration is good for
 * @param pollMillis      a pair is looked at this often when nothing is heard of it; less often when many run
 * @param sweepMillis     a pair of which nothing was heard for so long has its open pages published again
 * @param scansAtOnceMax  pairs whose scan is asked for and has not ended
 * @param looksAtOnceMax  pairs that are looked at, or folded, at the same time
 * @param namesAtOnceMax  pairs that are named in the ledger at the same time
 * @param failuresMax     failures listed of one folder
 * @param pairsShownMax   a pass with more pairs is told without them while it runs
 * @param sameMachine     the embedded stack: all who drive passes run on one machine, so that a process id in a lease means something, and passes are gone on with when a command asks for it. Else by whoever finds one without a
 *                        driver
 */
public record ControlSettings(long leaseMillis, long pollMillis, long sweepMillis, int scansAtOnceMax, int looksAtOnceMax, int namesAtOnceMax, int failuresMax, int pairsShownMax, boolean sameMachine) {

    public static final ControlSettings DEFAULT = new ControlSettings(20_000, 3_000, 60_000, 1_000, 4, 32, 1_000, 200, false);
}
