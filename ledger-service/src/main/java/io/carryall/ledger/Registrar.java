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
import io.carryall.core.register.Register.Part;
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
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Registers what scans found. When it returns, all of it is durable. Pages of one folder that came together are registered together: for the ledger a statement costs much, and what it reads or writes little. Thread-safe. */
public final class Registrar implements StepLoop.Handler {
    private static final System.Logger LOG = System.getLogger(Registrar.class.getName());
    /** With 256 items a page half a bucket of the ledger, and about 120 KB in one write. */
    private static final int PAGES_TOGETHER_MAX = 16;

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
    public int runMax() {
        return PAGES_TOGETHER_MAX;
    }

    @Override
    public void handle(List<PipelineRecord> run) {
        for (int from = 0; from < run.size(); ) {
            int to = from + 1;
            while (to < run.size() && run.get(from) instanceof ItemsPage page && run.get(to) instanceof ItemsPage next && isOfOneScan(page, next)) {
                to++;
            }
            if (to - from > 1) {
                register(run.subList(from, to).stream().map(ItemsPage.class::cast).toList());
            } else {
                handle(run.get(from));
            }
            from = to;
        }
    }

    private static boolean isOfOneScan(ItemsPage page, ItemsPage next) {
        return page.flagged().isEmpty() && next.flagged().isEmpty() && page.scan().equals(next.scan()) && page.pass().equals(next.pass()) && page.folder().equals(next.folder());
    }

    @Override
    public void handle(PipelineRecord record) {
        if (record instanceof ItemsPage page && !page.flagged().isEmpty()) {
            registerFlags(page);
        } else if (record instanceof ItemsPage page) {
            register(List.of(page));
        } else if (record instanceof FolderEnd end) {
            ledger.folders().folderEnded(end);
            tell(end.pass(), end.folder(), "folder-end", 0, 0);
        } else if (record instanceof ScanEnd end) {
            ledger.folders().scanEnded(end);
            String reason = end.failure() == null ? null : end.failure().reason().word();
            queue.publish(new Outcome(end.pass(), end.pair(), null, Step.REGISTER.word(), "scan-end", 0, 0, reason));
        }
    }

    /** @param pages of one scan of one folder */
    private void register(List<ItemsPage> pages) {
        ItemsPage any = pages.get(0);
        Optional<PassContext> pass = pass(any);
        if (pass.isEmpty()) {
            return;
        }
        FolderKey folder = any.folder();
        List<SourceItem> items = pages.size() == 1 ? any.items() : pages.stream().flatMap(page -> page.items().stream()).toList();
        // What a summary tells of was seen and is done: of a folder that is only looked over again, that is all.
        Set<Long> done = ledger.items().summarised(folder, items.stream().map(SourceItem::uid).toList());
        List<SourceItem> others = done.isEmpty() ? items : items.stream().filter(item -> !done.contains(item.uid())).toList();
        Map<Long, Facts> facts = others.isEmpty() ? Map.of() : ledger.items().facts(folder, others.stream().map(SourceItem::uid).toList());
        if (!others.isEmpty()) {
            ledger.items().seen(folder, any.scan(), others);
        }
        List<Register> registers = pages.stream().map(page -> Register.of(page.items(), done, facts, pass.get().itemFilter(), page.pass())).toList();
        List<CopyPage> copies = IntStream.range(0, pages.size()).mapToObj(i -> copy(pages.get(i), registers.get(i))).toList();
        Set<Integer> there = ledger.pages().put(copies);
        // It may stand there open: when it came before, and was not published, and another pass has copied its items since.
        copies.stream().filter(copy -> copy.items().isEmpty() && there.contains(copy.seq())).forEach(copy -> ledger.pages().settled(copy.ref()));
        copies.stream().filter(copy -> !copy.items().isEmpty()).map(queue::publish).toList().forEach(CompletableFuture::join);
        tell(any, registers);
    }

    private static CopyPage copy(ItemsPage page, Register register) {
        return new CopyPage(page.pass(), page.folder(), page.scan(), page.seq(), page.target(), register.toCopy().items());
    }

    private Optional<PassContext> pass(ItemsPage page) {
        Optional<PassContext> pass = contexts.get(page.pass());
        if (pass.isEmpty()) {
            LOG.log(Level.WARNING, "the ledger knows no pass {0}: a page of it is passed over", page.pass());
        }
        return pass;
    }

    /** What is to be done with each, the copier asks when it is at it. */
    private void registerFlags(ItemsPage page) {
        if (pass(page).isEmpty()) {
            return;
        }
        CopyPage copy = new CopyPage(page.pass(), page.folder(), page.scan(), page.seq(), page.target(), List.of(), page.flagged());
        ledger.pages().put(copy);
        queue.publish(copy).join();
    }

    private void tell(ItemsPage any, List<Register> registers) {
        PassId pass = any.pass();
        Part<Integer> all = sum(registers, Register::all);
        metrics.items(Step.REGISTER, pass.migration(), all.items(), all.bytes());
        tell(any, "to-copy", sum(registers, register -> new Part<>(register.toCopy().items().size(), register.toCopy().bytes())));
        tell(any, "already-there", sum(registers, Register::alreadyThere));
        tell(any, "excluded", sum(registers, Register::excluded));
        tell(any, "failed", sum(registers, Register::failed));
        List<Register> settled = registers.stream().filter(register -> register.toCopy().items().isEmpty()).toList();
        tell(any, "page-settled", sum(settled, Register::all));
    }

    private static Part<Integer> sum(List<Register> registers, Function<Register, Part<Integer>> part) {
        return registers.stream().map(part).reduce(new Part<>(0, 0), (a, b) -> new Part<>(a.items() + b.items(), a.bytes() + b.bytes()));
    }

    private void tell(ItemsPage page, String what, Part<Integer> part) {
        if (part.items() > 0) {
            tell(page.pass(), page.folder(), what, part.items(), part.bytes());
        }
    }

    /** For eyes: nobody waits for it. */
    private void tell(PassId pass, FolderKey folder, String what, long items, long bytes) {
        queue.publish(outcome(pass, folder, what, items, bytes));
    }

    private static Outcome outcome(PassId pass, FolderKey folder, String what, long items, long bytes) {
        return new Outcome(pass, folder.pair(), folder.folder(), Step.REGISTER.word(), what, items, bytes, null);
    }
}
