package io.carryall.testkit.simulator;

import io.carryall.core.item.Fingerprint;
import io.carryall.core.item.FolderId;
import io.carryall.core.item.SourceItem;
import io.carryall.core.port.SourceSession.MailFolder;
import io.carryall.core.record.FolderStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The source mailboxes. */
final class Sources {
    /**
     * What a message is: two that agree in all of it are the same to the byte.
     *
     * @param edition others of the same number have the same headers and another text, as a draft that was saved again
     */
    record Letter(int number, int edition, long dateEpochSecond) {
        Fingerprint fingerprint() {
            return new Fingerprint(100 + number % 3 * 1_000L + edition, dateEpochSecond, "h" + number, "c" + number + (edition == 0 ? "" : "e" + edition));
        }

        SourceItem as(long uid) {
            return new SourceItem(uid, fingerprint().sizeBytes(), dateEpochSecond);
        }
    }

    static final class Box {
        /** What it is, whatever it is called. */
        final String id;
        final TreeMap<Long, Letter> letters = new TreeMap<>();
        private final String mailboxId;
        private String name;
        private long namedAtMillis;
        long uidValidity;
        long uidNext = 1;

        private Box(String id, String name, long uidValidity, String mailboxId) {
            this.id = id;
            this.name = name;
            this.uidValidity = uidValidity;
            this.mailboxId = mailboxId;
        }

        String name() {
            return name;
        }

        long namedAtMillis() {
            return namedAtMillis;
        }

        long add(Letter letter) {
            letters.put(uidNext, letter);
            return uidNext++;
        }

        /** A restore: the same letters under other ids. */
        void renumber() {
            List<Letter> all = new ArrayList<>(letters.values());
            letters.clear();
            uidValidity++;
            uidNext = 1;
            all.forEach(this::add);
        }

        FolderStatus status() {
            return new FolderStatus(uidValidity, uidNext, 0, letters.size(), mailboxId);
        }
    }

    /** What one LIST-STATUS tells. */
    record Listing(List<MailFolder> folders, Map<String, FolderStatus> statuses) {}

    /** No two folders have the same. */
    private static final long UID_VALIDITY = 7;
    private static final long UID_VALIDITIES = 1_000;
    private static final int IDS_MAX = 8;

    private static final String[] IDS = {"INBOX", "Sent", "F2", "F3"};

    private final boolean tellsMailboxIds;
    private final Map<String, List<Box>> mailboxes = new LinkedHashMap<>();

    Sources(boolean tellsMailboxIds) {
        this.tellsMailboxIds = tellsMailboxIds;
    }

    boolean tellsMailboxIds() {
        return tellsMailboxIds;
    }

    /** What a folder with this UIDVALIDITY is. */
    static String idOf(long uidValidity) {
        return IDS[(int) (uidValidity / UID_VALIDITIES)];
    }

    /** What the ledger may call the folder: one that is not recognised under a new name is a new one. */
    static List<FolderId> idsOf(Box box) {
        List<FolderId> ids = new ArrayList<>(List.of(new FolderId(box.id)));
        for (int i = 2; i < IDS_MAX; i++) {
            ids.add(new FolderId(box.id + "-" + i));
        }
        return ids;
    }

    static boolean mayHaveMore(List<Box> boxes) {
        return boxes.size() < IDS.length;
    }

    /** The next folder of this mailbox. */
    Box add(String pair, String name) {
        List<Box> boxes = mailboxes.computeIfAbsent(pair, p -> new ArrayList<>());
        String id = IDS[boxes.size()];
        Box box = new Box(id, name, UID_VALIDITY + UID_VALIDITIES * boxes.size(), tellsMailboxIds ? "M" + id : null);
        boxes.add(box);
        return box;
    }

    /** Whoever is called so now is called {@code name} as long as that takes: two may change names. */
    void rename(Box box, String name, long nowMillis) {
        box.name = name;
        box.namedAtMillis = nowMillis;
    }

    List<Box> of(String pair) {
        return mailboxes.get(pair);
    }

    /** Null where nothing is called so now. */
    Box named(String pair, String name) {
        return of(pair).stream().filter(box -> box.name.equals(name)).findFirst().orElse(null);
    }

    /** Null where nothing is in that state now. */
    Box inState(String pair, long uidValidity) {
        return of(pair).stream().filter(box -> box.uidValidity == uidValidity).findFirst().orElse(null);
    }

    Listing listing(String pair) {
        Map<String, FolderStatus> statuses = new LinkedHashMap<>();
        List<MailFolder> folders = new ArrayList<>();
        for (Box box : of(pair)) {
            folders.add(new MailFolder(box.name, box.name, null, true, true));
            statuses.put(box.name, box.status());
        }
        return new Listing(folders, statuses);
    }
}
