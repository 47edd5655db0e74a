package io.carryall.testkit.simulator;

import io.carryall.core.item.Fingerprint;
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
        final String name;
        final TreeMap<Long, Letter> letters = new TreeMap<>();
        long uidValidity;
        long uidNext = 1;

        Box(String name, long uidValidity) {
            this.name = name;
            this.uidValidity = uidValidity;
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
            return new FolderStatus(uidValidity, uidNext, 0, letters.size());
        }
    }

    private final Map<String, Map<String, Box>> mailboxes = new LinkedHashMap<>();

    Box add(String pair, String folder) {
        Box box = new Box(folder, 7);
        mailboxes.computeIfAbsent(pair, p -> new LinkedHashMap<>()).put(folder, box);
        return box;
    }

    Map<String, Box> of(String pair) {
        return mailboxes.get(pair);
    }

    List<MailFolder> list(String pair) {
        List<MailFolder> list = new ArrayList<>();
        of(pair).keySet().forEach(name -> list.add(new MailFolder(name, name, null, true, true)));
        return list;
    }

    Map<String, FolderStatus> statuses(String pair) {
        Map<String, FolderStatus> statuses = new LinkedHashMap<>();
        of(pair).forEach((name, box) -> statuses.put(name, box.status()));
        return statuses;
    }
}
