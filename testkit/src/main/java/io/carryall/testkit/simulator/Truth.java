package io.carryall.testkit.simulator;

import io.carryall.core.item.Fingerprint;
import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.ItemKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.Reason;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.migration.ItemFilter;
import io.carryall.core.port.Items.Done;
import io.carryall.core.port.Items.Facts;
import io.carryall.core.port.Items.Failed;
import io.carryall.core.port.Items.How;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * What really is, seen from outside: compared with what Carryall promises and with what the ledger says. Of messages that are the same to the byte nobody can say which is which, so they are counted: as often on
 * the target as in the source.
 */
final class Truth {
    /** The same message in the same target folder. */
    private record Kind(TargetFolder folder, Fingerprint message) {}

    private static final class Count {
        int items;
        int stored;
        int done;
        boolean excused;
    }

    private record Place(TargetFolder folder, long uidValidity, long uid) {}

    private record Heir(FolderKey folder, Place place) {}

    private final Map<Kind, Count> counts = new HashMap<>();
    private final Map<ItemKey, Kind> kinds = new HashMap<>();
    private final Set<ItemKey> inSource = new LinkedHashSet<>();
    private final Map<Place, ItemKey> places = new HashMap<>();
    private final Map<Heir, ItemKey> heirs = new HashMap<>();
    private final Set<Kind> unclear = new HashSet<>();
    private final Set<Kind> renumbered = new HashSet<>();
    private final Set<TargetFolder> tampered = new HashSet<>();
    private final Set<TargetFolder> beyond = new HashSet<>();
    private final Map<ItemKey, Long> sinceMillis = new HashMap<>();
    private final boolean uidsAreTold;
    private final boolean foldersMove;
    private final LongSupplier nowMillis;
    private int doubledBeyondTheLimit;

    Truth(boolean uidsAreTold, boolean foldersMove, LongSupplier nowMillis) {
        this.uidsAreTold = uidsAreTold;
        this.foldersMove = foldersMove;
        this.nowMillis = nowMillis;
    }

    static String word(ItemKey key) {
        return key.folder().pair() + (key.folder().generation() > 1 ? "#" + key.folder().generation() : "") + "/" + key.folder().folder() + "/" + key.folder().uidValidity() + "/" + key.uid();
    }

    /** The folder is what it is, whatever the ledger knows it as. */
    static ItemKey real(ItemKey key) {
        FolderKey folder = key.folder();
        return new FolderKey(folder.pair(), folder.generation(), new FolderId(Sources.idOf(folder.serverUidValidity())), folder.serverUidValidity()).item(key.uid());
    }

    /** Where folders are renamed, a new one may go to where another one of its name went: then it is counted what is in any of them. */
    private TargetFolder place(TargetFolder folder) {
        return foldersMove && !folder.folder().equals("INBOX") ? new TargetFolder(folder.mailbox(), "*") : folder;
    }

    int doubledBeyondTheLimit() {
        return doubledBeyondTheLimit;
    }

    // ---- what happens

    void arrived(ItemKey key, TargetFolder target, Fingerprint message) {
        Kind kind = new Kind(place(target), message);
        kinds.put(key, kind);
        isThere(key);
        count(kind).items++;
    }

    private void isThere(ItemKey key) {
        inSource.add(key);
        sinceMillis.put(key, nowMillis.getAsLong());
    }

    void left(ItemKey key) {
        inSource.remove(key);
    }

    /** The same message under a new UID: recognised or copied, it is to be there as often as before. */
    void renumbered(ItemKey before, ItemKey after) {
        Kind kind = kinds.get(before);
        kinds.put(after, kind);
        renumbered.add(kind);
        inSource.remove(before);
        isThere(after);
    }

    /** The item is to be copied once more, in the next life of its pair's ledger. */
    void reset(ItemKey before, ItemKey after) {
        Kind kind = kinds.get(before);
        kinds.put(after, kind);
        count(kind).items++;
        inSource.remove(before);
        isThere(after);
    }

    /** It ended as ambiguous: nobody knows whether it is there. */
    void unclear(ItemKey key) {
        unclear.add(kinds.get(real(key)));
    }

    /** Somebody decided that what nobody knows to be there is copied again. */
    void triedAgain(ItemKey key) {
        count(kinds.get(real(key))).excused = true;
    }

    /** People changed the target folder: what is in doubt there may stay so. */
    void tampered(TargetFolder folder) {
        tampered.add(place(folder));
    }

    /** The limit that is said openly: nothing is promised of these any more. */
    void beyondTheLimit(TargetFolder folder, Iterable<Targets.Sent> group) {
        beyond.add(place(folder));
        group.forEach(sent -> count(kinds.get(real(sent.item()))).excused = true);
    }

    void stored(TargetFolder folder, Targets.Sent sent) {
        Count count = count(new Kind(place(folder), sent.message()));
        count.stored++;
        // What ended as ambiguous under its former UID is a new item under the next one, as all that failed.
        count.excused |= unclear.contains(kinds.get(real(sent.item()))) && renumbered.contains(kinds.get(real(sent.item())));
        if (count.stored > count.items) {
            if (!count.excused) {
                throw new Violation("doubled: " + word(sent.item()) + " is " + count.stored + " times on the target, and there are " + count.items + " of it in the source");
            }
            doubledBeyondTheLimit++;
        }
    }

    /** @param before the fact that stood there, or null */
    void recorded(ItemKey ledgerKey, Done before, Done after) {
        ItemKey key = real(ledgerKey);
        if (before != null && !before.equals(after)) {
            throw new Violation("a done fact changed: " + word(key) + " from " + before + " to " + after);
        }
        if (before != null) {
            return;
        }
        if (after.how() == How.REKEYED) {
            inherited(key, after);
            return;
        }
        Count count = count(kinds.get(key));
        count.done++;
        if (count.done > count.stored && !count.excused) {
            throw new Violation("lost: " + word(key) + " is recorded as done, and the target never had it that often (" + count.stored + " of " + count.done + ")");
        }
        ItemKey other = after.targetUid() == 0 ? null : places.putIfAbsent(new Place(after.target(), after.targetUidValidity(), after.targetUid()), key);
        if (other != null && !other.equals(key) && !count.excused) {
            throw new Violation("UID " + after.targetUid() + " of " + after.target().folder() + " is recorded for " + word(other) + " and for " + word(key));
        }
    }

    private void inherited(ItemKey key, Done fact) {
        Heir heir = new Heir(key.folder(), new Place(fact.target(), fact.targetUidValidity(), fact.targetUid()));
        ItemKey other = fact.targetUid() == 0 ? null : heirs.putIfAbsent(heir, key);
        // Of two scans at once one may have met the message before somebody moved it, and one after: it is there once, in the source as on the target.
        if (other != null && !other.equals(key) && inSource.contains(other) && inSource.contains(key)) {
            throw new Violation("UID " + fact.targetUid() + " of " + fact.target().folder() + " went over to " + word(other) + " and to " + word(key));
        }
    }

    // ---- what is promised of a pair in which nothing had changed

    /** What was there when the pass began, is taken, and is let through is done. */
    void toldUnchanged(PairId pair, int generation, long begunMillis, Predicate<FolderId> isTaken, ItemFilter filter, Function<ItemKey, Facts> facts) {
        for (ItemKey key : inSource) {
            Fingerprint message = kinds.get(key).message();
            boolean isOld = key.folder().pair().equals(pair) && key.folder().generation() == generation && sinceMillis.get(key) <= begunMillis;
            boolean isWanted = isOld && isTaken.test(key.folder().folder()) && filter.lets(message.sizeBytes(), Instant.ofEpochSecond(message.dateEpochSecond())).letsThrough();
            Facts its = isWanted ? facts.apply(key) : null;
            if (isWanted && (its == null || its.done() == null)) {
                throw new Violation("told that nothing had changed, and " + word(key) + " was there, and is not done");
            }
        }
    }

    // ---- what is promised at the end

    boolean isInSource(ItemKey key) {
        return inSource.contains(key);
    }

    /** @param inDoubt what is still in doubt: only what left the source before it was tried again may be */
    void atTheEnd(Function<ItemKey, Facts> facts, Set<ItemKey> inDoubt, Predicate<String> mayBeRefused) {
        Map<Kind, Integer> ambiguous = new HashMap<>();
        for (Map.Entry<ItemKey, Kind> entry : kinds.entrySet()) {
            Facts its = facts.apply(entry.getKey());
            boolean done = its != null && its.done() != null;
            boolean unclear = its != null && its.failures().stream().anyMatch(failure -> failure.reason() == Reason.AMBIGUOUS);
            if (!done && unclear) {
                mayBeAmbiguous(entry.getKey(), entry.getValue(), its);
                ambiguous.merge(entry.getValue(), 1, Integer::sum);
            } else if (!done && inSource.contains(entry.getKey())) {
                mayHaveFailed(entry.getKey(), its, mayBeRefused);
            } else if (!done && inDoubt.contains(entry.getKey())) {
                ambiguous.merge(entry.getValue(), 1, Integer::sum);
            }
        }
        counts.forEach((kind, count) -> {
            int mostly = count.done + ambiguous.getOrDefault(kind, 0);
            if (!count.excused && (count.stored < count.done || count.stored > mostly)) {
                throw new Violation(kind + " was stored " + count.stored + " times, and the ledger knows of " + count.done + " to " + mostly);
            }
        });
    }

    private void mayBeAmbiguous(ItemKey key, Kind kind, Facts its) {
        boolean people = tampered.contains(kind.folder()) || beyond.contains(kind.folder());
        boolean cannotBeTold = !uidsAreTold && kinds.values().stream().filter(other -> other.folder().equals(kind.folder()) && other.message().resembles(kind.message())).count() > 1;
        if (!people && !cannotBeTold) {
            throw new Violation(word(key) + " ended as ambiguous, and nobody but us was there: " + its.failures());
        }
    }

    private static void mayHaveFailed(ItemKey key, Facts its, Predicate<String> mayBeRefused) {
        List<Failed> failures = its == null ? List.of() : its.failures();
        boolean refused = failures.stream().anyMatch(failure -> failure.reason() == Reason.REFUSED && mayBeRefused.test(failure.messageId()));
        if (!refused) {
            throw new Violation("lost: " + word(key) + " is in the source and not on the target: " + (failures.isEmpty() ? "nothing is known of it" : failures));
        }
    }

    private Count count(Kind kind) {
        return counts.computeIfAbsent(kind, k -> new Count());
    }
}
