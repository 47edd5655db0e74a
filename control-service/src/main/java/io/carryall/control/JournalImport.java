package io.carryall.control;

import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.ItemKey;
import io.carryall.core.item.PassId;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.journal.JournalEntry;
import io.carryall.core.journal.JournalException;
import io.carryall.core.journal.JournalReader;
import io.carryall.core.journal.Merge.Conflict;
import io.carryall.core.journal.Merge.FolderMerge;
import io.carryall.core.journal.Merge;
import io.carryall.core.journal.PassOrigin;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Folders.Watermark;
import io.carryall.core.port.Intents.Intent;
import io.carryall.core.port.Intents;
import io.carryall.core.port.Items.Facts;
import io.carryall.core.port.Ledger;
import io.carryall.core.port.Pairs.Pair;
import io.carryall.core.port.Passes.Pass;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Merges a journal that was verified into the ledger, pair by pair, in an order that leaves the ledger true wherever it breaks off: what is in doubt first, then claims and facts ({@link FactsImport}), and last what speaks of them (folders, watermarks,
 * completed passes). {@link Merge} decides; nothing is written over but watermarks, which are only ever taken back. Memory holds the folders of one pair, and a few hundred facts. For one thread, once.
 */
final class JournalImport {
    /** One import at a time: two files could bring the same folder, each as new. */
    static final TargetFolder LEASE = new TargetFolder("journal", "import");
    private static final int CONFLICTS_MAX = 100;
    private static final int PAIRS_TOLD_MAX = 1_000;
    private static final long TELL_MILLIS = 3_000;
    /** A copier's lease may be longer than ours; whoever holds it has to have been silent for longer than any. */
    private static final long COPIER_LEASE_MILLIS = 60_000;
    private static final Logger LOG = Logger.getLogger(JournalImport.class);

    private final ControlParts parts;
    private final Ledger ledger;
    private final Drivers drivers;
    private final Progress progress;
    private final Map<PassId, PassId> home = new HashMap<>();
    private final Merge.Conflicts conflicts = new Merge.Conflicts(CONFLICTS_MAX);
    private final List<Told> told = new ArrayList<>();
    private final Map<State, Long> states = new LinkedHashMap<>();
    private Counted sum = Counted.NONE;
    private long toldMillis;
    private long pairs;
    private volatile Runnable keeping = () -> { };
    private volatile boolean lost;

    JournalImport(ControlParts parts, Drivers drivers, Progress progress) {
        this.parts = parts;
        this.ledger = parts.ledger();
        this.drivers = drivers;
        this.progress = progress;
        for (State state : State.values()) {
            states.put(state, 0L);
        }
    }

    /** Called by another thread, again and again: keeps what this import holds, however long the ledger or a lease makes it wait. */
    void keep(BooleanSupplier lease) {
        try {
            lost |= !lease.getAsBoolean();
            keeping.run();
        } catch (RuntimeException e) {
            LOG.debugf("the leases of an import cannot be renewed now: %s", e.getMessage());
        }
    }

    private void requireKept() {
        if (lost) {
            throw new IllegalStateException("another import took over from this one, which had been silent for too long");
        }
    }

    /** How far it is; told again and again, from the thread that does it. */
    interface Progress {
        void at(long pairs, long items);
    }

    /** What became of a pair. */
    enum State {
        MERGED, UNCHANGED,
        /** A pass is driven that has it, or somebody writes to one of its target folders: the same file may be taken in again later. */
        BUSY,
        /** It can't be merged: see its detail. */
        REFUSED
    }

    /** What was new, and how much of what is done was known. */
    record Counted(long done, long known, long failed, long seen, long inDoubt) {
        static final Counted NONE = new Counted(0, 0, 0, 0, 0);

        Counted plus(Counted more) {
            return new Counted(done + more.done, known + more.known, failed + more.failed, seen + more.seen, inDoubt + more.inDoubt);
        }
    }

    /** @param detail why it is busy or refused; else null */
    record Told(String source, String target, State state, String detail, Counted counted) {}

    /** @param pairs those that are worth a line, at most 1,000: what was refused, busy or changed */
    record Result(Map<State, Long> states, Counted sum, List<Told> pairs, List<Conflict> conflicts, long conflictsTotal) {}

    Result run(JournalReader reader) throws InterruptedException {
        while (true) {
            requireKept();
            JournalEntry entry = next(reader);
            if (entry instanceof JournalEntry.End) {
                return new Result(states, sum, told, conflicts.shown(), conflicts.count());
            }
            told(pair(reader, (JournalEntry.Pair) entry));
            pairs++;
        }
    }

    private void told(Told pair) {
        states.merge(pair.state(), 1L, Long::sum);
        sum = sum.plus(pair.counted());
        if (told.size() < PAIRS_TOLD_MAX && pair.state() != State.UNCHANGED) {
            told.add(pair);
        }
    }

    private static JournalEntry next(JournalReader reader) {
        try {
            return reader.next();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (JournalException e) {
            throw new IllegalStateException("the journal changed after it was verified", e);
        }
    }

    private static void skip(JournalReader reader) {
        while (!(next(reader) instanceof JournalEntry.PairEnd)) {
            // What is not taken in is read all the same.
        }
    }

    private Told pair(JournalReader reader, JournalEntry.Pair from) throws InterruptedException {
        Pair byId = ledger.pairs().get(from.id()).orElse(null);
        Pair own = ledger.pairs().named(from.name(), from.id());
        if (Merge.isRemapped(byId, from.name())) {
            conflicts.add(new Conflict("remapped", from.name().sourceMailbox(), "", 0, "the pair is called " + byId.name().sourceMailbox() + " to " + byId.name().targetMailbox() + " here, and " + from.name().sourceMailbox() + " to "
                    + from.name().targetMailbox() + " in the journal: what the journal says went to a pair of that name"));
        }
        Merge.Life life = Merge.life(own, from);
        if (life instanceof Merge.Life.Forgotten forgotten) {
            skip(reader);
            return told(from, State.REFUSED, Merge.forgotten(from, forgotten.generation()), Counted.NONE);
        }
        Set<String> migrations = drivers.concerned(own.id());
        Optional<Told> merged = drivers.whileStill(migrations, keep -> merge(reader, from, own, ((Merge.Life.Into) life).generation(), keep));
        if (merged.isEmpty()) {
            skip(reader);
            return told(from, State.BUSY, "a pass that has it is running (" + String.join(", ", migrations) + "): pause it or wait for its end, and import the file again", Counted.NONE);
        }
        return merged.get();
    }

    private static Told told(JournalEntry.Pair pair, State state, String detail, Counted counted) {
        return new Told(pair.name().sourceMailbox(), pair.name().targetMailbox(), state, detail, counted);
    }

    private Told merge(JournalReader reader, JournalEntry.Pair from, Pair own, int generation, Runnable keep) {
        keeping = keep;
        try {
            return new OfPair(from, new Pair(own.id(), own.name(), generation), own.generation()).run(reader);
        } finally {
            keeping = () -> { };
        }
    }

    private PassId home(PassId pass) {
        return home.computeIfAbsent(pass, known -> PassOrigin.home(known, own -> ledger.passes().get(own).map(Pass::startedAt)));
    }

    private final class OfPair {
        private final JournalEntry.Pair from;
        private final Pair own;
        private final int generationBefore;
        private final Set<PassId> completed = new LinkedHashSet<>();
        private final Map<FolderId, Folder> folders = new LinkedHashMap<>();
        private final Map<FolderId, Watermark> marks = new HashMap<>();
        private final List<JournalEntry.InDoubt> doubts = new ArrayList<>();
        private final List<JournalEntry.Claim> claims = new ArrayList<>();
        private Map<FolderId, Folder> ownFolders = Map.of();
        private Merge.Folders plan;
        private String busy;
        private long inDoubt;
        private final FactsImport facts;

        /** @param own in the generation that it goes into */
        OfPair(JournalEntry.Pair from, Pair own, int generationBefore) {
            this.from = from;
            this.own = own;
            this.generationBefore = generationBefore;
            this.facts = new FactsImport(ledger.items(), from.name().sourceMailbox(), JournalImport.this::home, conflicts, JournalImport.this::requireKept);
        }

        Told run(JournalReader reader) {
            for (JournalEntry entry = next(reader); !(entry instanceof JournalEntry.PairEnd); entry = next(reader)) {
                take(entry);
                String why = plan == null ? null : plan.undecided() != null ? plan.undecided() : busy;
                if (why != null) {
                    skip(reader);
                    return told(from, busy != null ? State.BUSY : State.REFUSED, why, Counted.NONE);
                }
                tell();
            }
            if (plan == null && planned() != null) {
                return told(from, busy != null ? State.BUSY : State.REFUSED, planned(), Counted.NONE);
            }
            facts.flush();
            ends();
            Counted counted = facts.counted().plus(new Counted(0, 0, 0, 0, inDoubt));
            boolean anything = counted.done + counted.failed + counted.seen + counted.inDoubt > 0;
            return told(from, anything ? State.MERGED : State.UNCHANGED, null, counted);
        }

        private void tell() {
            long now = parts.clock().monotonicMillis();
            if (now - toldMillis > TELL_MILLIS) {
                toldMillis = now;
                progress.at(pairs, sum.done + sum.known + facts.counted().done + facts.counted().known);
            }
        }

        private void take(JournalEntry entry) {
            if (entry instanceof JournalEntry.Completed it) {
                completed.add(it.pass());
            } else if (entry instanceof JournalEntry.SourceFolder it) {
                folders.put(it.folder().id(), it.folder());
            } else if (entry instanceof JournalEntry.Mark it) {
                marks.put(it.watermark().folder(), it.watermark());
            } else if (entry instanceof JournalEntry.InDoubt it) {
                doubts.add(it);
            } else if (entry instanceof JournalEntry.Claim it) {
                claims.add(it);
            } else if (plan == null && planned() != null) {
                return;
            } else if (entry instanceof JournalEntry.State it) {
                facts.into(it.folder(), key(it.folder(), it.uidValidity()), folders.get(it.folder()).path());
            } else {
                facts.take(entry);
            }
        }

        /** Decides what the folders are, and writes what is in doubt, before the first fact. The answer is why that could not be; null where it is done. */
        private String planned() {
            if (plan == null) {
                List<Folder> known = ledger.folders().of(own.id(), own.generation());
                ownFolders = known.stream().collect(Collectors.toMap(Folder::id, Function.identity(), (a, b) -> b));
                plan = Merge.folders(known, List.copyOf(folders.values()), own.id().equals(from.id()));
                if (plan.undecided() == null) {
                    writeDoubts();
                }
                if (plan.undecided() == null && busy == null) {
                    reset();
                }
            }
            return plan.undecided() != null ? plan.undecided() : busy;
        }

        /** Not before it is certain that the file is taken in: a pair that was reset here and got nothing would be copied whole again. */
        private void reset() {
            for (int present = generationBefore; present < own.generation(); present++) {
                ledger.pairs().nextGeneration(own.id(), present);
            }
        }

        private FolderKey key(FolderId folder, long uidValidity) {
            return new FolderKey(own.id(), own.generation(), plan.merges().get(folder).row().id(), uidValidity);
        }

        private boolean isOfPair(FolderKey key) {
            return key.pair().equals(from.id()) && key.generation() == from.generation() && plan.merges().containsKey(key.folder());
        }

        // ---- in doubt

        private void writeDoubts() {
            for (JournalEntry.Claim claim : claims) {
                FolderKey key = claim.item().folder();
                ItemKey item = isOfPair(key) ? key(key.folder(), key.uidValidity()).item(claim.item().uid()) : claim.item();
                ledger.items().claim(claim.target(), claim.targetUidValidity(), Map.of(claim.targetUid(), item));
            }
            doubts.stream().filter(this::isOpenHere).collect(Collectors.groupingBy(JournalEntry.InDoubt::target)).forEach((target, ofTarget) -> {
                if (busy == null && !open(target, ofTarget)) {
                    busy = "somebody writes to the target folder " + target.folder() + ", for which the journal has items in doubt: import the file again later";
                }
            });
        }

        private boolean isOpenHere(JournalEntry.InDoubt doubt) {
            List<Long> uids = doubt.items().stream().map(Intents.Item::uid).toList();
            Map<Long, Facts> facts = ledger.items().facts(key(doubt.folder(), doubt.uidValidity()), uids);
            return uids.stream().anyMatch(uid -> !facts.containsKey(uid) || facts.get(uid).done() == null);
        }

        /** As an epoch of its own, which is never settled by us: whoever writes there next settles it before anything else. */
        private boolean open(TargetFolder target, List<JournalEntry.InDoubt> ofTarget) {
            try {
                Optional<PassLease> held = PassLease.take(ledger.leases(), target, drivers.holder(), parts.clock(), COPIER_LEASE_MILLIS);
                if (held.isEmpty()) {
                    return false;
                }
                int group = 0;
                for (JournalEntry.InDoubt doubt : ofTarget) {
                    ledger.intents().open(new Intent(target, held.get().taken().epoch(), ++group, home(doubt.pass()), key(doubt.folder(), doubt.uidValidity()), doubt.targetUidValidity(), doubt.uidNextLow(), doubt.items()));
                    inDoubt += doubt.items().size();
                }
                // Who took it over meanwhile may not have seen all of them.
                boolean stillOurs = held.get().renew();
                held.get().release();
                return stillOurs;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        // ---- what speaks of facts

        private void ends() {
            Map<FolderId, Watermark> ownMarks = ledger.folders().watermarks(own.id(), own.generation()).stream().collect(Collectors.toMap(Watermark::folder, Function.identity(), (a, b) -> b));
            plan.merges().forEach((id, merge) -> {
                Folder row = merge instanceof FolderMerge.Apart apart && facts.done().contains(id) ? apart.recognised() : merge.row();
                Folder known = ownFolders.get(row.id());
                if (!row.equals(known)) {
                    ledger.folders().put(own.id(), own.generation(), row);
                }
                Watermark mark = ownMarks.get(row.id());
                Merge.mark(merge, mark, marks.get(id), facts.changed().contains(id)).ifPresent(next -> ledger.folders().putWatermark(own.id(), own.generation(), mark, next));
                if (known != null && !known.target().equals(folders.get(id).target())) {
                    conflicts.add(new Conflict("another-place", from.name().sourceMailbox(), known.path(), 0, "new mail goes to " + known.target().folder() + " here, and went to " + folders.get(id).target().folder() + " there"));
                }
            });
            Set<PassId> known = ledger.pairs().completedPasses(own.id(), own.generation());
            completed.stream().map(JournalImport.this::home).filter(pass -> !known.contains(pass)).forEach(pass -> ledger.pairs().completed(own.id(), own.generation(), pass));
        }
    }
}
