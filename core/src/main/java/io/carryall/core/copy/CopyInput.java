package io.carryall.core.copy;

import io.carryall.core.flags.FlagSet;
import io.carryall.core.item.Fingerprint;
import io.carryall.core.item.ItemKey;
import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.port.Intents.Intent;
import io.carryall.core.port.Items.Done;
import io.carryall.core.port.Leases.Lease;
import io.carryall.core.port.MailException;
import io.carryall.core.port.TargetSession.Appended;
import io.carryall.core.port.TargetSession.Capabilities;
import io.carryall.core.port.TargetSession.Position;
import io.carryall.core.record.PipelineRecord.CopyPage;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a {@link FolderCopy} is told. Answers to effects carry the {@code turn} or {@code group} of the effect; those of a turn or group that is over are passed over.
 */
public sealed interface CopyInput {
    record PageArrived(CopyPage page) implements CopyInput {}

    /** Pages of this pass are to be set aside: it was interrupted, paused or has ended. */
    record PassHalted(PassId pass, String detail) implements CopyInput {}

    /** @param lease null where nobody ever held it */
    record LeaseRead(int turn, Lease lease, long nowMillis) implements CopyInput {}

    /** @param taken false: somebody was faster */
    record LeaseTried(int turn, boolean taken, Lease lease) implements CopyInput {}

    /** Renewing failed or came too late; or somebody else holds it. */
    record LeaseLost() implements CopyInput {}

    record IntentsRead(int turn, List<Intent> open) implements CopyInput {}

    record PositionRead(int turn, Position position, Capabilities capabilities) implements CopyInput {}

    record Looked(int turn, Window window) implements CopyInput {}

    record FolderCreated(int turn) implements CopyInput {}

    /** Looking at, asking or creating the target folder failed. */
    record TargetFailed(int turn, MailException.Kind kind, String detail, long backoffMillis) implements CopyInput {}

    record Prepared(int group, List<PreparedItem> items) implements CopyInput {}

    record SourceFailed(int group, MailException.Kind kind, String detail, long backoffMillis) implements CopyInput {}

    /** @param flags of the items that are still there */
    record FlagsRead(int group, Map<Long, FlagSet> flags) implements CopyInput {}

    /** What came of it is durable. */
    record FlagsCarried(int group) implements CopyInput {}

    /** Some of it may have come to pass: to do it again does no harm. */
    record FlagsNotCarried(int group, MailException.Kind kind, String detail, long backoffMillis) implements CopyInput {}

    record IntentOpened(int group) implements CopyInput {}

    record AppendAnswered(int group, Appended answer) implements CopyInput {}

    /** Everything that was to be written of the group is durable. */
    record Confirmed(int group) implements CopyInput {}

    record WaitOver(int timer) implements CopyInput {}

    /** A ledger effect failed for good: what it was to write may or may not stand there. */
    record LedgerFailed() implements CopyInput {}

    /** Nothing came for a while. */
    record Idle() implements CopyInput {}

    /** Finish what is under way, begin nothing, let go of the lease. */
    record Stop() implements CopyInput {}

    /** What came of fetching one item. */
    sealed interface PreparedItem {
        long uid();
    }

    /** @param messageId may be null */
    record Ready(long uid, Fingerprint fingerprint, Set<String> flags, String messageId) implements PreparedItem {}

    /** The ledger says that it is done, or that this pass has given it up: nothing was fetched. */
    record Settled(long uid) implements PreparedItem {}

    /** The source has it no more, or can't deliver it. */
    record Lost(long uid, Reason reason, String detail) implements PreparedItem {}

    /**
     * What stands on the target from a UID on, and what the ledger says of it.
     *
     * @param claimed   the claimed ones, there or not, and for whom
     * @param unclaimed the fingerprints of those that are there, can be read, and are not claimed
     * @param done      which items of the open intents are done already; read after the claims, so a record may tell of one that was made in between
     */
    record Window(Position position, Map<Long, ItemKey> claimed, Map<Long, Fingerprint> unclaimed, Map<ItemKey, Done> done) {
        /**
         * What was looked at after claims were read: these count only if the folder still is the one that they belong to.
         *
         * @param before where the folder stood when its claims were read
         */
        public static Window of(Position before, Position position, Map<Long, ItemKey> claimed, Map<Long, Fingerprint> unclaimed, Map<ItemKey, Done> done) {
            return new Window(position, before.uidValidity() == position.uidValidity() ? claimed : Map.of(), unclaimed, done);
        }
    }
}
