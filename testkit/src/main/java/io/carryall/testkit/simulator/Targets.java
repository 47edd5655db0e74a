package io.carryall.testkit.simulator;

import io.carryall.core.item.Fingerprint;
import io.carryall.core.item.ItemKey;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.TargetSession.Appended;
import io.carryall.core.port.TargetSession.Capabilities;
import io.carryall.core.port.TargetSession.Position;
import io.carryall.core.port.TargetSession.Refused;
import io.carryall.core.port.TargetSession.Stored;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The target mailboxes, as one server holds them. */
final class Targets {
    static final class Box {
        final TreeMap<Long, Fingerprint> messages = new TreeMap<>();
        long uidValidity = 1;
        long uidNext = 1;

        Position position() {
            return new Position(uidValidity, uidNext);
        }

        long add(Fingerprint message) {
            messages.put(uidNext, message);
            return uidNext++;
        }
    }

    /** A message of a group, and whose it is. */
    record Sent(ItemKey item, Fingerprint message) {}

    final Capabilities capabilities;
    private final World world;
    private final Truth truth;
    private final Map<TargetFolder, Box> boxes = new LinkedHashMap<>();
    final Set<String> refusedContents = new HashSet<>();
    /** Those over which the server stumbled: who tries them often enough in vain may give them up. */
    private final Set<String> stumbledContents = new HashSet<>();
    boolean isFull;

    Targets(World world, Truth truth, Capabilities capabilities) {
        this.world = world;
        this.truth = truth;
        this.capabilities = capabilities;
    }

    /** Null where it is not there. */
    Box box(TargetFolder folder) {
        return boxes.get(folder);
    }

    Set<TargetFolder> folders() {
        return boxes.keySet();
    }

    void create(TargetFolder folder) {
        boxes.computeIfAbsent(folder, f -> new Box());
    }

    /** What STATUS tells: a lower bound of what is to come. Where UIDs are not told, nothing else tells old messages from new ones, so there it has to be up to date. */
    Position told(TargetFolder folder) {
        Box box = boxes.get(folder);
        boolean allTold = capabilities.uidPlus() && world.odds().untold() == 0;
        return allTold && world.fault(world.odds().lagging()) ? new Position(box.uidValidity, world.between(1, box.uidNext)) : box.position();
    }

    private Refused stumble(List<Sent> group) {
        if (world.chance(0.5)) {
            return new Refused(false, "UNAVAILABLE", "not now", world.between(0, 3_000));
        }
        group.forEach(sent -> stumbledContents.add(sent.message().content()));
        return new Refused(false, "SERVERBUG", "oops", 0);
    }

    boolean mayRefuse(String content) {
        return refusedContents.contains(content) || stumbledContents.contains(content);
    }

    /** All of them or none. */
    Appended store(TargetFolder folder, List<Sent> group) {
        Box box = boxes.get(folder);
        if (box == null) {
            return new Refused(false, "TRYCREATE", "no such folder", 0);
        } else if (isFull) {
            return new Refused(false, "OVERQUOTA", "full", 0);
        } else if (group.stream().anyMatch(sent -> refusedContents.contains(sent.message().content()))) {
            return new Refused(false, "", "content not allowed", 0);
        } else if (world.fault(world.odds().appendRefused())) {
            return stumble(group);
        }
        List<Long> uids = new ArrayList<>();
        for (Sent sent : group) {
            uids.add(box.add(sent.message()));
            truth.stored(folder, sent);
        }
        world.note(() -> "target " + folder.folder() + " stores " + group.stream().map(sent -> Truth.word(sent.item())).toList() + " as " + uids);
        boolean told = capabilities.uidPlus() && !world.fault(world.odds().untold());
        return told ? new Stored(box.uidValidity, uids, List.of()) : new Stored(0, List.of(), List.of());
    }
}
