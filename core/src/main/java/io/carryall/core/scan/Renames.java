package io.carryall.core.scan;

import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Folders.Watermark;
import io.carryall.core.port.SourceSession.MailFolder;
import io.carryall.core.record.FolderStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Which folders of the source are known under another name. By MAILBOXID (RFC 8474) that is sure; by UIDVALIDITY there are candidates, whose contents have to be looked at. */
public final class Renames {
    /** Some servers give all their folders one UIDVALIDITY. */
    private static final int CANDIDATES_MAX = 16;

    private final List<MailFolder> source;
    private final Map<String, FolderStatus> statuses;
    private final List<Folder> known;
    private final Map<FolderId, Watermark> watermarks;
    private final Namesakes namesakes;
    private final Map<String, List<Folder>> byMailboxId;
    private final Map<String, Long> statesByName;
    private final Map<String, FolderId> found = new HashMap<>();
    private final Set<FolderId> claimed = new HashSet<>();

    /**
     * @param source   folders that are taken
     * @param statuses of all folders, by raw name: one that is not taken has its own row all the same
     */
    public Renames(List<MailFolder> source, Map<String, FolderStatus> statuses, List<Folder> known, List<Watermark> watermarks) {
        this.source = source.stream().filter(folder -> folder.selectable() && statuses.containsKey(folder.rawName())).toList();
        this.statuses = statuses;
        this.known = known;
        this.watermarks = watermarks.stream().collect(Collectors.toMap(Watermark::folder, Function.identity(), (a, b) -> a));
        this.namesakes = new Namesakes(known, watermarks, statuses.values());
        this.byMailboxId = known.stream().filter(row -> row.mailboxId() != null).collect(Collectors.groupingBy(Folder::mailboxId));
        this.statesByName = new HashMap<>();
        statuses.forEach((name, status) -> statesByName.put(ScanPlan.canonicalName(name), status.uidValidity()));
        this.source.forEach(this::byMailboxId);
    }

    private void byMailboxId(MailFolder folder) {
        String id = statuses.get(folder.rawName()).mailboxId();
        Optional<Folder> row = id == null ? Optional.empty() : byMailboxId.getOrDefault(id, List.of()).stream()
                .min(Comparator.comparing(candidate -> ScanPlan.isNamed(candidate, folder) ? 0 : 1));
        if (row.isPresent() && claimed.add(row.get().id()) && !ScanPlan.isNamed(row.get(), folder)) {
            found.put(folder.rawName(), row.get().id());
        }
    }

    /** Folders of which {@link #candidates} may know some: neither MAILBOXID nor name and UIDVALIDITY together tell what they are. */
    public List<MailFolder> strangers() {
        return source.stream().filter(folder -> !found.containsKey(folder.rawName()) && !isInbox(folder.rawName()) && !isItself(folder)).toList();
    }

    private boolean isItself(MailFolder folder) {
        FolderStatus now = statuses.get(folder.rawName());
        return namesakes.of(folder.rawName(), now, Set.of()).filter(row -> claimed.contains(row.id()) || stateOnServer(row) == now.uidValidity()).isPresent();
    }

    /** What it may have been called before, the likeliest first. */
    public List<Folder> candidates(MailFolder stranger) {
        FolderStatus now = statuses.get(stranger.rawName());
        List<Folder> candidates = new ArrayList<>(known.stream().filter(row -> !claimed.contains(row.id()) && !isInbox(row.rawName()) && !ScanPlan.isNamed(row, stranger) && isAway(row) && fits(row, now)).toList());
        candidates.sort(Comparator.comparingLong(row -> Math.abs(now.uidNext() - uidNext(row))));
        return candidates.subList(0, Math.min(candidates.size(), CANDIDATES_MAX));
    }

    /** The folder has moved on: nothing bears its name, or something else does. */
    private boolean isAway(Folder row) {
        return !Objects.equals(statesByName.get(ScanPlan.canonicalName(row.rawName())), stateOnServer(row));
    }

    private boolean fits(Folder row, FolderStatus now) {
        boolean anotherId = row.mailboxId() != null && now.mailboxId() != null && !row.mailboxId().equals(now.mailboxId());
        return !anotherId && stateOnServer(row) == now.uidValidity() && (now.uidNext() == 0 || now.uidNext() >= uidNext(row));
    }

    private long uidNext(Folder row) {
        Watermark mark = watermarks.get(row.id());
        return mark != null && mark.status().uidValidity() == row.uidValidity() ? mark.status().uidNext() : 0;
    }

    private static long stateOnServer(Folder row) {
        return FolderKey.onServer(row.uidValidity());
    }

    private static boolean isInbox(String rawName) {
        return rawName.equalsIgnoreCase("INBOX");
    }

    /** The contents of a candidate are those of the stranger. */
    public void confirm(MailFolder stranger, Folder row) {
        found.put(stranger.rawName(), row.id());
        claimed.add(row.id());
    }

    /** What was found, by raw name. */
    public Map<String, FolderId> found() {
        return Map.copyOf(found);
    }
}
