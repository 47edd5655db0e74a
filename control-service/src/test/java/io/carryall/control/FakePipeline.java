package io.carryall.control;

import io.carryall.core.item.Fingerprint;
import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.item.SourceItem;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Items.Done;
import io.carryall.core.port.Items.Failed;
import io.carryall.core.port.Items.How;
import io.carryall.core.port.Ledger;
import io.carryall.core.port.Passes.PassPair;
import io.carryall.core.port.Queue;
import io.carryall.core.record.FolderStatus;
import io.carryall.core.record.PageRef;
import io.carryall.core.record.PipelineRecord.CopyPage;
import io.carryall.core.record.PipelineRecord.Failure;
import io.carryall.core.record.PipelineRecord.FolderEnd;
import io.carryall.core.record.PipelineRecord.LookRequest;
import io.carryall.core.record.PipelineRecord.Outcome;
import io.carryall.core.record.PipelineRecord.ScanEnd;
import io.carryall.core.record.PipelineRecord.ScanRequest;
import io.carryall.core.record.PipelineRecord.StandingFolder;
import io.carryall.core.record.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands for scanner, ledger and copier: one INBOX a mailbox, one page a scan. Writes the rows that they would write. */
final class FakePipeline implements AutoCloseable {
    private static final long UID_VALIDITY = 7;

    private final Ledger ledger;
    private final Queue queue;
    private final Thread thread;
    private final Map<String, Mailbox> mailboxes = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** What is in a mailbox, and what goes wrong with it. */
    static final class Mailbox {
        final List<SourceItem> items = new ArrayList<>();
        volatile Failure scanFails;
        volatile Reason parks;
        volatile boolean hangs;
        /** Nothing changed since the pass before. */
        volatile boolean stands;
        final AtomicInteger requestsLost = new AtomicInteger();
        final Map<Long, Reason> refused = new ConcurrentHashMap<>();

        Mailbox with(int items) {
            for (int i = 0; i < items; i++) {
                this.items.add(new SourceItem(this.items.size() + 1, 100, 0));
            }
            return this;
        }
    }

    FakePipeline(Ledger ledger, Queue queue) {
        this.ledger = ledger;
        this.queue = queue;
        this.thread = new Thread(this::run, "fake-pipeline");
        thread.start();
    }

    Mailbox mailbox(String source) {
        return mailboxes.computeIfAbsent(source, name -> new Mailbox());
    }

    private void run() {
        try (Queue.Consumer consumer = queue.subscribe(Topic.SCANS, "fake-pipeline", 10_000)) {
            while (!closed) {
                for (Queue.Delivery delivery : consumer.poll(Duration.ofMillis(20))) {
                    if (delivery.record() instanceof LookRequest looks) {
                        ledger.passes().pairs(looks.pass(), looks.pairs()).forEach(pair -> scan(new ScanRequest(looks.pass(), pair.pair(), pair.generation())));
                    } else {
                        scan((ScanRequest) delivery.record());
                    }
                    delivery.acknowledge();
                }
            }
        }
    }

    private void scan(ScanRequest request) {
        PassPair pair = ledger.passes().pair(request.pass(), request.pair()).orElseThrow();
        Mailbox mailbox = mailbox(pair.source());
        if (mailbox.requestsLost.getAndDecrement() > 0) {
            return;
        }
        String scan = "scan-" + System.nanoTime();
        if (mailbox.scanFails != null) {
            end(request, new ScanEnd(request.pass(), request.pair(), request.generation(), scan, List.of(), List.of(), List.of(), List.of(), mailbox.scanFails));
            return;
        }
        FolderId inbox = new FolderId("inbox");
        if (mailbox.stands && !pair.full()) {
            int items = mailbox.items.size();
            end(request, new ScanEnd(request.pass(), request.pair(), request.generation(), scan, List.of(), List.of(inbox), List.of(), List.of(), null, List.of(new StandingFolder("INBOX", "INBOX", items, items, 0))));
            return;
        }
        FolderKey key = new FolderKey(request.pair(), request.generation(), inbox, UID_VALIDITY);
        TargetFolder target = new TargetFolder("new/" + pair.target(), "INBOX");
        ledger.folders().put(request.pair(), request.generation(), new Folder(inbox, "INBOX", "INBOX", "INBOX", target, UID_VALIDITY));
        ledger.items().seen(key, scan, mailbox.items);
        CopyPage page = new CopyPage(request.pass(), key, scan, 0, target, mailbox.items);
        ledger.pages().put(page);
        ledger.folders().folderEnded(new FolderEnd(request.pass(), key, scan, new FolderStatus(UID_VALIDITY, mailbox.items.size() + 1, 0, mailbox.items.size()), 1));
        // In this order, so that a test that hears of what was found may stop the pass and go on with this scan.
        ledger.folders().scanEnded(new ScanEnd(request.pass(), request.pair(), request.generation(), scan, List.of(inbox), List.of(), List.of(), List.of(), null));
        outcome(request.pass(), request.pair(), "found", mailbox.items.size());
        outcome(request.pass(), request.pair(), "scan-end", 0);
        if (!mailbox.hangs) {
            copy(request, mailbox, page);
        }
    }

    private void end(ScanRequest request, ScanEnd end) {
        ledger.folders().scanEnded(end);
        outcome(request.pass(), request.pair(), "scan-end", 0);
    }

    /** Copies what was published again. */
    void copyOpenPages() {
        try (Queue.Consumer consumer = queue.subscribe(Topic.COPIES, "fake-pipeline", 10_000)) {
            for (Queue.Delivery delivery : consumer.poll(Duration.ofMillis(200))) {
                CopyPage page = (CopyPage) delivery.record();
                String source = ledger.passes().pair(page.pass(), page.folder().pair()).orElseThrow().source();
                copy(new ScanRequest(page.pass(), page.folder().pair(), page.folder().generation()), mailbox(source), page);
                delivery.acknowledge();
            }
        }
    }

    private void copy(ScanRequest request, Mailbox mailbox, CopyPage page) {
        if (mailbox.parks != null) {
            ledger.pages().park(page.ref(), Instant.MAX, mailbox.parks, "no room");
            outcome(request.pass(), request.pair(), "parked", page.items().size());
            return;
        }
        Map<Long, Done> done = new TreeMap<>();
        for (SourceItem item : page.items()) {
            Reason refused = mailbox.refused.get(item.uid());
            if (refused != null) {
                ledger.items().failed(page.folder(), List.of(new Failed(item.uid(), request.pass(), refused, "the server said no", refused.retryable(), "<" + item.uid() + "@x>", item.sizeBytes())));
            } else {
                done.put(item.uid(), new Done(item.uid(), request.pass(), How.COPIED, new Fingerprint(item.sizeBytes(), 0, "h", "c" + item.uid()), page.target(), 1, item.uid(), Set.of(), Set.of()));
            }
        }
        ledger.items().done(page.folder(), List.copyOf(done.values()));
        ledger.pages().settled(new PageRef(request.pass(), page.folder(), page.scan(), page.seq()));
        outcome(request.pass(), request.pair(), "migrated", done.size());
        outcome(request.pass(), request.pair(), "page-settled", page.items().size());
    }

    private void outcome(PassId pass, PairId pair, String what, long items) {
        queue.publish(new Outcome(pass, pair, new FolderId("inbox"), "copy", what, items, items * 100, null));
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        thread.join();
    }
}
