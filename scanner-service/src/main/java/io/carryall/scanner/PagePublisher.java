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

/** Cuts what comes of one folder into pages and publishes them, several together where they come fast: so they travel, and are registered, together. For one thread. */
final class PagePublisher implements Consumer<SourceItem> {
    private static final int PAGES_TOGETHER_MAX = 16;
    /** From a slow server the copiers get what there is. */
    private static final long HELD_MILLIS_MAX = 200;

    private final Scanner.Parts parts;
    private final PassId pass;
    private final FolderKey folder;
    private final String scan;
    private final TargetFolder target;
    private final List<SourceItem> page = new ArrayList<>();
    private final List<ItemsPage> held = new ArrayList<>();
    private final Unconfirmed unconfirmed;
    private long heldFromMillis;
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
            hold();
        }
    }

    private void hold() {
        stopIfAsked();
        long now = parts.clock().monotonicMillis();
        heldFromMillis = held.isEmpty() ? now : heldFromMillis;
        held.add(new ItemsPage(pass, folder, scan, pages++, target, page));
        page.clear();
        if (held.size() == PAGES_TOGETHER_MAX || now - heldFromMillis >= HELD_MILLIS_MAX) {
            publish();
        }
    }

    private void stopIfAsked() {
        if (!parts.gate().isOpen(pass) || Thread.currentThread().isInterrupted()) {
            throw new PassStoppedException();
        }
    }

    private void publish() {
        Queue queue = parts.queue();
        long items = 0;
        long bytes = 0;
        for (ItemsPage one : held) {
            unconfirmed.add(queue.publish(one));
            items += one.items().size();
            bytes += one.items().stream().mapToLong(SourceItem::sizeBytes).sum();
        }
        held.clear();
        // For eyes: nobody waits for it.
        queue.publish(new Outcome(pass, folder.pair(), folder.folder(), Step.SCAN.word(), "found", items, bytes, null));
        parts.metrics().items(Step.SCAN, pass.migration(), items, bytes);
    }

    /** Publishes a page of items whose flags may have changed, and that went to that folder. */
    void flagged(TargetFolder where, List<Long> uids) {
        stopIfAsked();
        unconfirmed.add(parts.queue().publish(new ItemsPage(pass, folder, scan, pages++, where, List.of(), uids)));
    }

    /** Publishes what is left. Returns how many pages there were. */
    int finish() {
        if (!page.isEmpty()) {
            hold();
        }
        if (!held.isEmpty()) {
            publish();
        }
        return pages;
    }
}
