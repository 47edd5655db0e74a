package io.carryall.testkit.simulator;

import io.carryall.core.fold.FolderCounts;
import io.carryall.core.fold.FolderFold;
import io.carryall.core.fold.FolderResult;
import io.carryall.core.fold.UidSet;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PassId;
import io.carryall.core.item.SourceItem;
import io.carryall.core.migration.ItemFilter;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Folders.Watermark;
import io.carryall.core.port.Items.Done;
import io.carryall.core.port.Items.Facts;
import io.carryall.core.port.Ledger;
import io.carryall.core.port.Pages;
import io.carryall.core.port.Passes.PassPair;
import io.carryall.core.port.Passes.PassState;
import io.carryall.core.record.PipelineRecord.FolderEnd;
import io.carryall.core.record.PipelineRecord.ScanEnd;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * How a pair ended: what became of the items of each folder that its scan came to the end of, decided by the real {@link FolderFold}; then it is written down, and then the watermarks. Between any two of its steps the process may
 * die, and another one may do the same.
 */
final class PairFold {
    private final Machine machine;
    private final Simulation simulation;
    private final World world;
    private final Ledger ledger;
    private final PassId pass;
    private final PassPair pair;
    private final boolean finished;
    private final Deque<FolderEnd> todo;
    private final Deque<Mark> marks = new ArrayDeque<>();
    private Runnable done;
    private Runnable failed;

    /** @param before what it replaces; null where there was none */
    private record Mark(Watermark next, Watermark before) {}

    /** @param finished whether every page of the scan is settled; if not, folders are folded of which every page is */
    PairFold(Machine machine, Simulation simulation, PassId pass, PassPair pair, ScanEnd scan, boolean finished) {
        this.machine = machine;
        this.simulation = simulation;
        this.world = simulation.world;
        this.ledger = simulation.books.ledger();
        this.pass = pass;
        this.pair = pair;
        this.finished = finished;
        this.todo = new ArrayDeque<>(ledger.folders().folderEnds(pass, pair.pair(), pair.generation(), scan.scan()));
    }

    void run(Runnable whenDone, Runnable whenFailed) {
        done = whenDone;
        failed = whenFailed;
        next();
    }

    private void next() {
        FolderEnd end = todo.poll();
        if (end == null) {
            write();
        } else if (isSettled(end)) {
            fold(end);
        } else {
            next();
        }
    }

    private boolean isSettled(FolderEnd end) {
        Pages.Progress pages = ledger.pages().progress(pass, end.folder(), end.scan());
        return pages.registered() >= end.pages() && pages.settled() == pages.registered();
    }

    private void fold(FolderEnd end) {
        FolderFold fold = new FolderFold(pass, filter(), 100);
        int pages = ledger.pages().of(pass, end.folder(), end.scan()).size();
        ledger.pages().forEach(pass, end.folder(), end.scan(), page -> fold.page(page.page().items(), page.settled()));
        fold.pagesComplete();
        Watermark before = ledger.folders().watermarks(pair.pair(), pair.generation()).stream().filter(mark -> mark.folder().equals(end.folder().folder())).findFirst().orElse(null);
        UidSet known = new UidSet();
        machine.in(world.latency(), () -> {
            UidSet summarised = new UidSet();
            List<FolderKey> former = former(end);
            if (former.isEmpty()) {
                ledger.items().forEachSummarised(end.folder(), pass, summarised::add);
            }
            Consumer<Done> done = fact -> {
                if (isOver(fact.pass())) {
                    known.add(fact.uid());
                }
                fold.done(fact);
            };
            if (summarised.size() == 0) {
                simulation.books.forEachDone(end.folder(), done);
            } else {
                summarised.stream().forEach(fold::doneBefore);
            }
            former.forEach(state -> simulation.books.forEachDone(state, fold::former));
            machine.in(world.latency(), () -> {
                failed(end.folder(), fold, summarised, done);
                machine.in(world.latency(), () -> {
                    ledger.items().forEachSeen(end.folder(), item -> seen(end.folder(), fold, item, summarised, done, known));
                    FolderResult result = fold.finish(end.status(), end.pages(), pages);
                    folded(end, result, before);
                    summarise(end, result, known);
                });
            });
        });
    }

    /** Of what no summary tells of the facts are looked up: those that are done before they are told to have failed, or were seen. */
    private void failed(FolderKey folder, FolderFold fold, UidSet summarised, Consumer<Done> done) {
        if (summarised.size() > 0) {
            ledger.items().forEachFailed(folder, attempt -> lookUp(folder, attempt.uid(), summarised, done));
        }
        ledger.items().forEachFailed(folder, fold::failed);
    }

    private void seen(FolderKey folder, FolderFold fold, SourceItem item, UidSet summarised, Consumer<Done> done, UidSet known) {
        if (summarised.size() > 0) {
            lookUp(folder, item.uid(), summarised, done);
        }
        if (simulation.mutation == Mutation.SUMMARY_OF_WHAT_WAS_SEEN) {
            known.add(item.uid());
        }
        fold.seen(item);
    }

    private void lookUp(FolderKey folder, long uid, UidSet summarised, Consumer<Done> done) {
        Facts facts = summarised.contains(uid) ? null : simulation.books.facts(folder.item(uid));
        if (facts != null && facts.done() != null) {
            done.accept(facts.done());
        }
    }

    private boolean isOver(PassId other) {
        return other.equals(pass) || ledger.passes().get(other).filter(its -> its.state() == PassState.ENDED).isPresent();
    }

    private void summarise(FolderEnd end, FolderResult result, UidSet known) {
        if (known.size() == 0 || !result.breaches().isEmpty() || !result.doubts().isEmpty()) {
            next();
            return;
        }
        ledger.items().forEachSummarised(end.folder(), pass, known::add);
        simulation.books.write(machine, (int) known.size(), rows -> ledger.items().summarise(end.folder(), pass, known.stream().limit(rows).iterator()), this::next, failed);
    }

    private List<FolderKey> former(FolderEnd end) {
        Folder row = ledger.folders().of(pair.pair(), pair.generation()).stream().filter(folder -> folder.id().equals(end.folder().folder())).findFirst().orElseThrow();
        return row.former().stream().map(state -> new FolderKey(pair.pair(), pair.generation(), row.id(), state)).toList();
    }

    private void folded(FolderEnd end, FolderResult result, Watermark before) {
        FolderCounts counts = result.counts();
        // Who goes on with a pass that another one has ended reads rows that the next pass is changing.
        boolean runs = ledger.passes().get(pass).filter(its -> its.state() == PassState.RUNNING).isPresent();
        if (runs && (!result.breaches().isEmpty() || !counts.lawHolds() || counts.pending() > 0)) {
            throw new Violation("the law does not hold in " + end.folder() + " at the end of " + pass + ": " + counts + " " + result.breaches());
        }
        if (result.breaches().isEmpty() && result.doubts().isEmpty()) {
            Watermark next = new Watermark(end.folder().folder(), end.status(), filter().hash(), end.scan(), counts.found(), counts.migrated() + counts.alreadyThere(), counts.excluded(),
                    counts.failed() - result.retryable(), result.retryable());
            marks.add(new Mark(next, before));
        }
    }

    private ItemFilter filter() {
        return simulation.filter(pass);
    }

    private void write() {
        simulation.books.write(machine, 1, rows -> {
            if (rows > 0) {
                ledger.passes().pairEnded(pass, pair.pair(), finished ? Driver.FINISHED : "failed");
            }
        }, this::complete, failed);
    }

    private void complete() {
        if (!finished) {
            putMarks();
            return;
        }
        simulation.books.write(machine, 1, rows -> {
            if (rows > 0) {
                ledger.pairs().completed(pair.pair(), pair.generation(), pass);
            }
        }, this::putMarks, failed);
    }

    private void putMarks() {
        Mark mark = marks.poll();
        if (mark == null) {
            done.run();
            return;
        }
        simulation.books.transact(machine, () -> ledger.folders().putWatermark(pair.pair(), pair.generation(), mark.before(), mark.next()), put -> putMarks(), failed);
    }
}
