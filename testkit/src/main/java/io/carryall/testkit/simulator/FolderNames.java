package io.carryall.testkit.simulator;

import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Folders.Watermark;
import io.carryall.core.port.SourceSession.MailFolder;
import io.carryall.core.record.PipelineRecord.ScanRequest;
import io.carryall.core.rekey.KnownItems;
import io.carryall.core.scan.Renames;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A scanner finds out which folders are known under another name: decided by the real {@link Renames} and {@link KnownItems}, with a look into those that may be. */
final class FolderNames {
    private final Machine machine;
    private final Simulation simulation;
    private final World world;
    private final ScanRequest request;
    private final Sources.Listing listing;
    private final Renames renames;
    private final Deque<MailFolder> strangers;
    private Consumer<Map<String, FolderId>> found;
    private Runnable failed;

    FolderNames(Machine machine, Simulation simulation, ScanRequest request, Sources.Listing listing, List<Folder> rows, List<Watermark> marks) {
        this.machine = machine;
        this.simulation = simulation;
        this.world = simulation.world;
        this.request = request;
        this.listing = listing;
        this.renames = new Renames(listing.folders().stream().filter(folder -> simulation.folderFilter(request.pass()).lets(folder.path())).toList(), listing.statuses(), rows, marks);
        this.strangers = new ArrayDeque<>(renames.strangers());
    }

    void find(Consumer<Map<String, FolderId>> whenFound, Runnable whenFailed) {
        found = whenFound;
        failed = whenFailed;
        if (simulation.mutation == Mutation.FOLDER_BY_ITS_NAME) {
            found.accept(Map.of());
        } else {
            next();
        }
    }

    private void next() {
        MailFolder stranger = strangers.poll();
        if (stranger == null) {
            found.accept(renames.found());
            return;
        }
        List<Folder> candidates = renames.candidates(stranger);
        if (candidates.isEmpty()) {
            next();
            return;
        }
        machine.in(world.latency(), () -> {
            Sources.Box box = simulation.sources.named(request.pair().value(), stranger.rawName());
            if (box == null || box.uidValidity != listing.statuses().get(stranger.rawName()).uidValidity() || world.fault(world.odds().mailFails())) {
                failed.run();
                return;
            }
            KnownItems items = new KnownItems();
            box.letters.forEach((uid, letter) -> items.add(letter.as(uid)));
            simulation.books.read(machine, () -> candidates.stream().filter(row -> isSame(items, row)).findFirst(), same -> {
                same.ifPresent(row -> renames.confirm(stranger, row));
                next();
            }, failed);
        });
    }

    private boolean isSame(KnownItems items, Folder row) {
        KnownItems.Comparison comparison = items.comparison();
        simulation.books.ledger().items().forEachSeen(new FolderKey(request.pair(), request.generation(), row.id(), row.uidValidity()), comparison::compare);
        return comparison.different() == 0 && comparison.common() > 0;
    }
}
