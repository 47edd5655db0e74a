package io.carryall.scanner;

import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PassId;
import io.carryall.core.item.SourceItem;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Queue;
import io.carryall.core.record.PipelineRecord.ItemsPage;
import io.carryall.core.record.PipelineRecord.Outcome;
import io.carryall.runtime.Step;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/** Cuts what comes of one folder into pages and publishes them. At most {@value #UNCONFIRMED_MAX} pages are unconfirmed; then it waits, and with it the mail server. For one thread. */
final class PagePublisher implements Consumer<SourceItem> {
    private static final int UNCONFIRMED_MAX = 32;

    private final Scanner.Parts parts;
    private final PassId pass;
    private final FolderKey folder;
    private final String scan;
    private final TargetFolder target;
    private final List<SourceItem> page = new ArrayList<>();
    private final ArrayDeque<CompletableFuture<Void>> unconfirmed = new ArrayDeque<>();
    private int pages;

    PagePublisher(Scanner.Parts parts, PassId pass, FolderKey folder, String scan, TargetFolder target) {
        this.parts = parts;
        this.pass = pass;
        this.folder = folder;
        this.scan = scan;
        this.target = target;
    }

    /** @throws PassStoppedException between two pages */
    @Override
    public void accept(SourceItem item) {
        page.add(item);
        if (page.size() >= parts.settings().pageItems()) {
            publish();
        }
    }

    private void publish() {
        if (!parts.gate().isOpen(pass) || Thread.currentThread().isInterrupted()) {
            throw new PassStoppedException();
        }
        Queue queue = parts.queue();
        long bytes = page.stream().mapToLong(SourceItem::sizeBytes).sum();
        unconfirmed.addLast(queue.publish(new ItemsPage(pass, folder, scan, pages++, target, page)));
        // For eyes: nobody waits for it.
        queue.publish(new Outcome(pass, folder.pair(), folder.folder(), Step.SCAN.word(), "found", page.size(), bytes, null));
        parts.metrics().items(Step.SCAN, pass.migration(), page.size(), bytes);
        page.clear();
        while (unconfirmed.size() > UNCONFIRMED_MAX) {
            unconfirmed.removeFirst().join();
        }
    }

    /**
     * Publishes what is left and waits until all pages are durable.
     *
     * @return how many there were
     * @throws CompletionException of a {@code QueueException}
     */
    int finish() {
        if (!page.isEmpty()) {
            publish();
        }
        unconfirmed.forEach(CompletableFuture::join);
        return pages;
    }
}
