package io.carryall.testkit.simulator;

import java.util.Random;

/**
 * How likely each fault is in one run. Each seed has another mixture, and in each some faults never happen: what only shows when one thing goes wrong alone would drown in noise otherwise.
 *
 * @param callFails      a read of the ledger, or a publication, fails
 * @param writeUnknown   a write to the ledger or a publication times out, and may take effect all the same, at once or later, whole or in part
 * @param slow           an answer takes seconds
 * @param mailFails      a command to a mail server fails
 * @param appendCut      the connection is lost before the committing bytes
 * @param stalled        the bytes of a group take minutes to leave, before the committing ones
 * @param appendSilent   no answer comes to an append: it was carried out, was not, or will be
 * @param appendRefused  an append is refused for a reason that passes by itself
 * @param pausedAtGate   a copier is stopped between the check of its lease and the last bytes
 * @param untold         a server with UIDPLUS does not tell the UIDs of one append
 * @param lagging        a server that tells the UIDs of what it stores says with STATUS where a folder stood a while ago
 * @param twice          a record is delivered twice
 * @param beyondTheLimit a server carries an append out later than the quarantine allows, or a copier is stopped that long at the one point where it matters
 * @param chaosMillis    the mean time between crashes, pauses, rebalances, clock jumps
 * @param usersMillis    the mean time between what users do
 */
record Odds(double callFails, double writeUnknown, double slow, double mailFails, double appendCut, double stalled, double appendSilent, double appendRefused, double pausedAtGate, double untold, double lagging, double twice,
        double beyondTheLimit, long chaosMillis, long usersMillis) {

    static Odds draw(Random random) {
        return new Odds(some(random, 0.02), some(random, 0.04), some(random, 0.05), some(random, 0.03), some(random, 0.05), some(random, 0.06), some(random, 0.25), some(random, 0.1), some(random, 0.1),
                some(random, 0.1), some(random, 0.5), some(random, 0.1), random.nextInt(20) == 0 ? 0.1 : 0, 2_000 + random.nextInt(25_000), random.nextInt(4) == 0 ? 25_000 + random.nextInt(120_000) : 1_000 + random.nextInt(25_000));
    }

    private static double some(Random random, double max) {
        return random.nextInt(3) == 0 ? 0 : random.nextDouble() * max;
    }
}
