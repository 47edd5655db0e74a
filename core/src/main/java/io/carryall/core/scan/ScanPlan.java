package io.carryall.core.scan;

import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.migration.FolderFilter;
import io.carryall.core.migration.FolderMap;
import io.carryall.core.migration.FolderPath;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Folders.Watermark;
import io.carryall.core.port.SourceSession.MailFolder;
import io.carryall.core.record.FolderStatus;
import io.carryall.core.record.PipelineRecord.ExcludedFolder;
import io.carryall.core.record.PipelineRecord.StandingFolder;
import io.carryall.core.record.PipelineRecord.Warning;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of a source mailbox before anything of it is enumerated.
 *
 * @param folders  those that hold messages and are taken, in the order in which the server lists them
 * @param excluded those that are left out whole
 * @param standing where all of them stand where their watermarks stand, go where they went, and nothing in them failed: what is known of them, by path. Else empty
 */
public record ScanPlan(List<Planned> folders, List<ExcludedFolder> excluded, List<Warning> warnings, List<StandingFolder> standing) {
    /** What is known of more folders than these does not go into one row: they are skipped one by one. */
    static final int STANDING_MAX = 2_000;

    /** They show messages of other folders again (RFC 6154): copying them would double everything. */
    private static final Set<String> DOUBLES = Set.of("\\All", "\\Flagged");
    private static final String UNREADABLE = "folder-unreadable";

    public static final String DRAFTS = "\\Drafts";

    public ScanPlan {
        folders = List.copyOf(folders);
        excluded = List.copyOf(excluded);
        warnings = List.copyOf(warnings);
        standing = List.copyOf(standing);
    }

    /**
     * One folder that is taken.
     *
     * @param known  what the ledger knows of it; null: nothing
     * @param mapped where the operator sends it; null where the file names neither it nor a folder above it
     * @param flagsSince HIGHESTMODSEQ up to which its flags were followed; 0: not known, each has to be looked at
     */
    public record Planned(FolderId id, MailFolder source, FolderStatus status, Folder known, FolderPath mapped, ScanAction action, long flagsSince) {

        /** Whether the target has to be looked at to know where it goes. */
        public boolean needsTarget() {
            if (known == null) {
                return true;
            }
            if (mapped != null) {
                return !mapped.toString().equals(known.targetPath());
            }
            // Under another name than its own it has met its counterpart, or the file sent it there once: which of the two, the target tells, and it is asked when something goes there.
            boolean metCounterpart = source.specialUse() != null && action instanceof ScanAction.Skip;
            return !placedAs().equals(known.targetPath()) && !metCounterpart;
        }

        /** The path from which its place on the target follows: a folder that was renamed stays together there. */
        public String placedAs() {
            return known == null ? source.path() : known.placedAs();
        }

        /** Whether it was met under another name before. */
        public boolean isRenamed() {
            return known != null && !known.path().equals(source.path());
        }

        /** Its row needs not be written anew. */
        private boolean isKnownAsItIs() {
            return known.path().equals(source.path()) && known.rawName().equals(source.rawName()) && Objects.equals(known.mailboxId(), status.mailboxId());
        }
    }

    /**
     * What the plan is made from.
     *
     * @param statuses   as they stand before the enumeration, by raw name; a folder that is gone is absent
     * @param filterHash of the filter on items of this pass
     * @param renamed    folders that are known under another name, by raw name: see {@link Renames}
     * @param flags      whether flags are followed: then a folder stands only where its flags do
     */
    public record Known(List<MailFolder> source, Map<String, FolderStatus> statuses, FolderFilter filter, FolderMap map, List<Folder> folders, List<Watermark> watermarks, String filterHash,
            Map<String, FolderId> renamed, boolean flags) {

        /** Where flags are not followed. */
        public Known(List<MailFolder> source, Map<String, FolderStatus> statuses, FolderFilter filter, FolderMap map, List<Folder> folders, List<Watermark> watermarks, String filterHash,
                Map<String, FolderId> renamed) {
            this(source, statuses, filter, map, folders, watermarks, filterHash, renamed, false);
        }
    }

    public static ScanPlan of(Known known) {
        Builder builder = new Builder(known);
        known.source().stream().filter(MailFolder::selectable).forEach(builder::add);
        return new ScanPlan(builder.planned, builder.excluded, builder.warnings, builder.standing());
    }

    /**
     * The plan of a pair of which nothing needs to be scanned and nothing written anew: it stands as it stood. Empty where a scan has to tell.
     *
     * @param known   of a pair that completed a pass before; what is known under another name is not asked about
     * @param renames whether folders are followed under other names: then one that may be such is left to a scan
     */
    public static Optional<ScanPlan> unchanged(Known known, boolean renames) {
        if (renames && hasStrangers(known)) {
            return Optional.empty();
        }
        ScanPlan plan = of(known);
        return Optional.of(plan).filter(it -> !it.standing().isEmpty() && it.folders().stream().allMatch(Planned::isKnownAsItIs));
    }

    private static boolean hasStrangers(Known known) {
        List<MailFolder> taken = known.source().stream().filter(folder -> known.filter().lets(folder.path())).toList();
        Renames renames = new Renames(taken, known.statuses(), known.folders(), known.watermarks());
        return !renames.found().isEmpty() || !renames.strangers().isEmpty();
    }

    /** The first folder that would be taken, is listed, and does not tell what is in it. */
    public Optional<Warning> unreadable() {
        return warnings.stream().filter(warning -> warning.what().equals(UNREADABLE)).findFirst();
    }

    private static final class Builder {
        private final Known known;
        private final Set<String> met = new HashSet<>();
        private final Set<FolderId> used = new HashSet<>();
        private final Map<FolderId, Folder> byId = new HashMap<>();
        private final Namesakes namesakes;
        private final Map<FolderId, Watermark> marks = new HashMap<>();
        private final Set<FolderId> moved = new HashSet<>();
        private final List<Planned> planned = new ArrayList<>();
        private final List<StandingFolder> standing = new ArrayList<>();
        private final List<ExcludedFolder> excluded = new ArrayList<>();
        private final List<Warning> warnings = new ArrayList<>();

        private Builder(Known known) {
            this.known = known;
            for (Folder row : known.folders()) {
                used.add(row.id());
                byId.put(row.id(), row);
            }
            namesakes = new Namesakes(known.folders(), known.watermarks(), known.statuses().values());
            known.watermarks().forEach(mark -> marks.putIfAbsent(mark.folder(), mark));
            moved.addAll(known.renamed().values());
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
                warnings.add(new Warning(folder.path(), 0, UNREADABLE, "the server lists the folder and does not tell what is in it: it went away meanwhile, or may not be opened"));
            } else {
                take(folder, path, status);
            }
        }

        private void take(MailFolder folder, FolderPath path, FolderStatus status) {
            Folder row = row(folder, status);
            FolderId id = row != null ? row.id() : freshId(folder.rawName());
            FolderPath mapped = known.map().target(path).or(() -> row == null ? Optional.empty() : known.map().target(FolderPath.parse(row.placedAs()))).orElse(null);
            Optional<Watermark> mark = Optional.ofNullable(row).map(Folder::id).map(marks::get).filter(candidate -> candidate.status().uidValidity() == row.uidValidity());
            ScanAction action = action(folder, row, mark, status);
            // What was said of mod-sequences before holds while the UIDs name what they named.
            boolean holds = action instanceof ScanAction.Skip || action instanceof ScanAction.FromUid || action instanceof ScanAction.All;
            Planned taken = new Planned(id, folder, status, row, mapped, action, holds ? mark.map(Watermark::flagsModSeq).orElse(0L) : 0);
            planned.add(taken);
            if (action instanceof ScanAction.Skip && !taken.needsTarget() && mark.get().failed() + mark.get().retry() == 0) {
                standing.add(new StandingFolder(folder.path(), row.targetPath(), mark.get().found(), mark.get().done(), mark.get().excluded()));
            }
        }

        private List<StandingFolder> standing() {
            boolean all = standing.size() == planned.size() && standing.size() <= STANDING_MAX && warnings.stream().noneMatch(warning -> warning.what().equals(UNREADABLE));
            return all ? standing.stream().sorted(Comparator.comparing(StandingFolder::path)).toList() : List.of();
        }

        private Folder row(MailFolder folder, FolderStatus status) {
            FolderId renamed = known.renamed().get(folder.rawName());
            return renamed != null ? byId.get(renamed) : namesakes.of(folder.rawName(), status, moved).orElse(null);
        }

        /** Made from the name, so that two scanners at once choose the same; counted on where a folder that was renamed has it. */
        private FolderId freshId(String rawName) {
            String first = firstId(rawName);
            FolderId id = new FolderId(first);
            for (int count = 2; !used.add(id); count++) {
                id = new FolderId(first + "-" + count);
            }
            return id;
        }

        private ScanAction action(MailFolder folder, Folder row, Optional<Watermark> mark, FolderStatus now) {
            if (row == null) {
                return new ScanAction.All();
            }
            if (FolderKey.onServer(row.uidValidity()) != now.uidValidity()) {
                return new ScanAction.Rekey();
            }
            ScanAction action = mark.isEmpty() ? new ScanAction.Compare() : since(mark.get(), now);
            // Which draft is whose revision can only be told with all of them in view.
            return action instanceof ScanAction.FromUid && DRAFTS.equals(folder.specialUse()) ? new ScanAction.All() : action;
        }

        private ScanAction since(Watermark mark, FolderStatus now) {
            FolderStatus then = mark.status();
            // Each new message took a UID (RFC 9051, 2.3.1.1). Fewer messages than that were deleted since, more cannot be.
            boolean addsUp = now.uidNext() >= then.uidNext() && now.messages() - then.messages() <= now.uidNext() - then.uidNext();
            // It never goes down while UIDVALIDITY stays (RFC 7162, 3.1.2.1).
            boolean wentBack = now.modSeq() > 0 && now.modSeq() < then.modSeq();
            if (now.uidNext() == 0 || !addsUp || wentBack) {
                return new ScanAction.Compare();
            }
            if (!mark.filterHash().equals(known.filterHash())) {
                return new ScanAction.All();
            }
            boolean flagsStand = !known.flags() || now.modSeq() > 0 && now.modSeq() == mark.flagsModSeq() || now.messages() == 0;
            boolean stands = now.uidNext() == then.uidNext() && now.messages() == then.messages() && flagsStand;
            return stands && mark.retry() == 0 ? new ScanAction.Skip() : new ScanAction.FromUid(then.uidNext(), mark.retry() > 0);
        }
    }

    static boolean isNamed(Folder row, MailFolder folder) {
        return canonicalName(row.rawName()).equals(canonicalName(folder.rawName()));
    }

    /** How the ids of folders begin that were met under this name first. */
    static String firstId(String rawName) {
        return HexFormat.of().formatHex(sha256(canonicalName(rawName)), 0, 8);
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
