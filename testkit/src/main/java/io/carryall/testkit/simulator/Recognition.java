package io.carryall.testkit.simulator;

import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PassId;
import io.carryall.core.item.SourceItem;
import io.carryall.core.port.Items.Done;
import io.carryall.core.rekey.Rekey;
import io.carryall.core.rekey.Rekey.Match;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Recognises what is in a folder whose UIDs changed, as a scanner does: the real {@link Rekey} decides. */
final class Recognition {
    private final Machine machine;
    private final Simulation simulation;
    private final Books books;
    private final PassId pass;
    private final String scan;
    private final FolderKey key;
    private final List<FolderKey> former;
    private final Rekey rekey = new Rekey();
    private final List<SourceItem> seen = new ArrayList<>();
    private final List<Done> heirs = new ArrayList<>();

    Recognition(Machine machine, Simulation simulation, PassId pass, String scan, FolderKey key, FolderId folder, List<Long> former) {
        this.machine = machine;
        this.simulation = simulation;
        this.books = simulation.books;
        this.pass = pass;
        this.scan = scan;
        this.key = key;
        this.former = former.stream().map(state -> new FolderKey(key.pair(), key.generation(), folder, state)).toList();
    }

    /** @param open whether the pass still runs: what a scanner found out that was stopped for longer than its pass lasted is not written, as the folder has gone on since */
    void run(Sources.Box box, BooleanSupplier open, Runnable done, Runnable failed) {
        books.read(machine, () -> {
            books.forEachDone(key, rekey::already);
            for (int state = 0; state < former.size(); state++) {
                int at = state;
                books.forEachDone(former.get(state), fact -> rekey.former(at, fact));
            }
            return rekey.isEmpty();
        }, nothing -> {
            if (nothing) {
                done.run();
            } else {
                machine.in(simulation.world.latency(), () -> look(box, open, done, failed));
            }
        }, failed);
    }

    private void look(Sources.Box box, BooleanSupplier open, Runnable done, Runnable failed) {
        if (box == null || box.uidValidity != key.serverUidValidity() || simulation.world.fault(simulation.world.odds().mailFails())) {
            failed.run();
            return;
        }
        Map<Long, Sources.Letter> letters = Map.copyOf(box.letters);
        box.letters.forEach((uid, letter) -> rekey.item(letter.as(uid), letter.fingerprint().headers()).ifPresent(this::inherit));
        rekey.doubtful().forEach(item -> rekey.content(item, letters.get(item.uid()).fingerprint().content()).ifPresent(this::inherit));
        if (!open.getAsBoolean()) {
            failed.run();
            return;
        }
        books.write(machine, seen.size(), rows -> books.ledger().items().seen(key, scan, seen.subList(0, rows)),
                () -> books.write(machine, heirs.size(), rows -> books.done(key, heirs.subList(0, rows)), done, failed), failed);
    }

    private void inherit(Match match) {
        Optional<Done> heir = match.heirOf(books.facts(former.get(match.state()).item(match.formerUid())).done(), pass);
        if (heir.isEmpty()) {
            rekey.misled();
            return;
        }
        seen.add(match.item());
        heirs.add(heir.get());
    }
}
