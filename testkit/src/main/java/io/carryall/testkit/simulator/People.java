package io.carryall.testkit.simulator;

import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Folders.Folder;
import java.util.List;

/** People who use their mailboxes while they are migrated, on both sides; and administrators who restore a folder. */
final class People {
    private final Simulation simulation;
    private final World world;
    private final double duplicates;
    private int lastLetter;
    private int lastEdition;
    private int lastName;

    /** @param duplicates how likely a letter is to arrive a second time, the same to the byte */
    People(Simulation simulation, double duplicates) {
        this.simulation = simulation;
        this.world = simulation.world;
        this.duplicates = duplicates;
    }

    /** How many different ones there are; one at least. */
    int letters() {
        return Math.max(1, lastLetter);
    }

    /** Somebody does something, and somebody else later. */
    void act() {
        if (world.isCalm()) {
            return;
        }
        PairId pair = simulation.pairs().get(world.random().nextInt(simulation.pairs().size()));
        List<Sources.Box> boxes = List.copyOf(simulation.sources.of(pair.value()));
        Sources.Box box = boxes.get(world.random().nextInt(boxes.size()));
        TargetFolder target = simulation.target(pair, box.id);
        int what = (int) world.between(0, 99);
        if (what < 45) {
            letterArrives(pair, box);
        } else if (what < 56 && simulation.foldersMove) {
            rename(pair, boxes);
        } else if (what < 60) {
            letterLeaves(pair, box);
        } else if (what < 70) {
            Sources.Letter moved = letterLeaves(pair, box);
            if (moved != null) {
                place(pair, boxes.get(world.random().nextInt(boxes.size())), moved);
            }
        } else if (what < 73 && mayChange(pair, box)) {
            renumber(pair, box);
        } else if (what < 90) {
            mailOnTarget(target);
        } else if (what < 96) {
            deletionOnTarget(target);
        } else if (what < 97) {
            newFolderOnTarget(target);
        } else if (simulation.foldersMove) {
            rename(pair, boxes);
        }
        world.in((long) (-Math.log(1 - world.random().nextDouble()) * world.odds().usersMillis()), this::act);
    }

    void letterArrives(PairId pair, Sources.Box box) {
        boolean again = lastLetter > 0 && world.chance(duplicates);
        int number = again ? (int) world.between(Math.max(1, lastLetter - 3), lastLetter) : ++lastLetter;
        int edition = again && world.chance(0.2) ? ++lastEdition : 0;
        place(pair, box, new Sources.Letter(number, edition, again && world.chance(0.1) ? 1_000_000 + number : number));
    }

    private void place(PairId pair, Sources.Box box, Sources.Letter letter) {
        long uid = box.add(letter);
        simulation.truth.arrived(key(pair, box).item(uid), simulation.target(pair, box.id), letter.fingerprint());
        world.note(() -> "people: letter " + letter.number() + " arrives as " + Truth.word(key(pair, box).item(uid)));
    }

    private Sources.Letter letterLeaves(PairId pair, Sources.Box box) {
        if (box.letters.isEmpty()) {
            return null;
        }
        long uid = List.copyOf(box.letters.keySet()).get(world.random().nextInt(box.letters.size()));
        world.note(() -> "people: " + Truth.word(key(pair, box).item(uid)) + " leaves");
        simulation.truth.left(key(pair, box).item(uid));
        return box.letters.remove(uid);
    }

    private void renumber(PairId pair, Sources.Box box) {
        world.note(() -> "people: " + pair + "/" + box.id + " is restored under new UIDs");
        FolderKey before = key(pair, box);
        List<Long> uids = List.copyOf(box.letters.keySet());
        box.renumber();
        FolderKey after = key(pair, box);
        for (int i = 0; i < uids.size(); i++) {
            simulation.truth.renumbered(before.item(uids.get(i)), after.item(i + 1L));
        }
    }

    /** What has both another name and other UIDs since anybody saw it last is recognised by its MAILBOXID alone. */
    private boolean mayChange(PairId pair, Sources.Box box) {
        List<Folder> rows = simulation.books.ledger().folders().of(pair, simulation.operators.generation(pair));
        boolean isKnown = rows.stream().anyMatch(row -> row.rawName().equals(box.name()) && FolderKey.onServer(row.uidValidity()) == box.uidValidity);
        return simulation.sources.tellsMailboxIds() || isKnown || rows.stream().noneMatch(row -> Sources.idOf(FolderKey.onServer(row.uidValidity())).equals(box.id));
    }

    /** Without MAILBOXID between passes alone: a folder of which nothing is registered yet is a new one under its next name, and is met twice if it gets back the former. A folder gets a new name, or two change theirs, or there is a new one, under a name that another one had perhaps. */
    private void rename(PairId pair, List<Sources.Box> boxes) {
        // INBOX, the first, keeps its name.
        Sources.Box one = boxes.get((int) world.between(1, boxes.size() - 1));
        Sources.Box other = boxes.get((int) world.between(1, boxes.size() - 1));
        if (world.chance(0.2) && Sources.mayHaveMore(boxes)) {
            String former = one.name().split("~")[0];
            String name = simulation.sources.named(pair.value(), former) == null ? former : "F" + boxes.size();
            Sources.Box box = simulation.sources.named(pair.value(), name) == null ? simulation.addFolder(pair, name) : one;
            world.note(() -> "people: " + pair + " has the folder " + box.id + " named " + box.name());
        } else if (!mayChange(pair, one) || !mayChange(pair, other) || !simulation.sources.tellsMailboxIds() && simulation.operators.isPassUnderWay()) {
            world.note(() -> "people: " + pair + " leaves its folders as they are");
        } else if (one != other && world.chance(0.5)) {
            String name = one.name();
            simulation.sources.rename(one, other.name(), world.nowMillis());
            simulation.sources.rename(other, name, world.nowMillis());
            world.note(() -> "people: " + pair + "/" + one.id + " is named " + one.name() + " now, and " + other.id + " " + other.name());
        } else {
            simulation.sources.rename(one, one.id + "~" + ++lastName, world.nowMillis());
            world.note(() -> "people: " + pair + "/" + one.id + " is named " + one.name() + " now");
        }
    }

    private void mailOnTarget(TargetFolder target) {
        if (simulation.targets.box(target) != null) {
            Sources.Letter letter = new Sources.Letter(1_000_000 + lastLetter++, 0, lastLetter);
            long uid = simulation.targets.box(target).add(letter.fingerprint());
            world.note(() -> "people: " + target.folder() + " of the target gets " + uid);
        }
    }

    private void deletionOnTarget(TargetFolder target) {
        Targets.Box box = simulation.targets.box(target);
        if (box != null && !box.messages.isEmpty()) {
            long uid = List.copyOf(box.messages.keySet()).get(world.random().nextInt(box.messages.size()));
            box.messages.remove(uid);
            simulation.truth.tampered(target);
            world.note(() -> "people: " + target.folder() + " of the target loses " + uid);
        }
    }

    private void newFolderOnTarget(TargetFolder target) {
        Targets.Box box = simulation.targets.box(target);
        if (box != null) {
            box.messages.clear();
            box.uidValidity++;
            box.uidNext = 1;
            simulation.truth.tampered(target);
            world.note(() -> "people: " + target.folder() + " of the target is made anew");
        }
    }

    FolderKey key(PairId pair, Sources.Box box) {
        return new FolderKey(pair, simulation.operators.generation(pair), new FolderId(box.id), box.uidValidity);
    }
}
