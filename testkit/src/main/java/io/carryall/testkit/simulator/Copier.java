package io.carryall.testkit.simulator;

import io.carryall.core.copy.CopyLimits;
import io.carryall.core.item.Reason;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.item.PassId;
import io.carryall.core.port.Passes.PassState;
import io.carryall.core.record.PipelineRecord.CopyPage;
import io.carryall.core.record.Topic;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One life of a copier process: gives each page to the copier of its folder. */
final class Copier {
    private static final int PAGES_MAX = 12;
    private static final long HOUSEKEEPING_MILLIS = 1_000;

    final Machine machine;
    final World world;
    final Books books;
    final Sources sources;
    final Targets targets;
    final Truth truth;
    final CopyLimits limits;
    private final Operators operators;
    final Mutation mutation;
    private final Map<TargetFolder, CopierFolder> folders = new LinkedHashMap<>();
    private boolean stopping;
    private int lastToken;

    Copier(Machine machine, Simulation simulation) {
        this.machine = machine;
        this.world = simulation.world;
        this.books = simulation.books;
        this.sources = simulation.sources;
        this.targets = simulation.targets;
        this.truth = simulation.truth;
        this.limits = simulation.limits;
        this.operators = simulation.operators;
        this.mutation = simulation.mutation;
        simulation.topics.join(Topic.COPIES, machine, PAGES_MAX, this::take);
        machine.in(HOUSEKEEPING_MILLIS, this::keepHouse);
    }

    String nextToken() {
        return machine.name() + ":" + ++lastToken;
    }

    private void take(Topics.Delivery delivery) {
        CopyPage page = (CopyPage) delivery.record();
        if (stopping) {
            return;
        }
        if (mutation == Mutation.EARLY_ACKNOWLEDGEMENT) {
            delivery.acknowledge();
            books.acknowledged(page.ref());
        }
        if (runs(page.pass()) && operators.generation(page.folder().pair()) == page.folder().generation()) {
            folders.computeIfAbsent(page.target(), target -> new CopierFolder(this, target)).page(delivery);
        } else {
            setAside(delivery);
        }
    }

    /** Finishes what is under way, begins nothing; the process ends a little later. */
    void stop() {
        world.note(() -> machine.name() + " is asked to end");
        stopping = true;
        folders.values().forEach(CopierFolder::stop);
        machine.in(world.between(1_000, 10_000), () -> machine.crash(world.between(200, 5_000)));
    }

    private boolean runs(PassId pass) {
        return books.ledger().passes().get(pass).map(it -> it.state() == PassState.RUNNING).orElse(false);
    }

    void setAside(Topics.Delivery delivery) {
        CopyPage page = (CopyPage) delivery.record();
        if (page.onlyAsksToSettle()) {
            delivery.acknowledge();
            return;
        }
        books.write(machine, 1, rows -> books.ledger().pages().park(page.ref(), machine.wall(), Reason.INTERRUPTED, "halted"), () -> {
            books.acknowledged(page.ref());
            delivery.acknowledge();
        }, () -> machine.in(1_000, () -> setAside(delivery)));
    }

    private void keepHouse() {
        for (CopierFolder folder : List.copyOf(folders.values())) {
            folder.passes().stream().filter(pass -> !runs(pass)).forEach(folder::halted);
        }
        folders.values().removeIf(CopierFolder::isFree);
        machine.in(HOUSEKEEPING_MILLIS, this::keepHouse);
    }
}
