package io.carryall.core.port;

import io.carryall.core.flags.FlagBase;
import io.carryall.core.flags.FlagSet;
import io.carryall.core.item.Fingerprint;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.ItemKey;
import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.item.SourceItem;
import io.carryall.core.item.TargetFolder;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** The facts of items. What is true follows by precedence: done over failed over seen. */
public interface Items {
    void seen(FolderKey folder, String scan, List<SourceItem> items);

    /** Every item once, in the order of UIDs, however many scans saw it. */
    void forEachSeen(FolderKey folder, Consumer<SourceItem> items);

    /** The same from one UID on, without walking over those before it where the ledger can. */
    default void forEachSeen(FolderKey folder, long fromUid, Consumer<SourceItem> items) {
        forEachSeen(folder, item -> {
            if (item.uid() >= fromUid) {
                items.accept(item);
            }
        });
    }

    /** What scans saw of those of {@code uids} that they saw. */
    Map<Long, SourceItem> seenAmong(FolderKey folder, Collection<Long> uids);

    /** The facts of those of {@code uids} that have any. */
    Map<Long, Facts> facts(FolderKey folder, Collection<Long> uids);

    /** Written once: the first to be written for an item stays. */
    void done(FolderKey folder, List<Done> items);

    void forEachDone(FolderKey folder, Consumer<Done> items);

    /** The same from one UID on, without walking over those before it where the ledger can. */
    default void forEachDone(FolderKey folder, long fromUid, Consumer<Done> items) {
        forEachDone(folder, done -> {
            if (done.uid() >= fromUid) {
                items.accept(done);
            }
        });
    }

    /**
     * Notes that these items are seen and done, so that nobody has to look at their facts again to know that. A cache that may be lost: what it leaves out, facts tell.
     *
     * @param pass whose fold says so
     * @param uids in their order; each done by this pass, or by one that has come to its end
     */
    void summarise(FolderKey folder, PassId pass, PrimitiveIterator.OfLong uids);

    /** What is noted, in the order of UIDs, but for what this pass noted: of that it has to know which it copied itself. */
    void forEachSummarised(FolderKey folder, PassId but, LongConsumer uids);

    /** Those of {@code uids} that are noted, by whatever pass. */
    Set<Long> summarised(FolderKey folder, Collection<Long> uids);

    /**
     * Of an item's failures in one pass the first stays, but for {@link Reason#AMBIGUOUS}, which prevails over the others: what a holder that was thought dead says of an item later must not hide that the item may have arrived.
     */
    void failed(FolderKey folder, List<Failed> items);

    void forEachFailed(FolderKey folder, Consumer<Failed> items);

    /** These attempts settle nothing any more: from now on they read as retryable, so that the next pass tries their items again. */
    void forgive(FolderKey folder, List<Failed> attempts);

    /** Notes the Message-IDs of items, in folders where they tell which item is a revision of which. */
    void messageIds(FolderKey folder, Map<Long, String> ids);

    void forEachMessageId(FolderKey folder, BiConsumer<Long, String> ids);

    /**
     * What was carried of the flags of items, under a lease on their target folder. Of what is written for one item, the one of the highest epoch stays, and of those the one of the highest step: who lost the lease undoes nothing.
     *
     * @param epoch of the lease; 0 for what is inherited by items that nobody ever carried flags of
     * @param step  grows within an epoch; below {@link #FLAG_STEPS_MAX}
     */
    void flags(FolderKey folder, long epoch, int step, List<FollowedFlags> items);

    /** What was written of those of {@code uids} of which anything was. */
    Map<Long, FollowedFlags> flags(FolderKey folder, Collection<Long> uids);

    int FLAG_STEPS_MAX = 100_000;

    /** Claims target UIDs for items, before they are recorded. A claimed UID is never matched again. */
    void claim(TargetFolder target, long uidValidity, Map<Long, ItemKey> items);

    /** The claimed UIDs from {@code fromUid} on, in their order, and for whom: of two that claimed one UID, the first. */
    void forEachClaim(TargetFolder target, long uidValidity, long fromUid, BiConsumer<Long, ItemKey> claims);

    /** All of them in memory: for the end of a folder. */
    default Map<Long, ItemKey> claimed(TargetFolder target, long uidValidity, long fromUid) {
        Map<Long, ItemKey> claimed = new TreeMap<>();
        forEachClaim(target, uidValidity, fromUid, claimed::put);
        return claimed;
    }

    /** The highest claimed UID; empty where none is. */
    OptionalLong newestClaim(TargetFolder target, long uidValidity);

    /** @param failures oldest first */
    record Facts(Done done, List<Failed> failures) {
        public Facts {
            failures = List.copyOf(failures);
        }
    }

    /** How an item came to be done. */
    enum How {
        COPIED, SETTLED, ADOPTED,
        /** It was done in a former state of its folder's UIDs, and recognised. */
        REKEYED,
        ACCEPTED,
        /** It is a newer state of an item that was copied, and the migration leaves the first one. */
        REVISED
    }

    /**
     * @param targetUid 0 where the target did not tell it
     * @param flags     as the source gave them
     * @param dropped   those of them that the target refused to hold: the result warns of them
     */
    record Done(long uid, PassId pass, How how, Fingerprint fingerprint, TargetFolder target, long targetUidValidity, long targetUid, Set<String> flags, Set<String> dropped) {
        public Done {
            flags = Set.copyOf(flags);
            dropped = Set.copyOf(dropped);
        }
    }

    /**
     * One attempt that failed. Attempts are told apart by their pass.
     *
     * @param messageId may be null; hostile text
     * @param detail    cleaned
     */
    record Failed(long uid, PassId pass, Reason reason, String detail, boolean retryable, String messageId, long sizeBytes) {}

    /** What came of following an item's flags. */
    enum Followed {
        /** Nothing was to be carried. */
        SAME,
        /** A change of the source has come to the target. */
        CARRIED,
        /** The item is not in the target folder any more. */
        GONE,
        /** The target folder is not the one that the item went to: its UIDVALIDITY is another one, or it is gone. */
        FOLDER_CHANGED,
        /** It was changed on the target each time that we were about to. */
        CONTENDED,
        /** Nothing was done yet, and the base says nothing: the item took over from one that somebody else copied, with flags that nobody knows. */
        UNKNOWN
    }

    /**
     * What was last carried of an item's flags.
     *
     * @param pass    the last pass that had to do with them
     * @param refused what the target does not hold
     */
    record FollowedFlags(long uid, PassId pass, FlagBase base, Followed how, FlagSet refused) {}
}
