package io.carryall.core.scan;

import io.carryall.core.item.FolderId;
import io.carryall.core.migration.FolderFilter;
import io.carryall.core.migration.FolderMap;
import io.carryall.core.migration.FolderPath;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Folders.Watermark;
import io.carryall.core.port.SourceSession.MailFolder;
import io.carryall.core.record.FolderStatus;
import io.carryall.core.record.PipelineRecord.ExcludedFolder;
import io.carryall.core.record.PipelineRecord.Warning;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of a source mailbox before anything of it is enumerated.
 *
 * @param folders  those that hold messages and are taken, in the order in which the server lists them
 * @param excluded those that are left out whole
 */
public record ScanPlan(List<Planned> folders, List<ExcludedFolder> excluded, List<Warning> warnings) {
    /** They show messages of other folders again (RFC 6154): copying them would double everything. */
    private static final Set<String> DOUBLES = Set.of("\\All", "\\Flagged");

    public ScanPlan {
        folders = List.copyOf(folders);
        excluded = List.copyOf(excluded);
        warnings = List.copyOf(warnings);
    }

    /**
     * One folder that is taken.
     *
     * @param known  what the ledger knows of it; null: nothing
     * @param mapped where the operator sends it; null where the file names neither it nor a folder above it
     */
    public record Planned(FolderId id, MailFolder source, FolderStatus status, Folder known, FolderPath mapped, ScanAction action) {

        /** Whether the target has to be looked at to know where it goes. */
        public boolean needsTarget() {
            if (known == null) {
                return true;
            }
            boolean asBefore = mapped != null ? mapped.toString().equals(known.targetPath()) : source.path().equals(known.targetPath()) || source.specialUse() != null;
            return !asBefore;
        }
    }

    /**
     * What the plan is made from.
     *
     * @param statuses   as they stand before the enumeration, by raw name; a folder that is gone is absent
     * @param filterHash of the filter on items of this pass
     */
    public record Known(List<MailFolder> source, Map<String, FolderStatus> statuses, FolderFilter filter, FolderMap map, List<Folder> folders, List<Watermark> watermarks, String filterHash) {}

    public static ScanPlan of(Known known) {
        Builder builder = new Builder(known);
        known.source().stream().filter(MailFolder::selectable).forEach(builder::add);
        return new ScanPlan(builder.planned, builder.excluded, builder.warnings);
    }

    private static final class Builder {
        private final Known known;
        private final Set<String> met = new HashSet<>();
        private final Set<FolderId> used = new HashSet<>();
        private final List<Planned> planned = new ArrayList<>();
        private final List<ExcludedFolder> excluded = new ArrayList<>();
        private final List<Warning> warnings = new ArrayList<>();

        private Builder(Known known) {
            this.known = known;
            known.folders().forEach(folder -> used.add(folder.id()));
        }

        private void add(MailFolder folder) {
            if (!met.add(canonicalName(folder.rawName()))) {
                return;
            }
            FolderPath path = FolderPath.parse(folder.path());
            FolderStatus status = known.statuses().get(folder.rawName());
            boolean isDouble = folder.specialUse() != null && DOUBLES.contains(folder.specialUse());
            if (!known.filter().lets(path) || isDouble && !known.filter().names(path)) {
                excluded.add(new ExcludedFolder(folder.path(), status == null ? 0 : status.messages()));
                if (isDouble && known.filter().lets(path)) {
                    warnings.add(new Warning(folder.path(), 0, "folder-left-out", "it shows messages of other folders again (" + folder.specialUse() + "); include it by name to have it copied"));
                }
            } else if (status == null) {
                warnings.add(new Warning(folder.path(), 0, "folder-unreadable", "the server lists the folder and does not tell what is in it: it went away meanwhile, or may not be opened"));
            } else {
                take(folder, path, status);
            }
        }

        private void take(MailFolder folder, FolderPath path, FolderStatus status) {
            Folder row = known.folders().stream().filter(candidate -> canonicalName(candidate.rawName()).equals(canonicalName(folder.rawName()))).findFirst().orElse(null);
            FolderId id = row != null ? row.id() : freshId(folder.rawName());
            planned.add(new Planned(id, folder, status, row, known.map().target(path).orElse(null), action(id, status)));
        }

        /** Made from the name, so that two scanners at once choose the same; counted on where a folder that was renamed has it. */
        private FolderId freshId(String rawName) {
            String hash = HexFormat.of().formatHex(sha256(canonicalName(rawName)), 0, 8);
            FolderId id = new FolderId(hash);
            for (int count = 2; !used.add(id); count++) {
                id = new FolderId(hash + "-" + count);
            }
            return id;
        }

        private ScanAction action(FolderId id, FolderStatus now) {
            Optional<Watermark> mark = known.watermarks().stream().filter(candidate -> candidate.folder().equals(id) && candidate.filterHash().equals(known.filterHash())).findFirst();
            return mark.isEmpty() ? new ScanAction.All() : since(mark.get(), now);
        }
    }

    private static ScanAction since(Watermark mark, FolderStatus now) {
        FolderStatus then = mark.status();
        if (now.uidValidity() != then.uidValidity() || now.uidNext() == 0 || now.uidNext() < then.uidNext()) {
            return new ScanAction.All();
        }
        if (now.uidNext() == then.uidNext() && now.messages() == then.messages()) {
            return mark.retry() > 0 ? new ScanAction.FromUid(then.uidNext(), true) : new ScanAction.Skip();
        }
        // Each new message took a UID (RFC 9051, 2.3.1.1). Fewer messages than that were deleted since, more cannot be.
        boolean addsUp = now.messages() - then.messages() <= now.uidNext() - then.uidNext();
        return addsUp ? new ScanAction.FromUid(then.uidNext(), mark.retry() > 0) : new ScanAction.All();
    }

    /** INBOX is the same in any case (RFC 9051, 5.1). */
    static String canonicalName(String rawName) {
        return rawName.equalsIgnoreCase("INBOX") ? "INBOX" : rawName;
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
