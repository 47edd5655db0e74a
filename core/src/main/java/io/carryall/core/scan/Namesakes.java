package io.carryall.core.scan;

import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Folders.Watermark;
import io.carryall.core.record.FolderStatus;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the ledger knows of a folder by its name. Several folders may be known under one: the row of a folder that was deleted stays, and another folder that got its name later is followed, so that its row bears the name too.
 */
final class Namesakes {
    private final Map<String, List<Folder>> byName;
    private final Map<FolderId, String> scans = new HashMap<>();
    private final Set<String> mailboxIds;

    /** @param statuses of all folders that the server lists, also of those that are left out */
    Namesakes(Collection<Folder> known, Collection<Watermark> watermarks, Collection<FolderStatus> statuses) {
        this.mailboxIds = statuses.stream().map(FolderStatus::mailboxId).filter(Objects::nonNull).collect(Collectors.toSet());
        this.byName = known.stream().collect(Collectors.groupingBy(row -> ScanPlan.canonicalName(row.rawName())));
        watermarks.forEach(mark -> scans.putIfAbsent(mark.folder(), Objects.toString(mark.scan(), "")));
    }

    /**
     * The one that the folder is, of those whose MAILBOXID no other folder bears: the one with its own, else the one in its state, else the one that got the name after it had another (some servers give all their folders one UIDVALIDITY;
     * what had the name from the first was gone when another one got it), else the one that was scanned last.
     *
     * @param now    how the folder stands on the server
     * @param others rows that are known to be other folders
     */
    Optional<Folder> of(String rawName, FolderStatus now, Set<FolderId> others) {
        return byName.getOrDefault(ScanPlan.canonicalName(rawName), List.of()).stream().filter(row -> !others.contains(row.id()) && !isAnother(row, now))
                .min(Comparator.<Folder>comparingInt(row -> now.mailboxId() != null && Objects.equals(row.mailboxId(), now.mailboxId()) ? 0 : 1)
                        .thenComparingInt(row -> FolderKey.onServer(row.uidValidity()) == now.uidValidity() ? 0 : 1)
                        .thenComparingInt(row -> row.id().value().startsWith(ScanPlan.firstId(rawName)) ? 1 : 0)
                        .thenComparing(row -> scans.getOrDefault(row.id(), ""), Comparator.reverseOrder()));
    }

    /** It stands elsewhere now, be it where nothing is taken. */
    private boolean isAnother(Folder row, FolderStatus now) {
        return now.mailboxId() != null && row.mailboxId() != null && !row.mailboxId().equals(now.mailboxId()) && mailboxIds.contains(row.mailboxId());
    }
}
