package io.carryall.control;

import io.carryall.control.JournalImport.Counted;
import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.ItemKey;
import io.carryall.core.item.PassId;
import io.carryall.core.item.SourceItem;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.journal.JournalEntry;
import io.carryall.core.journal.Merge.Conflict;
import io.carryall.core.journal.Merge.Verdict;
import io.carryall.core.journal.Merge;
import io.carryall.core.port.Items.Facts;
import io.carryall.core.port.Items;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Takes the facts of one pair from a journal into the ledger, a few hundred at a time; {@link Merge} decides which are new. For one thread. */
final class FactsImport {
    private static final int CHUNK = 500;
    private static final String SCAN = "journal";

    private final Items items;
    private final String mailbox;
    private final UnaryOperator<PassId> home;
    private final Merge.Conflicts conflicts;
    private final Runnable beforeWriting;

    private FolderId folder;
    private FolderKey key;
    private String path;
    private final List<Items.Done> someDone = new ArrayList<>();
    private final List<Items.Failed> someFailed = new ArrayList<>();
    private final List<SourceItem> someSeen = new ArrayList<>();
    private final Map<Long, String> someIds = new LinkedHashMap<>();
    private final List<JournalEntry.Flags> someFlags = new ArrayList<>();

    private final Set<FolderId> changed = new LinkedHashSet<>();
    private final Set<FolderId> done = new LinkedHashSet<>();
    private Counted counted = Counted.NONE;

    private record Window(TargetFolder target, long uidValidity) {}

    /**
     * @param mailbox       for words on conflicts
     * @param home          what passes of the journal are called here
     * @param beforeWriting throws where nothing may be written any more
     */
    FactsImport(Items items, String mailbox, UnaryOperator<PassId> home, Merge.Conflicts conflicts, Runnable beforeWriting) {
        this.items = items;
        this.mailbox = mailbox;
        this.home = home;
        this.conflicts = conflicts;
        this.beforeWriting = beforeWriting;
    }

    /** What was new, and known, in what has been written. */
    Counted counted() {
        return counted;
    }

    /** Folders, as the journal calls them, of which something new was written. */
    Set<FolderId> changed() {
        return changed;
    }

    /** Those of them of which something was done. */
    Set<FolderId> done() {
        return done;
    }

    /**
     * The facts that follow are of this folder.
     *
     * @param ofJournal as the journal calls it
     * @param here      where its facts go
     * @param shown     its path in the journal
     */
    void into(FolderId ofJournal, FolderKey here, String shown) {
        flush();
        folder = ofJournal;
        key = here;
        path = shown;
    }

    void take(JournalEntry entry) {
        if (entry instanceof JournalEntry.Done it) {
            someDone.add(it.fact());
        } else if (entry instanceof JournalEntry.Failed it) {
            someFailed.add(it.fact());
        } else if (entry instanceof JournalEntry.Seen it) {
            someSeen.addAll(it.items());
        } else if (entry instanceof JournalEntry.MessageId it) {
            someIds.put(it.uid(), it.id());
        } else if (entry instanceof JournalEntry.Flags it) {
            someFlags.add(it);
        }
        if (size() >= CHUNK) {
            flush();
        }
    }

    private int size() {
        return someDone.size() + someFailed.size() + someSeen.size() + someIds.size() + someFlags.size();
    }

    /** Writes what has been taken. */
    void flush() {
        if (size() == 0) {
            return;
        }
        beforeWriting.run();
        Set<Long> uids = new LinkedHashSet<>();
        someDone.forEach(fact -> uids.add(fact.uid()));
        someFailed.forEach(fact -> uids.add(fact.uid()));
        Map<Long, Facts> facts = uids.isEmpty() ? Map.of() : items.facts(key, uids);
        someSeen.forEach(item -> uids.add(item.uid()));
        Map<Long, SourceItem> seen = uids.isEmpty() ? Map.of() : items.seenAmong(key, uids);
        flushDone(facts, seen);
        flushFailed(facts);
        flushSeen(seen);
        flushFlags();
        if (!someIds.isEmpty()) {
            items.messageIds(key, someIds);
        }
        someDone.clear();
        someFailed.clear();
        someSeen.clear();
        someIds.clear();
        someFlags.clear();
    }

    /** Of copies that are known here as there, and of whose flags nothing is known here. What the holder of a lease writes of them stands above. */
    private void flushFlags() {
        List<Long> uids = someFlags.stream().map(entry -> entry.flags().uid()).toList();
        if (uids.isEmpty()) {
            return;
        }
        Map<Long, Facts> facts = items.facts(key, uids);
        Set<Long> known = items.flags(key, uids).keySet();
        List<Items.FollowedFlags> fresh = new ArrayList<>();
        for (JournalEntry.Flags entry : someFlags) {
            Items.FollowedFlags flags = entry.flags();
            Items.Done done = facts.containsKey(flags.uid()) ? facts.get(flags.uid()).done() : null;
            if (!known.contains(flags.uid()) && done != null && done.targetUid() == entry.targetUid()) {
                fresh.add(new Items.FollowedFlags(flags.uid(), home.apply(flags.pass()), flags.base(), flags.how(), flags.refused()));
            }
        }
        items.flags(key, 0, 0, fresh);
    }

    private void flushDone(Map<Long, Facts> facts, Map<Long, SourceItem> seen) {
        Map<Long, Items.Done> fresh = new LinkedHashMap<>();
        for (Items.Done fact : someDone) {
            Items.Done known = facts.containsKey(fact.uid()) ? facts.get(fact.uid()).done() : null;
            Verdict verdict = Merge.done(known, seen.get(fact.uid()), fact);
            if (verdict == Verdict.NEW) {
                fresh.putIfAbsent(fact.uid(), new Items.Done(fact.uid(), home.apply(fact.pass()), fact.how(), fact.fingerprint(), fact.target(), fact.targetUidValidity(), fact.targetUid(), fact.flags(), fact.dropped()));
            } else if (verdict == Verdict.TWICE) {
                conflicts.add(new Conflict("twice", mailbox, path, fact.uid(), "it was copied by both installations: UID " + known.targetUid() + " of " + known.target().folder() + ", and UID " + fact.targetUid() + " of " + fact.target().folder()));
            } else if (verdict == Verdict.ANOTHER) {
                conflicts.add(new Conflict("another-message", mailbox, path, fact.uid(), "the journal speaks of another message than the one that is known here under this UID: its fact is left out"));
            }
        }
        counted = counted.plus(new Counted(fresh.size(), someDone.size() - fresh.size(), 0, 0, 0));
        if (!fresh.isEmpty()) {
            claims(fresh.values());
            items.done(key, List.copyOf(fresh.values()));
            changed.add(folder);
            done.add(folder);
        }
    }

    private void claims(Collection<Items.Done> fresh) {
        Map<Window, Map<Long, ItemKey>> claimed = new LinkedHashMap<>();
        fresh.stream().filter(fact -> fact.targetUid() != 0)
                .forEach(fact -> claimed.computeIfAbsent(new Window(fact.target(), fact.targetUidValidity()), window -> new LinkedHashMap<>()).putIfAbsent(fact.targetUid(), key.item(fact.uid())));
        claimed.forEach((window, its) -> items.claim(window.target, window.uidValidity, its));
    }

    private void flushFailed(Map<Long, Facts> facts) {
        List<Items.Failed> fresh = new ArrayList<>();
        List<Items.Failed> forgiven = new ArrayList<>();
        for (Items.Failed there : someFailed) {
            Items.Failed fact = new Items.Failed(there.uid(), home.apply(there.pass()), there.reason(), there.detail(), there.retryable(), there.messageId(), there.sizeBytes());
            List<Items.Failed> known = facts.containsKey(fact.uid()) ? facts.get(fact.uid()).failures() : List.of();
            if (Merge.failed(known, fact) == Verdict.NEW) {
                fresh.add(fact);
            } else if (Merge.forgives(known, fact)) {
                forgiven.add(fact);
            }
        }
        if (!fresh.isEmpty()) {
            items.failed(key, fresh);
        }
        if (!forgiven.isEmpty()) {
            items.forgive(key, forgiven);
        }
        if (!fresh.isEmpty() || !forgiven.isEmpty()) {
            changed.add(folder);
        }
        counted = counted.plus(new Counted(0, 0, fresh.size(), 0, 0));
    }

    private void flushSeen(Map<Long, SourceItem> seen) {
        List<SourceItem> fresh = new ArrayList<>();
        for (SourceItem item : someSeen) {
            Verdict verdict = Merge.seen(seen.get(item.uid()), item);
            if (verdict == Verdict.NEW) {
                fresh.add(item);
            } else if (verdict == Verdict.ANOTHER) {
                conflicts.add(new Conflict("another-message", mailbox, path, item.uid(), "its size or date is not the one that is known here"));
            }
        }
        if (!fresh.isEmpty()) {
            items.seen(key, SCAN, fresh);
            changed.add(folder);
        }
        counted = counted.plus(new Counted(0, 0, 0, fresh.size(), 0));
    }
}
