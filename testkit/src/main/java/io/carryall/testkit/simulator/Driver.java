package io.carryall.testkit.simulator;

import io.carryall.core.fold.PairEnd;
import io.carryall.core.fold.PairEnd.FolderProgress;
import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Ledger;
import io.carryall.core.port.Pages;
import io.carryall.core.port.Pages.Page;
import io.carryall.core.port.Passes.Pass;
import io.carryall.core.port.Passes.PassPair;
import io.carryall.core.port.Passes.PassState;
import io.carryall.core.record.PipelineRecord.FolderEnd;
import io.carryall.core.record.PipelineRecord.ScanEnd;
import io.carryall.core.scan.Asking;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Drives one pass: asks for looks and scans as the real {@link Asking} puts them together, and finds out from the ledger when a pair is through. Whether it is is decided by the real {@link PairEnd}. That another one drives the same pass, as the lease
 * was lost, it does not know until it is told.
 */
final class Driver {
    static final String FINISHED = "finished";
    private static final long POLL_MILLIS = 2_000;
    private static final long SWEEP_MILLIS = 60_000;

    private final Machine machine;
    private final Simulation simulation;
    private final World world;
    private final Ledger ledger;
    private final PassId pass;
    private final boolean fresh;
    private final Map<PairId, Watch> watches = new LinkedHashMap<>();
    private Runnable ended;
    private boolean over;
    private boolean allSettled = true;
    private long heardMillis;

    /** What is kept in memory of a pair. */
    private static final class Watch {
        final PassPair pair;
        final Set<String> outdated;
        final boolean beside;
        boolean through;
        /** Nobody has been asked about it. */
        boolean waiting;
        int secondChances;
        String heard = "";
        long sweepsAtMillis;
        long sweepPauseMillis = SWEEP_MILLIS;

        Watch(PassPair pair, Set<String> outdated, boolean beside) {
            this.pair = pair;
            this.outdated = outdated;
            this.beside = beside;
        }

        /** It may be that nothing changed in it. */
        boolean mayStand() {
            return !pair.full() && outdated.isEmpty() && !beside;
        }
    }

    Driver(Machine machine, Simulation simulation, PassId pass, boolean fresh) {
        this.machine = machine;
        this.simulation = simulation;
        this.world = simulation.world;
        this.ledger = simulation.books.ledger();
        this.pass = pass;
        this.fresh = fresh;
    }

    void start(Runnable whenOver) {
        ended = whenOver;
        heardMillis = world.nowMillis();
        for (PairId id : simulation.pairs()) {
            if (!simulation.operators.listed(id).equals(id)) {
                throw new Violation("the list names " + id + " by its new address, and the ledger knows " + simulation.operators.listed(id) + " by it");
            }
            PassPair known = fresh ? null : ledger.passes().pair(pass, id).orElse(null);
            int generation = simulation.operators.generation(id);
            boolean isKnown = known != null && known.generation() == generation;
            boolean full = isKnown ? known.full() : !ledger.pairs().hasCompleted(id, generation);
            PassPair pair = new PassPair(id, generation, full, id.value(), id.value(), null, null, null, null);
            ledger.passes().putPairs(pass, List.of(pair));
            setUp(pair, isKnown);
        }
        Map<Boolean, List<PassPair>> toAsk = watches.values().stream().filter(watch -> watch.waiting).collect(Collectors.partitioningBy(Watch::mayStand, Collectors.mapping(watch -> watch.pair, Collectors.toList())));
        Asking.of(pass, toAsk.get(true), toAsk.get(false)).forEach(this::ask);
        watches.values().forEach(this::poll);
        endIfThrough();
    }

    private void setUp(PassPair pair, boolean isKnown) {
        List<ScanEnd> scans = isKnown ? scans(pair) : List.of();
        boolean through = isKnown && hasEnded(pair, scans);
        boolean whole = !through && !scans.isEmpty() && isWhole(pair, scans.get(scans.size() - 1));
        List<ScanEnd> former = whole ? scans.subList(0, scans.size() - 1) : scans;
        Watch watch = new Watch(pair, former.stream().map(ScanEnd::scan).collect(Collectors.toSet()), hasBeside(pair));
        watch.through = through;
        watch.waiting = !through && !whole;
        watch.sweepsAtMillis = world.nowMillis() + SWEEP_MILLIS;
        watches.put(pair.pair(), watch);
        if (whole) {
            publishOpen(pair, scans.get(scans.size() - 1), page -> true);
        }
    }

    private boolean hasEnded(PassPair pair, List<ScanEnd> scans) {
        Optional<String> written = ledger.passes().pairEnd(pass, pair.pair());
        if (written.isEmpty()) {
            PairEnd.stood(scans).ifPresent(scan -> simulation.toldUnchanged(pass, pair, scan));
        }
        return written.map(FINISHED::equals).orElseGet(() -> PairEnd.stood(scans).isPresent());
    }

    /** A pass of another migration has it at the same time. */
    private boolean hasBeside(PassPair pair) {
        return ledger.passes().migrations().stream().filter(name -> !name.equals(pass.migration())).flatMap(name -> ledger.passes().newest(name).stream()).filter(other -> other.state() == PassState.RUNNING).map(Pass::id)
                .anyMatch(other -> ledger.passes().pair(other, pair.pair()).isPresent() && ledger.passes().pairEnd(other, pair.pair()).isEmpty()
                        && ledger.folders().scanEnds(other, pair.pair(), pair.generation()).stream().noneMatch(ScanEnd::stands));
    }

    /** The newest last by the clocks of those who scanned, which may be hours apart: which of two is the newer must not matter to any item. */
    private List<ScanEnd> scans(PassPair pair) {
        return ledger.folders().scanEnds(pass, pair.pair(), pair.generation()).stream().sorted(Comparator.comparing(ScanEnd::scan)).toList();
    }

    private boolean isWhole(PassPair pair, ScanEnd scan) {
        List<FolderEnd> ends = ledger.folders().folderEnds(pass, pair.pair(), pair.generation(), scan.scan());
        return scan.failure() == null && ends.stream().map(end -> end.folder().folder()).collect(Collectors.toSet()).containsAll(scan.enumerated())
                && ends.stream().allMatch(end -> ledger.pages().progress(pass, end.folder(), scan.scan()).registered() >= end.pages());
    }

    // ---- what others are asked for

    /** What could not be asked for is scanned without a look. */
    private void ask(Asking asking) {
        simulation.topics.publish(machine, asking.request(), () -> { }, () -> machine.in(1_000, () -> asking.pairs().stream().map(watches::get).forEach(this::request)));
    }

    private void request(Watch watch) {
        if (!over && !watch.through) {
            Asking.of(pass, List.of(), List.of(watch.pair)).forEach(this::ask);
        }
    }

    /** Returns how many pages these were. */
    private int publishOpen(PassPair pair, ScanEnd scan, Predicate<Page> which) {
        int[] count = new int[1];
        for (FolderKey folder : folders(pair, scan)) {
            ledger.pages().forEach(pass, folder, scan.scan(), page -> {
                if (!page.settled() && which.test(page)) {
                    count[0]++;
                    if (page.parked() != null) {
                        simulation.books.reopen(page.page().ref());
                    }
                    simulation.topics.publish(machine, page.page(), () -> { }, () -> { });
                }
            });
        }
        return count[0];
    }

    /** Where the scan may have pages: the folders that it came to the end of, and those that were known before. */
    private Collection<FolderKey> folders(PassPair pair, ScanEnd scan) {
        Map<FolderId, FolderKey> keys = new LinkedHashMap<>();
        ledger.folders().of(pair.pair(), pair.generation()).forEach(row -> keys.put(row.id(), new FolderKey(pair.pair(), pair.generation(), row.id(), row.uidValidity())));
        ledger.folders().folderEnds(pass, pair.pair(), pair.generation(), scan.scan()).forEach(end -> keys.put(end.folder().folder(), end.folder()));
        return keys.values();
    }

    // ---- whether a pair is through

    private void poll(Watch watch) {
        machine.in(POLL_MILLIS, () -> {
            if (!over && !watch.through) {
                look(watch);
            }
        });
    }

    private void look(Watch watch) {
        PassPair pair = watch.pair;
        Map<FolderId, Folder> known = ledger.folders().of(pair.pair(), pair.generation()).stream().collect(Collectors.toMap(Folder::id, folder -> folder));
        PairEnd end = PairEnd.decide(scans(pair), watch.outdated, known.keySet(), (scan, folder) -> progress(pair, scan, known.get(folder), folder));
        if (end instanceof PairEnd.Stood stood) {
            world.note(() -> pass + " " + pair.pair() + " stands");
            simulation.toldUnchanged(pass, pair, stood.scan());
            if (watch.beside) {
                fold(watch, stood.scan(), true);
            } else {
                through(watch, true);
            }
        } else if (end instanceof PairEnd.Settled settled) {
            fold(watch, settled.scan(), true);
        } else if (end instanceof PairEnd.Failed failed) {
            world.note(() -> pass + " " + pair.pair() + " " + failed);
            fold(watch, failed.scan(), false);
        } else if (end instanceof PairEnd.SetAside aside && !isTriedAgain(watch, aside)) {
            world.note(() -> pass + " " + pair.pair() + " " + aside);
            fold(watch, aside.scan(), false);
        } else {
            sweep(watch);
            poll(watch);
        }
    }

    private boolean isTriedAgain(Watch watch, PairEnd.SetAside aside) {
        if (aside.awaitsThePass()) {
            watch.sweepsAtMillis = Math.min(watch.sweepsAtMillis, world.nowMillis() + POLL_MILLIS);
            return true;
        }
        return aside.hasSecondChance(watch.secondChances++) && publishOpen(watch.pair, aside.scan(), page -> page.parked() != null && page.parked().isDue(machine.wall())) > 0;
    }

    /** What was quiet for a while is published again, or scanned again: its records may be lost. Less and less often for as long as it stays quiet. */
    private void sweep(Watch watch) {
        PassPair pair = watch.pair;
        ScanEnd scan = PairEnd.newest(scans(pair), watch.outdated).orElse(null);
        String heard = scan == null ? "" : scan.scan() + " " + folders(pair, scan).stream().map(folder -> ledger.pages().progress(pass, folder, scan.scan())).map(pages -> pages.registered() + "/" + pages.settled()).toList();
        if (!heard.equals(watch.heard)) {
            watch.heard = heard;
            heardMillis = world.nowMillis();
            watch.sweepPauseMillis = SWEEP_MILLIS;
            watch.sweepsAtMillis = world.nowMillis() + SWEEP_MILLIS;
        } else if (world.nowMillis() >= watch.sweepsAtMillis) {
            world.note(() -> machine.name() + " sweeps " + pair.pair());
            watch.sweepPauseMillis *= 2;
            watch.sweepsAtMillis = world.nowMillis() + watch.sweepPauseMillis;
            if (scan != null && (scan.failure() != null || isWhole(pair, scan))) {
                publishOpen(pair, scan, page -> page.parked() == null || page.parked().isDue(machine.wall()));
            } else if (world.nowMillis() - heardMillis >= SWEEP_MILLIS) {
                request(watch);
            }
        }
    }

    private FolderProgress progress(PassPair pair, String scan, Folder folder, FolderId id) {
        FolderEnd end = ledger.folders().folderEnds(pass, pair.pair(), pair.generation(), scan).stream().filter(it -> it.folder().folder().equals(id)).findFirst().orElse(null);
        if (end == null && folder == null) {
            return new FolderProgress(-1, 0, 0, 0, null);
        }
        FolderKey key = end != null ? end.folder() : new FolderKey(pair.pair(), pair.generation(), id, folder.uidValidity());
        Pages.Progress pages = ledger.pages().progress(pass, key, scan);
        return new FolderProgress(end == null ? -1 : end.pages(), pages.registered(), pages.settled(), pages.parked(), pages.first());
    }

    // ---- the end

    private void fold(Watch watch, ScanEnd scan, boolean finished) {
        new PairFold(machine, simulation, pass, watch.pair, scan, finished).run(() -> through(watch, finished), () -> poll(watch));
    }

    private void through(Watch watch, boolean finished) {
        watch.through = true;
        allSettled &= finished;
        endIfThrough();
    }

    private void endIfThrough() {
        if (over || !watches.values().stream().allMatch(watch -> watch.through)) {
            return;
        }
        if (ledger.passes().move(pass, PassState.RUNNING, PassState.ENDED)) {
            world.note(() -> pass + " ended, " + (allSettled ? "all pairs settled" : "pairs stopped"));
            simulation.ended(pass, allSettled);
        }
        over();
    }

    private void over() {
        if (!over) {
            over = true;
            machine.in(0, ended);
        }
    }

    /** Another one drives it now. */
    void abandon() {
        over = true;
    }

    /** Perhaps somebody stopped the pass, or ended it. */
    void lookAtState() {
        if (ledger.passes().get(pass).filter(its -> its.state() == PassState.RUNNING).isEmpty()) {
            over();
        }
    }

    void interrupt() {
        if (!over && ledger.passes().move(pass, PassState.RUNNING, PassState.INTERRUPTED)) {
            world.note(() -> pass + " is interrupted");
            over();
        }
    }
}
