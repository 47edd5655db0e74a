package io.carryall.testkit.simulator;

import io.carryall.core.fold.FolderCounts;
import io.carryall.core.fold.FolderFold;
import io.carryall.core.fold.FolderResult;
import io.carryall.core.fold.PairEnd;
import io.carryall.core.fold.PairEnd.FolderProgress;
import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.migration.ItemFilter;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Folders.Watermark;
import io.carryall.core.port.Ledger;
import io.carryall.core.port.Pages;
import io.carryall.core.port.Passes.Pass;
import io.carryall.core.port.Passes.PassState;
import io.carryall.core.record.PipelineRecord.FolderEnd;
import io.carryall.core.record.PipelineRecord.ScanEnd;
import io.carryall.core.record.PipelineRecord.ScanRequest;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * One life of a control-service process, for one migration: starts passes one after another, or goes on with the one that it finds, asks for scans, and finds out from the ledger when a pair is through. Whether it is
 * is decided by the real {@link PairEnd}, what became of its items by the real {@link FolderFold}.
 */
final class Driver {
    private static final long POLL_MILLIS = 2_000;
    private static final long SWEEP_MILLIS = 60_000;

    private final Machine machine;
    private final Simulation simulation;
    private final World world;
    private final Ledger ledger;
    private final String migration;
    private final int life;
    private PassId pass;
    private int turn;
    private final Map<PairId, Quiet> sweeps = new HashMap<>();
    private final Set<PairId> open = new LinkedHashSet<>();
    private boolean allSettled;

    /** @param settled pages that were settled when something was last heard of the pair */
    private record Quiet(String scan, int settled, long dueMillis, long pauseMillis) {}

    Driver(Machine machine, Simulation simulation, String migration, long delayMillis) {
        this.machine = machine;
        this.simulation = simulation;
        this.world = simulation.world;
        this.ledger = simulation.books.ledger();
        this.migration = migration;
        this.life = machine.life();
        machine.in(delayMillis, this::begin);
    }

    private void begin() {
        Pass newest = ledger.passes().newest(migration).orElse(null);
        boolean fresh = newest == null || newest.state() == PassState.ENDED;
        if (fresh && !simulation.mayBegin(migration)) {
            return;
        }
        boolean interrupted = !fresh && newest.state() == PassState.INTERRUPTED;
        pass = fresh ? new PassId(migration, newest == null ? 1 : newest.id().number() + 1) : newest.id();
        if (fresh) {
            simulation.choose(pass);
            ledger.passes().create(pass, "{}", newest == null, machine.wall());
        } else if (interrupted) {
            ledger.passes().move(pass, PassState.INTERRUPTED, PassState.RUNNING);
        }
        world.note(() -> machine.name() + (fresh ? " begins " : " goes on with ") + pass);
        turn++;
        allSettled = true;
        open.clear();
        open.addAll(simulation.pairs());
        sweeps.clear();
        for (PairId pair : simulation.pairs()) {
            if (!simulation.operators.listed(pair).equals(pair)) {
                throw new Violation("the list names " + pair + " by its new address, and the ledger knows " + simulation.operators.listed(pair) + " by it");
            }
            begin(pair, !fresh && !interrupted);
        }
    }

    /** After a crash a scan that is whole stands, and its open pages are published again; else the pair is scanned anew. */
    private void begin(PairId pair, boolean crashed) {
        List<ScanEnd> scans = ledger.folders().scanEnds(pass, pair, generation(pair));
        Set<String> outdated = scans.stream().map(ScanEnd::scan).collect(Collectors.toCollection(HashSet::new));
        if (crashed && !scans.isEmpty() && isWhole(pair, scans.get(scans.size() - 1))) {
            ScanEnd last = scans.get(scans.size() - 1);
            outdated.remove(last.scan());
            publishOpen(pair, last.scan(), page -> true);
        } else {
            request(pair);
        }
        poll(pair, outdated, turn);
    }

    private void publishOpen(PairId pair, String scan, Predicate<Pages.Page> which) {
        for (FolderKey folder : folders(pair, scan)) {
            ledger.pages().forEach(pass, folder, scan, page -> {
                if (!page.settled() && which.test(page)) {
                    simulation.topics.publish(machine, page.page(), () -> { }, () -> { });
                }
            });
        }
    }

    /** Where the scan may have pages: the folders that it came to the end of, and those that were known before. */
    private Collection<FolderKey> folders(PairId pair, String scan) {
        Map<FolderId, FolderKey> keys = new LinkedHashMap<>();
        ledger.folders().of(pair, generation(pair)).forEach(row -> keys.put(row.id(), new FolderKey(pair, generation(pair), row.id(), row.uidValidity())));
        ledger.folders().folderEnds(pass, pair, generation(pair), scan).forEach(end -> keys.put(end.folder().folder(), end.folder()));
        return keys.values();
    }

    private int generation(PairId pair) {
        return simulation.generation(pass, pair);
    }

    private boolean isWhole(PairId pair, ScanEnd scan) {
        List<FolderEnd> ends = ledger.folders().folderEnds(pass, pair, generation(pair), scan.scan());
        return scan.failure() == null && ends.stream().map(end -> end.folder().folder()).collect(Collectors.toSet()).containsAll(scan.enumerated()) && ends.stream().allMatch(end -> {
            Pages.Progress pages = ledger.pages().progress(pass, end.folder(), scan.scan());
            return pages.registered() >= end.pages() && pages.parked() == 0;
        });
    }

    private void request(PairId pair) {
        int mine = turn;
        simulation.topics.publish(machine, new ScanRequest(pass, pair, generation(pair)), () -> { }, () -> machine.in(1_000, () -> {
            if (mine == turn) {
                request(pair);
            }
        }));
    }

    void interrupt() {
        boolean isGone = !machine.isUp() || machine.life() != life;
        if (!isGone && pass != null && !open.isEmpty() && ledger.passes().move(pass, PassState.RUNNING, PassState.INTERRUPTED)) {
            world.note(() -> pass + " is interrupted");
            turn++;
            machine.in(world.between(1_000, 40_000), this::begin);
        }
    }

    private void poll(PairId pair, Set<String> outdated, int mine) {
        machine.in(POLL_MILLIS, () -> {
            if (mine != turn) {
                return;
            }
            Map<FolderId, Folder> known = ledger.folders().of(pair, generation(pair)).stream().collect(Collectors.toMap(Folder::id, folder -> folder));
            PairEnd end = PairEnd.decide(ledger.folders().scanEnds(pass, pair, generation(pair)), outdated, known.keySet(), (scan, folder) -> progress(pair, scan, known.get(folder), folder));
            if (end instanceof PairEnd.Running) {
                sweep(pair, outdated);
                poll(pair, outdated, mine);
            } else if (end instanceof PairEnd.Stood) {
                world.note(() -> pass + " " + pair + " stands");
                ended(pair);
            } else if (end instanceof PairEnd.Settled settled) {
                fold(pair, new ArrayDeque<>(ledger.folders().folderEnds(pass, pair, generation(pair), settled.scan().scan())), mine);
            } else {
                world.note(() -> pass + " " + pair + " " + end);
                allSettled = false;
                ended(pair);
            }
        });
    }

    /** What was quiet for a while is published again: its records may be lost. Less and less often for as long as it stays quiet. */
    private void sweep(PairId pair, Set<String> outdated) {
        ScanEnd scan = ledger.folders().scanEnds(pass, pair, generation(pair)).stream().filter(it -> !outdated.contains(it.scan())).reduce((older, newer) -> newer).orElse(null);
        if (scan == null) {
            return;
        }
        int settled = folders(pair, scan.scan()).stream().mapToInt(folder -> ledger.pages().progress(pass, folder, scan.scan()).settled()).sum();
        Quiet before = sweeps.get(pair);
        if (before == null || before.settled() != settled || !before.scan().equals(scan.scan())) {
            sweeps.put(pair, new Quiet(scan.scan(), settled, world.nowMillis() + SWEEP_MILLIS, SWEEP_MILLIS));
        } else if (world.nowMillis() >= before.dueMillis()) {
            world.note(() -> machine.name() + " sweeps " + pair);
            sweeps.put(pair, new Quiet(scan.scan(), settled, world.nowMillis() + before.pauseMillis() * 2, before.pauseMillis() * 2));
            publishOpen(pair, scan.scan(), page -> page.parked() == null);
        }
    }

    private FolderProgress progress(PairId pair, String scan, Folder folder, FolderId id) {
        FolderEnd end = ledger.folders().folderEnds(pass, pair, generation(pair), scan).stream().filter(it -> it.folder().folder().equals(id)).findFirst().orElse(null);
        if (end == null && folder == null) {
            return new FolderProgress(-1, 0, 0, 0, null);
        }
        FolderKey key = end != null ? end.folder() : new FolderKey(pair, generation(pair), id, folder.uidValidity());
        Pages.Progress pages = ledger.pages().progress(pass, key, scan);
        return new FolderProgress(end == null ? -1 : end.pages(), pages.registered(), pages.settled(), pages.parked(), pages.first());
    }

    private void fold(PairId pair, Deque<FolderEnd> todo, int mine) {
        FolderEnd end = todo.poll();
        if (end == null) {
            ended(pair);
            return;
        }
        FolderFold fold = new FolderFold(pass, filter(), 100);
        int pages = ledger.pages().of(pass, end.folder(), end.scan()).size();
        ledger.pages().forEach(pass, end.folder(), end.scan(), page -> fold.page(page.page().items(), page.settled()));
        fold.pagesComplete();
        Watermark before = ledger.folders().watermarks(pair, generation(pair)).stream().filter(mark -> mark.folder().equals(end.folder().folder()) && mark.filterHash().equals(filter().hash())).findFirst().orElse(null);
        machine.in(world.latency(), () -> {
            simulation.books.forEachDone(end.folder(), fold::done);
            former(pair, end).forEach(state -> simulation.books.forEachDone(state, fold::former));
            machine.in(world.latency(), () -> {
                ledger.items().forEachFailed(end.folder(), fold::failed);
                machine.in(world.latency(), () -> {
                    ledger.items().forEachSeen(end.folder(), fold::seen);
                    folded(pair, end, fold.finish(end.status(), end.pages(), pages), before);
                    if (mine == turn) {
                        fold(pair, todo, mine);
                    }
                });
            });
        });
    }

    private List<FolderKey> former(PairId pair, FolderEnd end) {
        Folder row = ledger.folders().of(pair, generation(pair)).stream().filter(folder -> folder.id().equals(end.folder().folder())).findFirst().orElseThrow();
        return row.former().stream().map(state -> new FolderKey(pair, generation(pair), row.id(), state)).toList();
    }

    private void folded(PairId pair, FolderEnd end, FolderResult result, Watermark before) {
        FolderCounts counts = result.counts();
        if (!result.breaches().isEmpty() || !counts.lawHolds() || counts.pending() > 0) {
            throw new Violation("the law does not hold in " + end.folder() + " at the end of " + pass + ": " + counts + " " + result.breaches());
        }
        if (result.doubts().isEmpty()) {
            Watermark next = new Watermark(end.folder().folder(), end.status(), filter().hash(), end.scan(), counts.found(), counts.migrated() + counts.alreadyThere(), counts.excluded(),
                    counts.failed() - result.retryable(), result.retryable());
            ledger.folders().putWatermark(pair, generation(pair), before, next);
        }
    }

    private ItemFilter filter() {
        return simulation.filter(pass);
    }

    private void ended(PairId pair) {
        open.remove(pair);
        if (open.isEmpty()) {
            ledger.passes().move(pass, PassState.RUNNING, PassState.ENDED);
            world.note(() -> pass + " ended, " + (allSettled ? "all pairs settled" : "pairs stopped"));
            simulation.ended(pass, allSettled);
            turn++;
            machine.in(world.between(100, 10_000), this::begin);
        }
    }
}
