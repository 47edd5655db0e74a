package io.carryall.scanner;

import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PassId;
import io.carryall.core.item.SourceItem;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Queue;
import io.carryall.core.record.PipelineRecord.ItemsPage;
import io.carryall.core.record.PipelineRecord.Outcome;
import io.carryall.runtime.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Cuts what comes of one folder into pages and publishes them. For one thread. */
final class PagePublisher implements Consumer<SourceItem> {
    private final Scanner.Parts parts;
    private final PassId pass;
    private final FolderKey folder;
    private final String scan;
    private final TargetFolder target;
    private final List<SourceItem> page = new ArrayList<>();
    private final Unconfirmed unconfirmed;
    private int pages;

    PagePublisher(Scanner.Parts parts, PassId pass, FolderKey folder, String scan, TargetFolder target, Unconfirmed unconfirmed) {
        this.parts = parts;
        this.pass = pass;
        this.folder = folder;
        this.scan = scan;
        this.target = target;
        this.unconfirmed = unconfirmed;
    }

    /** @throws PassStoppedException between two pages */
    @Override
    public void accept(SourceItem item) {
        page.add(item);
        if (page.size() >= parts.settings().pageItems()) {
            publish();
        }
    }

    private void stopIfAsked() {
        if (!parts.gate().isOpen(pass) || Thread.currentThread().isInterrupted()) {
            throw new PassStoppedException();
        }
    }

    private void publish() {
        stopIfAsked();
        Queue queue = parts.queue();
        long bytes = page.stream().mapToLong(SourceItem::sizeBytes).sum();
        unconfirmed.add(queue.publish(new ItemsPage(pass, folder, scan, pages++, target, page)));
        // For eyes: nobody waits for it.
        queue.publish(new Outcome(pass, folder.pair(), folder.folder(), Step.SCAN.word(), "found", page.size(), bytes, null));
        parts.metrics().items(Step.SCAN, pass.migration(), page.size(), bytes);
        page.clear();
    }

    /** Publishes a page of items whose flags may have changed, and that went to that folder. */
    void flagged(TargetFolder where, List<Long> uids) {
        stopIfAsked();
        unconfirmed.add(parts.queue().publish(new ItemsPage(pass, folder, scan, pages++, where, List.of(), uids)));
    }

    /** Publishes what is left. Returns how many pages there were. */
    int finish() {
        if (!page.isEmpty()) {
            publish();
        }
        return pages;
    }
}
