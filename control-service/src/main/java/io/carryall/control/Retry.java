package io.carryall.control;

import io.carryall.control.Operator.Choice;
import io.carryall.core.item.Fingerprint;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.item.SourceItem;
import io.carryall.core.migration.MailboxPair;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Folders.Watermark;
import io.carryall.core.port.Items.Done;
import io.carryall.core.port.Items.Facts;
import io.carryall.core.port.Items.Failed;
import io.carryall.core.port.Items.How;
import io.carryall.core.port.Ledger;
import io.carryall.core.port.Pairs.Pair;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes failed items of one pair eligible again. Their attempts are forgiven in the ledger, and each folder's watermark is told how many items are to be tried, so that the next scan queues them by their keys. Or takes them for arrived: then
 * they are done, and the watermark has the next scan count them anew. May be repeated. For one thread, once.
 */
final class Retry {
    private static final int CHUNK = 500;
    private static final int MARK_ATTEMPTS = 5;

    private final Ledger ledger;
    private final Choice choice;
    private final Map<Reason, Long> items = new EnumMap<>(Reason.class);

    Retry(Ledger ledger, Choice choice) {
        this.ledger = ledger;
        this.choice = choice;
    }

    /**
     * What came of it for one pair.
     *
     * @param items how many items the next pass tries, by the reason of the newest attempt
     */
    record Retried(MailboxPair mailbox, Map<Reason, Long> items) {
        long sum() {
            return items.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    Retried run(MailboxPair mailbox, Pair pair) {
        for (Folder folder : ledger.folders().of(pair.id(), pair.generation())) {
            if (choice.has(folder)) {
                new OfFolder(pair, folder).run();
            }
        }
        return new Retried(mailbox, items);
    }

    private final class OfFolder {
        private final Pair pair;
        private final Folder row;
        private final FolderKey folder;
        private final List<List<Failed>> chunk = new ArrayList<>();
        private List<Failed> attempts = new ArrayList<>();
        private long forgiven;

        private OfFolder(Pair pair, Folder row) {
            this.pair = pair;
            this.row = row;
            this.folder = new FolderKey(pair.id(), pair.generation(), row.id(), row.uidValidity());
        }

        void run() {
            ledger.items().forEachFailed(folder, this::attempt);
            endOfItem();
            endOfChunk();
            if (forgiven > 0) {
                tellWatermark(forgiven);
            }
        }

        /** Those of one item come one after another, the oldest first. */
        private void attempt(Failed attempt) {
            if (!attempts.isEmpty() && attempts.get(0).uid() != attempt.uid()) {
                endOfItem();
            }
            attempts.add(attempt);
        }

        private void endOfItem() {
            if (!attempts.isEmpty() && choice.has(newest(attempts))) {
                chunk.add(attempts);
            }
            attempts = new ArrayList<>();
            if (chunk.size() >= CHUNK) {
                endOfChunk();
            }
        }

        private void endOfChunk() {
            Map<Long, Facts> facts = chunk.isEmpty() ? Map.of() : ledger.items().facts(folder, chunk.stream().map(ofItem -> ofItem.get(0).uid()).toList());
            List<List<Failed>> failed = chunk.stream().filter(ofItem -> !isDone(facts.get(ofItem.get(0).uid()))).toList();
            failed.forEach(ofItem -> items.merge(newest(ofItem).reason(), 1L, Long::sum));
            long settled = failed.stream().filter(ofItem -> !ofItem.stream().allMatch(Failed::retryable)).count();
            if (choice.accept()) {
                accept(failed, settled);
            } else {
                forgive(failed.stream().flatMap(List::stream).filter(attempt -> !attempt.retryable()).toList(), settled);
            }
            chunk.clear();
        }

        private static boolean isDone(Facts known) {
            return known != null && known.done() != null;
        }

        private void forgive(List<Failed> settling, long settled) {
            if (!settling.isEmpty()) {
                ledger.items().forgive(folder, settling);
                forgiven += settled;
            }
        }

        /** The watermark comes first: what is done by then is not failed to who repeats this. */
        private void accept(List<List<Failed>> failed, long settled) {
            if (settled > 0) {
                tellWatermark(settled);
            }
            Map<Long, Failed> arrived = new HashMap<>();
            failed.forEach(ofItem -> arrived.put(newest(ofItem).uid(), newest(ofItem)));
            Map<Long, SourceItem> seen = ledger.items().seenAmong(folder, arrived.keySet());
            ledger.items().done(folder, seen.values().stream().map(item -> accepted(item, arrived.get(item.uid()).pass())).toList());
        }

        /** Which message of the target it is nobody knows. */
        private Done accepted(SourceItem item, PassId pass) {
            return new Done(item.uid(), pass, How.ACCEPTED, new Fingerprint(item.sizeBytes(), item.dateEpochSecond(), "", ""), row.target(), 0, 0, Set.of(), Set.of());
        }

        /** After the facts, where they are forgiven: a watermark that says too little would hide them until the folder changes. Where there is none for this filter, the folder is walked over anyway. */
        private void tellWatermark(long items) {
            for (int attempt = 0; attempt < MARK_ATTEMPTS; attempt++) {
                Watermark mark = ledger.folders().watermarks(pair.id(), pair.generation()).stream().filter(candidate -> candidate.folder().equals(folder.folder())).findFirst().orElse(null);
                if (mark == null) {
                    return;
                }
                long moved = Math.min(items, mark.failed());
                Watermark next = new Watermark(mark.folder(), mark.status(), mark.filterHash(), mark.scan(), mark.found(), mark.done(), mark.excluded(), mark.failed() - moved, mark.retry() + moved,
                        mark.flagsModSeq());
                if (next.equals(mark) || ledger.folders().putWatermark(pair.id(), pair.generation(), mark, next)) {
                    return;
                }
            }
        }
    }

    private static Failed newest(List<Failed> ofItem) {
        return ofItem.get(ofItem.size() - 1);
    }
}
