package io.carryall.testkit.simulator;

import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PairName;
import io.carryall.core.item.Reason;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Folders.Watermark;
import io.carryall.core.port.Items.Failed;
import io.carryall.core.port.Ledger;
import io.carryall.core.port.Passes;
import io.carryall.core.port.Passes.PassState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Operators between passes: they reset a pair, have failed items tried again, give a mailbox another address. As in the control service each is refused while a pass has not come to its end. */
final class Operators {
    private final Simulation simulation;
    private final World world;
    private final Map<PairId, PairName> names = new HashMap<>();
    private int renamed;

    Operators(Simulation simulation) {
        this.simulation = simulation;
        this.world = simulation.world;
    }

    private Ledger ledger() {
        return simulation.books.ledger();
    }

    /** @param together whether its rows lie together with those of the first pair, so that they are looked at together */
    PairId newPair(int number, boolean together) {
        PairName name = new PairName("old", number + "@old.example", "new", number + "@new.example");
        String wanted = "p" + number;
        for (int i = 0; together && Passes.groupOf(new PairId(wanted)) != Passes.groupOf(new PairId("p1")); i++) {
            wanted = "p" + number + "x" + i;
        }
        PairId pair = ledger().pairs().named(name, new PairId(wanted)).id();
        names.put(pair, name);
        return pair;
    }

    /** The pair that a list names by its present addresses. */
    PairId listed(PairId pair) {
        return ledger().pairs().named(names.get(pair)).id();
    }

    int generation(PairId pair) {
        return ledger().pairs().get(pair).orElseThrow().generation();
    }

    boolean isPassUnderWay() {
        return ledger().passes().migrations().stream().anyMatch(migration -> ledger().passes().newest(migration).filter(pass -> pass.state() != PassState.ENDED).isPresent());
    }

    void act() {
        if (isPassUnderWay()) {
            return;
        }
        PairId pair = simulation.pairs().get(world.random().nextInt(simulation.pairs().size()));
        switch ((int) world.between(0, 3)) {
            case 0 -> reset(pair);
            case 1 -> remap(pair);
            default -> retry(pair);
        }
    }

    private void reset(PairId pair) {
        world.note(() -> "operator: resets " + pair);
        int before = generation(pair);
        if (ledger().pairs().nextGeneration(pair, before)) {
            simulation.sources.of(pair.value()).forEach(box -> {
                FolderKey now = simulation.people.key(pair, box);
                box.letters.keySet().forEach(uid -> simulation.truth.reset(new FolderKey(pair, before, now.folder(), now.uidValidity()).item(uid), now.item(uid)));
            });
        }
    }

    private void remap(PairId pair) {
        PairName from = names.get(pair);
        PairName to = new PairName("old", ++renamed + "@renamed.example", "new", from.targetMailbox());
        world.note(() -> "operator: " + pair + " is " + to.sourceMailbox() + " from now on");
        if (ledger().pairs().rename(pair, from, to)) {
            names.put(pair, to);
        }
    }

    /** As the control service does it: the facts first, then the watermark. */
    private void retry(PairId pair) {
        world.note(() -> "operator: has what failed of " + pair + " tried again");
        int generation = generation(pair);
        for (Folder row : ledger().folders().of(pair, generation)) {
            FolderKey folder = new FolderKey(pair, generation, row.id(), row.uidValidity());
            List<Failed> settling = new ArrayList<>();
            ledger().items().forEachFailed(folder, attempt -> {
                if (!attempt.retryable() && simulation.books.facts(folder.item(attempt.uid())).done() == null) {
                    settling.add(attempt);
                }
            });
            settling.stream().filter(attempt -> attempt.reason() == Reason.AMBIGUOUS).forEach(attempt -> simulation.truth.triedAgain(folder.item(attempt.uid())));
            ledger().items().forgive(folder, settling);
            long items = settling.stream().mapToLong(Failed::uid).distinct().count();
            ledger().folders().watermarks(pair, generation).stream().filter(mark -> mark.folder().equals(row.id())).findFirst().ifPresent(mark -> ledger().folders().putWatermark(pair, generation, mark, moved(mark, items)));
        }
    }

    private static Watermark moved(Watermark mark, long items) {
        long moved = Math.min(items, mark.failed());
        return new Watermark(mark.folder(), mark.status(), mark.filterHash(), mark.scan(), mark.found(), mark.done(), mark.excluded(), mark.failed() - moved, mark.retry() + moved);
    }
}
