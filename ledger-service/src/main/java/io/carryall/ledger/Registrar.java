package io.carryall.ledger;

import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PassId;
import io.carryall.core.item.SourceItem;
import io.carryall.core.port.Items.Facts;
import io.carryall.core.port.Ledger;
import io.carryall.core.port.Queue;
import io.carryall.core.record.PipelineRecord;
import io.carryall.core.record.PipelineRecord.CopyPage;
import io.carryall.core.record.PipelineRecord.FolderEnd;
import io.carryall.core.record.PipelineRecord.ItemsPage;
import io.carryall.core.record.PipelineRecord.Outcome;
import io.carryall.core.record.PipelineRecord.ScanEnd;
import io.carryall.core.register.Register;
import io.carryall.runtime.PassContext;
import io.carryall.runtime.PassContexts;
import io.carryall.runtime.Step;
import io.carryall.runtime.StepLoop;
import io.carryall.runtime.StepMetrics;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Registers what scans found. When it returns, all of it is durable. Thread-safe. */
public final class Registrar implements StepLoop.Handler {
    private static final System.Logger LOG = System.getLogger(Registrar.class.getName());

    private final Ledger ledger;
    private final Queue queue;
    private final PassContexts contexts;
    private final StepMetrics metrics;

    public Registrar(Ledger ledger, Queue queue, PassContexts contexts, StepMetrics metrics) {
        this.ledger = ledger;
        this.queue = queue;
        this.contexts = contexts;
        this.metrics = metrics;
    }

    @Override
    public void handle(PipelineRecord record) {
        if (record instanceof ItemsPage page) {
            register(page);
        } else if (record instanceof FolderEnd end) {
            ledger.folders().folderEnded(end);
            tell(end.pass(), end.folder(), "folder-end", 0, 0);
        } else if (record instanceof ScanEnd end) {
            ledger.folders().scanEnded(end);
            String reason = end.failure() == null ? null : end.failure().reason().word();
            queue.publish(new Outcome(end.pass(), end.pair(), null, Step.REGISTER.word(), "scan-end", 0, 0, reason));
        }
    }

    private void register(ItemsPage page) {
        Optional<PassContext> pass = contexts.get(page.pass());
        if (pass.isEmpty()) {
            LOG.log(Level.WARNING, "the ledger knows no pass {0}: a page of it is passed over", page.pass());
            return;
        }
        if (!page.flagged().isEmpty()) {
            registerFlags(page);
            return;
        }
        // What a summary tells of was seen and is done: of a folder that is only looked over again, that is all.
        Set<Long> done = ledger.items().summarised(page.folder(), page.items().stream().map(SourceItem::uid).toList());
        List<SourceItem> others = done.isEmpty() ? page.items() : page.items().stream().filter(item -> !done.contains(item.uid())).toList();
        Map<Long, Facts> facts = others.isEmpty() ? Map.of() : ledger.items().facts(page.folder(), others.stream().map(SourceItem::uid).toList());
        Register register = Register.of(page.items(), done, facts, pass.get().itemFilter(), page.pass());
        if (!others.isEmpty()) {
            ledger.items().seen(page.folder(), page.scan(), others);
        }
        CopyPage copy = new CopyPage(page.pass(), page.folder(), page.scan(), page.seq(), page.target(), register.toCopy().items());
        ledger.pages().put(copy);
        if (copy.items().isEmpty()) {
            // It may stand there open: when it came before, and was not published, and another pass has copied its items since.
            ledger.pages().settled(copy.ref());
        } else {
            queue.publish(copy).join();
        }
        tell(page, register);
    }

    /** What is to be done with each, the copier asks when it is at it. */
    private void registerFlags(ItemsPage page) {
        CopyPage copy = new CopyPage(page.pass(), page.folder(), page.scan(), page.seq(), page.target(), List.of(), page.flagged());
        ledger.pages().put(copy);
        queue.publish(copy).join();
    }

    private void tell(ItemsPage page, Register register) {
        long bytes = page.items().stream().mapToLong(SourceItem::sizeBytes).sum();
        metrics.items(Step.REGISTER, page.pass().migration(), page.items().size(), bytes);
        tell(page.pass(), page.folder(), "to-copy", register.toCopy().items().size(), register.toCopy().bytes());
        tell(page.pass(), page.folder(), "already-there", register.alreadyThere().items(), register.alreadyThere().bytes());
        tell(page.pass(), page.folder(), "excluded", register.excluded().items(), register.excluded().bytes());
        tell(page.pass(), page.folder(), "failed", register.failed().items(), register.failed().bytes());
        if (register.toCopy().items().isEmpty()) {
            queue.publish(outcome(page.pass(), page.folder(), "page-settled", page.items().size(), bytes));
        }
    }

    /** For eyes: nobody waits for it. */
    private void tell(PassId pass, FolderKey folder, String what, long items, long bytes) {
        if (items > 0 || what.equals("folder-end")) {
            queue.publish(outcome(pass, folder, what, items, bytes));
        }
    }

    private static Outcome outcome(PassId pass, FolderKey folder, String what, long items, long bytes) {
        return new Outcome(pass, folder.pair(), folder.folder(), Step.REGISTER.word(), what, items, bytes, null);
    }
}
