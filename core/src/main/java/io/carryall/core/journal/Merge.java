package io.carryall.core.journal;

import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PairName;
import io.carryall.core.item.SourceItem;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Folders.Watermark;
import io.carryall.core.port.Items;
import io.carryall.core.port.Pairs.Pair;
import io.carryall.core.record.FolderStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

/**
 * What becomes of a ledger that takes in a journal: pure decisions. What both know stays as it is here; whatever the two know together is done is not copied again; and where nobody can say whether two UIDs name one message, nothing is
 * taken for granted: it is recognised again, or refused.
 */
public final class Merge {
    private static final long USED_AGAIN_FROM = 1L << 32;

    private Merge() {}

    // ---- pairs

    /** Whether a pair of a file may be taken in, and into which life of the pair here. */
    public sealed interface Life {
        /** @param generation the one that it goes into; greater than the present one where the pair was reset elsewhere: it is to be reset here, too */
        record Into(int generation) implements Life {}

        /** The file is older than a reset of this very pair: what was forgotten on purpose does not come back. */
        record Forgotten(int generation) implements Life {}
    }

    /**
     * Generations can be compared where the pair here has the id of the one in the file: it came from there, or the file from here. Else they say nothing about each other, and everything goes into the present one.
     */
    public static Life life(Pair own, JournalEntry.Pair from) {
        boolean same = own.id().equals(from.id());
        if (same && from.generation() < own.generation()) {
            return new Life.Forgotten(own.generation());
        }
        return new Life.Into(same ? from.generation() : own.generation());
    }

    /** Two pairs of one file for one pair here: names differ in a file, so this says only that its id belongs to another name here (it was remapped on one side). */
    public static boolean isRemapped(Pair ownById, PairName nameInFile) {
        return ownById != null && !ownById.name().equals(nameInFile);
    }

    // ---- folders

    /** What becomes of one folder of a file. */
    public sealed interface FolderMerge {
        /** What it is here. */
        Folder row();

        /** It is not known here: as in the file, under an id that is free. */
        record Taken(Folder row) implements FolderMerge {}

        /** Both know it in the same state of its UIDs: a UID here is the same message as there. */
        record Joined(Folder row) implements FolderMerge {}

        /**
         * Both know it, and in different states. If the file brings anything that is done, the next scan has to recognise all of it by fingerprint before it copies: no UID of either side is relied upon.
         *
         * @param recognised the row that has that done: its state is none that a server can be in
         */
        record Apart(Folder row, Folder recognised) implements FolderMerge {}
    }

    /** Every folder of a pair by its id in the file; or why that cannot be decided. */
    public record Folders(Map<FolderId, FolderMerge> merges, String undecided) {}

    /**
     * A folder is the one of the same mailbox id (RFC 8474), else the one of the same name, and in the same state where several bear it (one that was deleted, and one that was renamed to it). Ids say nothing: they are made from the first name that a folder had.
     *
     * @param sameLine whether both ledgers have this pair from one origin, so that their counting of UIDs that were used again began together
     */
    public static Folders folders(List<Folder> own, List<Folder> file, boolean sameLine) {
        Map<FolderId, FolderMerge> merges = new HashMap<>();
        Set<FolderId> free = new HashSet<>();
        Set<FolderId> taken = new HashSet<>();
        own.forEach(folder -> {
            free.add(folder.id());
            taken.add(folder.id());
        });
        Map<FolderId, Folder> matches = new HashMap<>();
        match(file, own, matches, free, (folder, row) -> folder.mailboxId() != null && folder.mailboxId().equals(row.mailboxId()));
        match(file, own, matches, free, (folder, row) -> name(folder).equals(name(row)) && folder.uidValidity() == row.uidValidity());
        match(file, own, matches, free, (folder, row) -> name(folder).equals(name(row)));
        for (Folder folder : file) {
            Folder row = matches.get(folder.id());
            if (row == null) {
                merges.put(folder.id(), new FolderMerge.Taken(withId(folder, freeId(folder.id(), taken))));
            } else if (!sameLine && !states(row).equals(states(folder)) && Stream.concat(states(row).stream(), states(folder).stream()).anyMatch(state -> state >= USED_AGAIN_FROM)) {
                return new Folders(Map.of(), "the source used UIDs of " + row.path() + " again, and the two journals differ on when: nobody can say which UID is which message");
            } else {
                merges.put(folder.id(), joined(row, folder));
            }
        }
        return new Folders(merges, null);
    }

    private static void match(List<Folder> file, List<Folder> own, Map<FolderId, Folder> matches, Set<FolderId> free, BiPredicate<Folder, Folder> same) {
        file.stream().filter(folder -> !matches.containsKey(folder.id())).forEach(folder -> own.stream().filter(row -> free.contains(row.id()) && same.test(folder, row)).findFirst().ifPresent(row -> {
            matches.put(folder.id(), row);
            free.remove(row.id());
        }));
    }

    /** INBOX is the same in any case (RFC 9051, 5.1). */
    private static String name(Folder folder) {
        return folder.rawName().equalsIgnoreCase("INBOX") ? "INBOX" : folder.rawName();
    }

    private static FolderId freeId(FolderId wanted, Set<FolderId> taken) {
        FolderId id = wanted;
        for (int count = 2; !taken.add(id); count++) {
            id = new FolderId(wanted + "-" + count);
        }
        return id;
    }

    private static Folder withId(Folder folder, FolderId id) {
        return new Folder(id, folder.path(), folder.rawName(), folder.targetPath(), folder.target(), folder.uidValidity(), folder.placedAs(), folder.mailboxId(), folder.former());
    }

    private static Set<Long> states(Folder folder) {
        Set<Long> states = new LinkedHashSet<>();
        states.add(folder.uidValidity());
        states.addAll(folder.former());
        return states;
    }

    private static FolderMerge joined(Folder row, Folder file) {
        Set<Long> former = new LinkedHashSet<>(states(row));
        former.addAll(states(file));
        if (row.uidValidity() == file.uidValidity()) {
            former.remove(row.uidValidity());
            return new FolderMerge.Joined(inState(row, row.uidValidity(), former));
        }
        Folder apart = inState(row, FolderKey.NO_STATE, former);
        former.remove(row.uidValidity());
        return new FolderMerge.Apart(inState(row, row.uidValidity(), former), apart);
    }

    private static Folder inState(Folder row, long state, Set<Long> former) {
        List<Long> before = former.stream().filter(each -> each != FolderKey.NO_STATE).limit(Folder.FORMER_MAX).toList();
        return new Folder(row.id(), row.path(), row.rawName(), row.targetPath(), row.target(), state, row.placedAs(), row.mailboxId(), before);
    }

    // ---- items

    /** What becomes of a fact of a file. */
    public enum Verdict {
        /** Nothing was known: it is written. */
        NEW,
        /** It is known. */
        KNOWN,
        /** Both say that the item is done, and each that it went somewhere else: it is on the target twice. The fact here stays. */
        TWICE,
        /** The two do not speak of the same message, though its UID is the same: the fact is left out. */
        ANOTHER
    }

    /**
     * @param own  what is done here; null: nothing
     * @param seen what a scan saw here under this UID; null: nothing
     */
    public static Verdict done(Items.Done own, SourceItem seen, Items.Done file) {
        if (own != null) {
            boolean told = own.targetUid() != 0 && file.targetUid() != 0;
            boolean elsewhere = !own.target().equals(file.target()) || own.targetUidValidity() != file.targetUidValidity() || own.targetUid() != file.targetUid();
            return told && elsewhere && own.fingerprint().resembles(file.fingerprint()) ? Verdict.TWICE : told && elsewhere ? Verdict.ANOTHER : Verdict.KNOWN;
        }
        boolean another = seen != null && seen.hasDate() && file.fingerprint().dateEpochSecond() != SourceItem.NO_DATE && seen.dateEpochSecond() != file.fingerprint().dateEpochSecond();
        return another ? Verdict.ANOTHER : Verdict.NEW;
    }

    /** Attempts are told apart by their passes. */
    public static Verdict failed(List<Items.Failed> own, Items.Failed file) {
        return own.stream().anyMatch(attempt -> attempt.pass().equals(file.pass())) ? Verdict.KNOWN : Verdict.NEW;
    }

    /** Whether the file says that an attempt was forgiven which stands here as final: forgiving only ever becomes true. */
    public static boolean forgives(List<Items.Failed> own, Items.Failed file) {
        return file.retryable() && own.stream().anyMatch(attempt -> attempt.pass().equals(file.pass()) && !attempt.retryable());
    }

    public static Verdict seen(SourceItem own, SourceItem file) {
        if (own == null) {
            return Verdict.NEW;
        }
        return own.equals(file) ? Verdict.KNOWN : Verdict.ANOTHER;
    }

    // ---- watermarks

    /**
     * The watermark that a folder has afterwards; empty where it stays as it is. A mark says that all below it is settled, and how many there are of each. Of a folder that was not known here the file's mark is true; of one that got
     * new facts neither is: it is marked as unknown, and the next scan walks over it once.
     *
     * @param changed whether the file brought any fact that was not known
     */
    public static Optional<Watermark> mark(FolderMerge merge, Watermark own, Watermark file, boolean changed) {
        if (merge instanceof FolderMerge.Taken) {
            return own == null && file != null ? Optional.of(of(merge.row().id(), file)) : Optional.empty();
        }
        return own == null || !changed || own.equals(unknown(own)) ? Optional.empty() : Optional.of(unknown(own));
    }

    private static Watermark of(FolderId id, Watermark file) {
        return new Watermark(id, file.status(), file.filterHash(), file.scan(), file.found(), file.done(), file.excluded(), file.failed(), file.retry(), file.flagsModSeq());
    }

    /** A mark of no state and no filter: it vouches for nothing. */
    private static Watermark unknown(Watermark own) {
        return new Watermark(own.folder(), new FolderStatus(FolderKey.NO_STATE, 0, 0, 0), "", own.scan(), 0, 0, 0, 0, 0);
    }

    /** Why nothing of a pair was taken in; for operators. */
    public static String forgotten(JournalEntry.Pair pair, int generation) {
        return "the pair was reset here after the journal was written (generation " + pair.generation() + " there, " + generation + " here): what was forgotten on purpose does not come back";
    }

    /** All warnings that a merge has, listed up to a number and counted beyond. */
    public static final class Conflicts {
        private final int shownMax;
        private final List<Conflict> shown = new ArrayList<>();
        private long count;

        public Conflicts(int shownMax) {
            this.shownMax = shownMax;
        }

        public void add(Conflict conflict) {
            count++;
            if (shown.size() < shownMax) {
                shown.add(conflict);
            }
        }

        public List<Conflict> shown() {
            return List.copyOf(shown);
        }

        public long count() {
            return count;
        }
    }

    /**
     * Where a file and the ledger do not say the same.
     *
     * @param what {@code twice}, {@code another-message}, {@code another-place}, {@code remapped}
     * @param source the mailbox
     * @param folder empty where it is about the pair
     * @param uid    0 where it is about the folder, or the pair
     */
    public record Conflict(String what, String source, String folder, long uid, String detail) {}
}
