package io.carryall.testkit.simulator;

import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.TargetFolder;
import java.util.List;

/** People who use their mailboxes while they are migrated, on both sides; and administrators who restore a folder. */
final class People {
    private final Simulation simulation;
    private final World world;
    private final double duplicates;
    private int lastLetter;
    private int lastEdition;

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
        List<Sources.Box> boxes = List.copyOf(simulation.sources.of(pair.value()).values());
        Sources.Box box = boxes.get(world.random().nextInt(boxes.size()));
        TargetFolder target = simulation.target(pair, box.name);
        int what = (int) world.between(0, 99);
        if (what < 45) {
            letterArrives(pair, box);
        } else if (what < 60) {
            letterLeaves(pair, box);
        } else if (what < 70) {
            Sources.Letter moved = letterLeaves(pair, box);
            if (moved != null) {
                place(pair, boxes.get(world.random().nextInt(boxes.size())), moved);
            }
        } else if (what < 73) {
            renumber(pair, box);
        } else if (what < 90) {
            mailOnTarget(target);
        } else if (what < 96) {
            deletionOnTarget(target);
        } else if (what < 97) {
            newFolderOnTarget(target);
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
        simulation.truth.arrived(key(pair, box).item(uid), simulation.target(pair, box.name), letter.fingerprint());
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
        world.note(() -> "people: " + pair + "/" + box.name + " is restored under new UIDs");
        FolderKey before = key(pair, box);
        List<Long> uids = List.copyOf(box.letters.keySet());
        box.renumber();
        FolderKey after = key(pair, box);
        for (int i = 0; i < uids.size(); i++) {
            simulation.truth.renumbered(before.item(uids.get(i)), after.item(i + 1L));
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
        return new FolderKey(pair, simulation.operators.generation(pair), new FolderId(box.name), box.uidValidity);
    }
}
