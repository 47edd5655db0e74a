package io.carryall.core.port;

import io.carryall.core.item.TargetFolder;
import java.util.Optional;

/**
 * One writer per target folder. All by lightweight transaction; one that timed out is resolved by a serial read before the method returns, so an answer is certain, and
 * {@link LedgerException} means that nothing is known.
 */
public interface Leases {
    /** What stands there now (serial read). */
    Optional<Lease> read(TargetFolder folder);

    /**
     * Takes the lease over if it still is what the challenger saw ({@code seen} null: nobody ever held it). The epoch grows by one.
     *
     * @param token of the new holder, unique for each call
     */
    Taken take(TargetFolder folder, Lease seen, String token);

    /** Puts a new token in the place of the holder's old one: false if the lease is somebody else's now. */
    boolean renew(TargetFolder folder, String oldToken, String newToken);

    /** Notes that every intent up to this epoch is closed. False if the lease is somebody else's. */
    boolean settled(TargetFolder folder, String token, long epoch);

    /** Lets go of it, with every intent up to {@code settledEpoch} closed. */
    void release(TargetFolder folder, String token, long settledEpoch);

    /** @param token empty when it was released */
    record Lease(String token, long epoch, long settledEpoch) {
        public boolean isFree() {
            return token.isEmpty();
        }

        /** Nobody writes to the folder, and what anybody ever began there has come to its end. */
        public boolean isQuiet() {
            return isFree() && settledEpoch >= epoch;
        }

        /** What was begun in that epoch or before has come to its end. */
        public boolean isSettled(long epochBefore) {
            return settledEpoch >= epochBefore;
        }
    }

    /** @param lease what stands there after the call */
    record Taken(boolean taken, Lease lease) {}
}
