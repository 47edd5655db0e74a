package io.carryall.control;

import io.carryall.core.item.FolderKey;
import io.carryall.core.item.Reason;
import io.carryall.core.migration.MailboxPair;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Folders.Watermark;
import io.carryall.core.port.Items.Facts;
import io.carryall.core.port.Items.Failed;
import io.carryall.core.port.Ledger;
import io.carryall.core.port.Pairs.Pair;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Makes failed items of one pair eligible again. Their attempts are forgiven in the ledger, and each folder's watermark is told how many items are to be tried, so that the next scan queues them by their keys. May be repeated.
 * For one thread, once.
 */
final class Retry {
    private static final int CHUNK = 500;
    private static final int MARK_ATTEMPTS = 5;

    private final Ledger ledger;
    private final Reason reason;
    private final Map<Reason, Long> items = new EnumMap<>(Reason.class);

    /** @param reason of the newest attempt at an item; null: any */
    Retry(Ledger ledger, Reason reason) {
        this.ledger = ledger;
        this.reason = reason;
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
            new OfFolder(pair, new FolderKey(pair.id(), pair.generation(), folder.id(), folder.uidValidity())).run();
        }
        return new Retried(mailbox, items);
    }

    private final class OfFolder {
        private final Pair pair;
        private final FolderKey folder;
        private final List<List<Failed>> chunk = new ArrayList<>();
        private List<Failed> attempts = new ArrayList<>();
        private long forgiven;

        private OfFolder(Pair pair, FolderKey folder) {
            this.pair = pair;
            this.folder = folder;
        }

        void run() {
            ledger.items().forEachFailed(folder, this::attempt);
            endOfItem();
            endOfChunk();
            if (forgiven > 0) {
                tellWatermark();
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
            if (!attempts.isEmpty() && (reason == null || newest(attempts).reason() == reason)) {
                chunk.add(attempts);
            }
            attempts = new ArrayList<>();
            if (chunk.size() >= CHUNK) {
                endOfChunk();
            }
        }

        private void endOfChunk() {
            Map<Long, Facts> facts = chunk.isEmpty() ? Map.of() : ledger.items().facts(folder, chunk.stream().map(ofItem -> ofItem.get(0).uid()).toList());
            List<Failed> settling = new ArrayList<>();
            for (List<Failed> ofItem : chunk) {
                Facts known = facts.get(ofItem.get(0).uid());
                if (known == null || known.done() == null) {
                    items.merge(newest(ofItem).reason(), 1L, Long::sum);
                    forgiven += ofItem.stream().allMatch(Failed::retryable) ? 0 : 1;
                    ofItem.stream().filter(attempt -> !attempt.retryable()).forEach(settling::add);
                }
            }
            if (!settling.isEmpty()) {
                ledger.items().forgive(folder, settling);
            }
            chunk.clear();
        }

        /** After the facts: a watermark that says too little would hide them until the folder changes. Where there is none for this filter, the folder is walked over anyway. */
        private void tellWatermark() {
            for (int attempt = 0; attempt < MARK_ATTEMPTS; attempt++) {
                Watermark mark = ledger.folders().watermarks(pair.id(), pair.generation()).stream().filter(candidate -> candidate.folder().equals(folder.folder())).findFirst().orElse(null);
                if (mark == null) {
                    return;
                }
                long moved = Math.min(forgiven, mark.failed());
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
