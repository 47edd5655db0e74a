package io.carryall.core.journal;

import io.carryall.core.item.FolderId;
import io.carryall.core.item.ItemKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PairName;
import io.carryall.core.item.PassId;
import io.carryall.core.item.SourceItem;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Folders.Watermark;
import io.carryall.core.port.Intents;
import io.carryall.core.port.Items;
import java.util.List;

/** One line of a journal. docs/journal.md has the grammar; {@link JournalReader} holds files to their order. */
public sealed interface JournalEntry {

    /** What follows is of this pair, until its end. {@code id} and {@code generation} are those of the installation that wrote it. */
    record Pair(PairId id, int generation, PairName name) implements JournalEntry {}

    /** The pair has completed this pass. */
    record Completed(PassId pass) implements JournalEntry {}

    record SourceFolder(Folder folder) implements JournalEntry {}

    record Mark(Watermark watermark) implements JournalEntry {}

    /** A group that may have been appended when the file was written, and is not recorded as done. */
    record InDoubt(TargetFolder target, PassId pass, FolderId folder, long uidValidity, long targetUidValidity, long uidNextLow, List<Intents.Item> items) implements JournalEntry {
        public InDoubt {
            items = List.copyOf(items);
        }
    }

    /** Whose a UID is in a target folder that holds something in doubt: who settles it has to know. The pair of {@code item} may be another one than that of the section. */
    record Claim(TargetFolder target, long targetUidValidity, long targetUid, ItemKey item) implements JournalEntry {}

    /** The facts that follow are of this folder in this state of its UIDs. */
    record State(FolderId folder, long uidValidity) implements JournalEntry {}

    record Done(Items.Done fact) implements JournalEntry {}

    /** What was last carried of the flags of an item whose copy has that UID: behind its {@link Done}. Who knows of another copy has no use for it. */
    record Flags(long targetUid, Items.FollowedFlags flags) implements JournalEntry {}

    record Failed(Items.Failed fact) implements JournalEntry {}

    record Seen(List<SourceItem> items) implements JournalEntry {
        public Seen {
            items = List.copyOf(items);
        }
    }

    record MessageId(long uid, String id) implements JournalEntry {}

    /** The end of a pair, and how many of each it had. */
    record PairEnd(Counts counts) implements JournalEntry {}

    /** The end of the file. */
    record End(long pairs, Counts counts) implements JournalEntry {}

    /** How many of each: {@code seen} counts items, {@code inDoubt} too. */
    record Counts(long folders, long done, long failed, long seen, long inDoubt) {
        public static final Counts NONE = new Counts(0, 0, 0, 0, 0);

        public Counts plus(Counts more) {
            return new Counts(folders + more.folders, done + more.done, failed + more.failed, seen + more.seen, inDoubt + more.inDoubt);
        }

        Counts and(JournalEntry entry) {
            if (entry instanceof SourceFolder) {
                return plus(new Counts(1, 0, 0, 0, 0));
            }
            if (entry instanceof Done) {
                return plus(new Counts(0, 1, 0, 0, 0));
            }
            if (entry instanceof Failed) {
                return plus(new Counts(0, 0, 1, 0, 0));
            }
            if (entry instanceof Seen seen) {
                return plus(new Counts(0, 0, 0, seen.items().size(), 0));
            }
            return entry instanceof InDoubt doubt ? plus(new Counts(0, 0, 0, 0, doubt.items().size())) : this;
        }
    }
}
