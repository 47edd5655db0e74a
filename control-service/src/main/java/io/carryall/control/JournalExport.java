package io.carryall.control;

import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PassId;
import io.carryall.core.item.SourceItem;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.journal.JournalEntry;
import io.carryall.core.journal.JournalWriter;
import io.carryall.core.journal.PassOrigin;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Folders.Watermark;
import io.carryall.core.port.Intents.Intent;
import io.carryall.core.port.Items;
import io.carryall.core.port.Leases.Lease;
import io.carryall.core.port.Ledger;
import io.carryall.core.port.Pairs.Pair;
import io.carryall.core.port.Passes.Pass;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Writes a journal while passes run. Of each pair it is a state that the pair could have been found in: rows are only ever added, so it matters in which order they are read.
 *
 * <ul>
 *   <li>What says that something is finished (completed passes, watermarks) is read before what it speaks of: the facts that it relies on were durable before it, and so are in the file.
 *   <li>Open intents are read before what is done: an item that was on its way at the beginning is in the file as in doubt, or as done, or as both. So whatever can have been on the target when the pair was begun is in it.
 *   <li>What was seen is read after what is done: an item is seen before it is done.
 * </ul>
 *
 * Pages are left out: what they hold is neither done nor failed, above the watermark, and the next scan finds it. For one thread, once; memory holds the folders of one pair.
 */
final class JournalExport {
    private static final int SEEN_ITEMS = 256;
    private static final int FIRST_UID = 0;

    private final Ledger ledger;
    private final JournalWriter journal;
    private final Map<PassId, PassId> abroad = new HashMap<>();

    JournalExport(Ledger ledger, OutputStream out) {
        this.ledger = ledger;
        this.journal = new JournalWriter(out);
    }

    JournalEntry.End finish() {
        return journal.finish();
    }

    void pair(Pair pair) {
        Set<PassId> completed = ledger.pairs().completedPasses(pair.id(), pair.generation());
        List<Watermark> marks = ledger.folders().watermarks(pair.id(), pair.generation());
        List<Folder> folders = ledger.folders().of(pair.id(), pair.generation());
        journal.write(new JournalEntry.Pair(pair.id(), pair.generation(), pair.name()));
        completed.forEach(pass -> journal.write(new JournalEntry.Completed(abroad(pass))));
        folders.forEach(folder -> journal.write(new JournalEntry.SourceFolder(folder)));
        marks.stream().filter(mark -> folders.stream().anyMatch(folder -> folder.id().equals(mark.folder()))).forEach(mark -> journal.write(new JournalEntry.Mark(mark)));
        doubts(pair, folders);
        for (Folder folder : folders) {
            Stream.concat(Stream.of(folder.uidValidity()), folder.former().stream()).distinct().filter(state -> state != FolderKey.NO_STATE).forEach(state -> facts(new FolderKey(pair.id(), pair.generation(), folder.id(), state)));
        }
        journal.endPair();
    }

    private PassId abroad(PassId pass) {
        return abroad.computeIfAbsent(pass, known -> PassOrigin.abroad(known, PassOrigin.isForeign(known) ? null : startedAt(known).orElse(null)));
    }

    private Optional<Instant> startedAt(PassId pass) {
        return ledger.passes().get(pass).map(Pass::startedAt);
    }

    /** What may have been appended and is not recorded: of all target folders first, then whose the UIDs are among which it would be looked for. */
    private void doubts(Pair pair, List<Folder> folders) {
        List<Intent> open = new ArrayList<>();
        for (TargetFolder target : new HashSet<>(folders.stream().map(Folder::target).toList())) {
            Lease lease = ledger.leases().read(target).orElse(null);
            if (lease != null && lease.settledEpoch() < lease.epoch()) {
                ledger.intents().open(target, lease.settledEpoch() + 1, lease.epoch()).stream()
                        .filter(intent -> intent.source().pair().equals(pair.id()) && intent.source().generation() == pair.generation() && isKnown(folders, intent)).forEach(open::add);
            }
        }
        open.forEach(intent -> journal.write(new JournalEntry.InDoubt(intent.target(), abroad(intent.pass()), intent.source().folder(), intent.source().uidValidity(), intent.targetUidValidity(), intent.uidNextLow(), intent.items())));
        Map<Window, Long> lows = new HashMap<>();
        open.forEach(intent -> lows.merge(new Window(intent.target(), intent.targetUidValidity()), intent.uidNextLow(), Math::min));
        lows.forEach((window, low) -> ledger.items().claimed(window.target(), window.uidValidity(), low)
                .forEach((uid, item) -> journal.write(new JournalEntry.Claim(window.target(), window.uidValidity(), uid, item))));
    }

    private static boolean isKnown(List<Folder> folders, Intent intent) {
        return folders.stream().anyMatch(folder -> folder.id().equals(intent.source().folder()));
    }

    private record Window(TargetFolder target, long uidValidity) {}

    private void facts(FolderKey key) {
        journal.write(new JournalEntry.State(key.folder(), key.uidValidity()));
        DoneRun done = new DoneRun(key);
        ledger.items().forEachDone(key, FIRST_UID, done);
        done.flush();
        ledger.items().forEachFailed(key, fact -> journal.write(new JournalEntry.Failed(
                new Items.Failed(fact.uid(), abroad(fact.pass()), fact.reason(), fact.detail(), fact.retryable(), fact.messageId(), fact.sizeBytes()))));
        SeenRun seen = new SeenRun();
        ledger.items().forEachSeen(key, FIRST_UID, seen);
        seen.flush();
        ledger.items().forEachMessageId(key, (uid, id) -> journal.write(new JournalEntry.MessageId(uid, id)));
    }

    /** What is done, and behind some of it at a time what was carried of its flags since. */
    private final class DoneRun implements Consumer<Items.Done> {
        private final FolderKey key;
        private final Map<Long, Long> targetUids = new HashMap<>();

        DoneRun(FolderKey key) {
            this.key = key;
        }

        @Override
        public void accept(Items.Done fact) {
            journal.write(new JournalEntry.Done(
                    new Items.Done(fact.uid(), abroad(fact.pass()), fact.how(), fact.fingerprint(), fact.target(), fact.targetUidValidity(), fact.targetUid(), fact.flags(), fact.dropped())));
            targetUids.put(fact.uid(), fact.targetUid());
            if (targetUids.size() >= SEEN_ITEMS) {
                flush();
            }
        }

        void flush() {
            if (!targetUids.isEmpty()) {
                ledger.items().flags(key, targetUids.keySet()).forEach((uid, flags) -> journal.write(new JournalEntry.Flags(targetUids.get(uid),
                        new Items.FollowedFlags(uid, abroad(flags.pass()), flags.base(), flags.how(), flags.refused()))));
                targetUids.clear();
            }
        }
    }

    /** Several items a line. */
    private final class SeenRun implements Consumer<SourceItem> {
        private List<SourceItem> run = new ArrayList<>();

        @Override
        public void accept(SourceItem item) {
            run.add(item);
            if (run.size() >= SEEN_ITEMS) {
                flush();
            }
        }

        void flush() {
            if (!run.isEmpty()) {
                journal.write(new JournalEntry.Seen(run));
                run = new ArrayList<>();
            }
        }
    }
}
