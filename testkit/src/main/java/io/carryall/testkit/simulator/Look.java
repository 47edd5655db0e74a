package io.carryall.testkit.simulator;

import io.carryall.core.item.PairId;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Folders.Watermark;
import io.carryall.core.port.Ledger;
import io.carryall.core.port.Passes.PassPair;
import io.carryall.core.port.Passes.PassState;
import io.carryall.core.record.FolderStatus;
import io.carryall.core.record.PipelineRecord.LookRequest;
import io.carryall.core.record.PipelineRecord.ScanEnd;
import io.carryall.core.record.PipelineRecord.ScanRequest;
import io.carryall.core.scan.ScanPlan;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A scanner looks at the pairs of one request, one after another. Whether nothing changed in a pair is decided by the real {@link ScanPlan#unchanged}; what is to be scanned is asked for at once, what stands is written down together. */
final class Look {
    private final Machine machine;
    private final Simulation simulation;
    private final World world;
    private final Ledger ledger;
    private final Topics.Delivery delivery;
    private final LookRequest request;
    private final Deque<List<PassPair>> todo = new ArrayDeque<>();

    Look(Machine machine, Simulation simulation, Topics.Delivery delivery) {
        this.machine = machine;
        this.simulation = simulation;
        this.world = simulation.world;
        this.ledger = simulation.books.ledger();
        this.delivery = delivery;
        this.request = (LookRequest) delivery.record();
    }

    void run() {
        if (!runs()) {
            delivery.acknowledge();
            return;
        }
        simulation.books.read(machine, () -> ledger.passes().pairs(request.pass(), request.pairs()), pairs -> {
            todo.clear();
            todo.addAll(pairs.stream().collect(Collectors.groupingBy(PassPair::generation)).values());
            next();
        }, this::again);
    }

    private boolean runs() {
        return ledger.passes().get(request.pass()).filter(pass -> pass.state() == PassState.RUNNING).isPresent();
    }

    /** While the ledger or the queue does not answer, all of it is done again. */
    private void again() {
        machine.in(world.between(250, 4_000), this::run);
    }

    private void next() {
        List<PassPair> pairs = todo.poll();
        if (pairs == null) {
            delivery.acknowledge();
            return;
        }
        int generation = pairs.get(0).generation();
        List<PairId> ids = pairs.stream().map(PassPair::pair).toList();
        simulation.books.read(machine, () -> ledger.folders().of(ids, generation), folders ->
                simulation.books.read(machine, () -> ledger.folders().watermarks(ids, generation), marks -> new Together(pairs, folders, marks).next(), this::again), this::again);
    }

    /** Pairs of one generation, and what the ledger knew of them a moment before. */
    private final class Together {
        private final Deque<PassPair> pairs;
        private final Map<PairId, List<Folder>> folders;
        private final Map<PairId, List<Watermark>> marks;
        private final List<ScanEnd> standing = new ArrayList<>();
        private int unconfirmed;
        private boolean publicationFailed;
        private boolean written;

        Together(List<PassPair> pairs, Map<PairId, List<Folder>> folders, Map<PairId, List<Watermark>> marks) {
            this.pairs = new ArrayDeque<>(pairs);
            this.folders = folders;
            this.marks = marks;
        }

        void next() {
            PassPair pair = runs() ? pairs.poll() : null;
            if (pair == null) {
                write();
                return;
            }
            List<Watermark> its = marks.getOrDefault(pair.pair(), List.of());
            if (pair.full() || its.isEmpty()) {
                scan(pair);
                next();
                return;
            }
            machine.in(world.latency(), () -> {
                // What takes longer than a moment, or fails, is left to a scan.
                Optional<ScanEnd> end = world.fault(world.odds().mailFails()) ? Optional.empty() : decide(pair, folders.getOrDefault(pair.pair(), List.of()), its);
                end.ifPresentOrElse(standing::add, () -> scan(pair));
                next();
            });
        }

        private Optional<ScanEnd> decide(PassPair pair, List<Folder> rows, List<Watermark> its) {
            Sources.Listing listing = simulation.sources.listing(pair.pair().value());
            Sources.Listing seen = simulation.mutation == Mutation.STANDING_BEFORE_THE_LOOK ? new Sources.Listing(listing.folders(), asBefore(rows, its)) : listing;
            List<Watermark> believed = simulation.mutation != Mutation.LOOK_UNDER_ANY_FILTER ? its : its.stream().map(this::underThisFilter).toList();
            return ScanPlan.unchanged(simulation.known(request.pass(), pair.pair(), seen, rows, believed, Map.of()), true).map(plan -> new ScanEnd(request.pass(), pair.pair(), pair.generation(),
                    Scanner.newScanId(machine, world), List.of(), plan.folders().stream().map(ScanPlan.Planned::id).toList(), plan.excluded(), plan.warnings(), null, plan.standing()));
        }

        private Map<String, FolderStatus> asBefore(List<Folder> rows, List<Watermark> its) {
            Map<String, FolderStatus> statuses = new HashMap<>();
            rows.forEach(row -> its.stream().filter(mark -> mark.folder().equals(row.id())).forEach(mark -> statuses.put(row.rawName(), mark.status())));
            return statuses;
        }

        private Watermark underThisFilter(Watermark mark) {
            return new Watermark(mark.folder(), mark.status(), simulation.filter(request.pass()).hash(), mark.scan(), mark.found(), mark.done(), mark.excluded(), mark.failed(), mark.retry());
        }

        private void scan(PassPair pair) {
            unconfirmed++;
            simulation.topics.publish(machine, new ScanRequest(request.pass(), pair.pair(), pair.generation()), () -> confirmed(true), () -> confirmed(false));
        }

        private void confirmed(boolean well) {
            unconfirmed--;
            publicationFailed |= !well;
            goOn();
        }

        private void write() {
            simulation.books.write(machine, standing.size(), rows -> ledger.folders().scansEnded(standing.subList(0, rows)), () -> {
                written = true;
                goOn();
            }, Look.this::again);
        }

        private void goOn() {
            if (written && unconfirmed == 0 && publicationFailed) {
                again();
            } else if (written && unconfirmed == 0) {
                written = false;
                Look.this.next();
            }
        }
    }
}
