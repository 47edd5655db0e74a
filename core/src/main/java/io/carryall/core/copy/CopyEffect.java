package io.carryall.core.copy;

import io.carryall.core.flags.FlagSet;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.ItemKey;
import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.item.SourceItem;
import io.carryall.core.port.Intents.Intent;
import io.carryall.core.port.Items.Done;
import io.carryall.core.port.Items.Failed;
import io.carryall.core.port.Leases.Lease;
import io.carryall.core.record.PageRef;
import java.util.List;
import java.util.Map;

/** What a {@link FolderCopy} wants done. Effects of one lane are carried out one after another, in the order in which they were asked for. */
public sealed interface CopyEffect {
    enum Lane { SOURCE, TARGET, LEDGER, TIMER }

    Lane lane();

    /** Answer: LeaseRead. */
    record ReadLease(int turn) implements CopyEffect {
        @Override public Lane lane() { return Lane.LEDGER; }
    }

    /** Answer: LeaseTried. From then on the lease is renewed until it is released or lost. */
    record TryLease(int turn, Lease seen) implements CopyEffect {
        @Override public Lane lane() { return Lane.LEDGER; }
    }

    /** Every intent up to this epoch is closed. */
    record MarkSettled(long epoch) implements CopyEffect {
        @Override public Lane lane() { return Lane.LEDGER; }
    }

    record ReleaseLease(long settledEpoch) implements CopyEffect {
        @Override public Lane lane() { return Lane.LEDGER; }
    }

    /** Stop renewing: the lease is not ours any more, or not to be relied upon. */
    record AbandonLease() implements CopyEffect {
        @Override public Lane lane() { return Lane.LEDGER; }
    }

    /** Answer: IntentsRead. */
    record ReadIntents(int turn, long fromEpoch, long toEpoch) implements CopyEffect {
        @Override public Lane lane() { return Lane.LEDGER; }
    }

    /** Answer: PositionRead or TargetFailed. */
    record ReadPosition(int turn) implements CopyEffect {
        @Override public Lane lane() { return Lane.TARGET; }
    }

    /** Answer: Looked or TargetFailed. The claims and the facts are read before the folder is looked at, so that nothing is claimed between the two. */
    record Look(int turn, long lowUid, List<Intent> open) implements CopyEffect {
        public Look {
            open = List.copyOf(open);
        }

        @Override public Lane lane() { return Lane.TARGET; }
    }

    /** Answer: FolderCreated or TargetFailed. */
    record CreateFolder(int turn) implements CopyEffect {
        @Override public Lane lane() { return Lane.TARGET; }
    }

    /** Read the facts of these items, fetch those that are still to be copied. Answer: Prepared or SourceFailed. */
    record Prepare(int group, PassId pass, FolderKey source, List<SourceItem> items) implements CopyEffect {
        @Override public Lane lane() { return Lane.SOURCE; }
    }

    /** Read the flags of these items as they are on the source now. Answer: FlagsRead or SourceFailed. */
    record ReadFlags(int group, PassId pass, FolderKey source, List<Long> uids) implements CopyEffect {
        public ReadFlags {
            uids = List.copyOf(uids);
        }

        @Override public Lane lane() { return Lane.SOURCE; }
    }

    /**
     * Carry flags to the items' copies, as the ledger and the target say they may be. The lease is checked before each command. Answer, when the ledger has what came of it: FlagsCarried; else FlagsNotCarried.
     *
     * @param step  orders what is written within the epoch
     * @param flags of the source
     */
    record CarryFlags(int group, long epoch, int step, PassId pass, FolderKey source, Map<Long, FlagSet> flags) implements CopyEffect {
        @Override public Lane lane() { return Lane.TARGET; }
    }

    /** Answer: IntentOpened. */
    record OpenIntent(int group, Intent intent) implements CopyEffect {
        @Override public Lane lane() { return Lane.LEDGER; }
    }

    /** Append what was prepared of the group, the items of the intent in their order. The lease is checked before the committing bytes. Answer: AppendAnswered. */
    record Append(int group, Intent intent) implements CopyEffect {
        @Override public Lane lane() { return Lane.TARGET; }
    }

    record Claim(long uidValidity, Map<Long, ItemKey> items) implements CopyEffect {
        @Override public Lane lane() { return Lane.LEDGER; }
    }

    record RecordDone(FolderKey source, List<Done> items) implements CopyEffect {
        @Override public Lane lane() { return Lane.LEDGER; }
    }

    record RecordFailed(FolderKey source, List<Failed> items) implements CopyEffect {
        @Override public Lane lane() { return Lane.LEDGER; }
    }

    record CloseIntent(long epoch, int group) implements CopyEffect {
        @Override public Lane lane() { return Lane.LEDGER; }
    }

    /** Answer, when all before it in its lane is done: Confirmed. */
    record Confirm(int group) implements CopyEffect {
        @Override public Lane lane() { return Lane.LEDGER; }
    }

    /** Note that the page is settled, then acknowledge it. */
    record SettlePage(PageRef page) implements CopyEffect {
        @Override public Lane lane() { return Lane.LEDGER; }
    }

    /** Note that the page is set aside, then acknowledge it. */
    record ParkPage(PageRef page, Reason reason, String detail) implements CopyEffect {
        @Override public Lane lane() { return Lane.LEDGER; }
    }

    /** Acknowledge a page without items: what it asked for is done, or had better be asked for again. */
    record LetGo(PageRef page) implements CopyEffect {
        @Override public Lane lane() { return Lane.LEDGER; }
    }

    /** Answer, after this time: WaitOver. */
    record Wait(int timer, long millis) implements CopyEffect {
        @Override public Lane lane() { return Lane.TIMER; }
    }

    /** What was fetched for the group may be thrown away. */
    record Forget(int group) implements CopyEffect {
        @Override public Lane lane() { return Lane.SOURCE; }
    }
}
