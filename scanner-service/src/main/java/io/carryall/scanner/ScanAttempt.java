package io.carryall.scanner;

import io.carryall.core.fold.UidSet;
import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.Reason;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.migration.MigrationSpec.FlagsPolicy;
import io.carryall.core.migration.MigrationSpec.RenamesPolicy;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Folders.Watermark;
import io.carryall.core.port.MailException;
import io.carryall.core.port.MailException.Kind;
import io.carryall.core.port.Passes.PassPair;
import io.carryall.core.port.SourceSession;
import io.carryall.core.port.SourceSession.Listing;
import io.carryall.core.port.SourceSession.MailFolder;
import io.carryall.core.port.TargetSession;
import io.carryall.core.record.FolderStatus;
import io.carryall.core.record.PipelineRecord.FolderEnd;
import io.carryall.core.record.PipelineRecord.Outcome;
import io.carryall.core.record.PipelineRecord.ScanEnd;
import io.carryall.core.record.PipelineRecord.StandingFolder;
import io.carryall.core.record.PipelineRecord.Warning;
import io.carryall.core.rekey.KnownItems;
import io.carryall.core.scan.Destination;
import io.carryall.core.scan.Renames;
import io.carryall.core.scan.ScanAction;
import io.carryall.core.scan.ScanPlan;
import io.carryall.core.scan.ScanPlan.Planned;
import io.carryall.runtime.PassContext;
import io.carryall.runtime.Step;
import io.carryall.scanner.PairMailboxes.Use;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** One walk over one source mailbox. For one thread, once. */
final class ScanAttempt {
    private final Scanner.Parts parts;
    private final PassContext pass;
    private final PassPair pair;
    private final String scan;
    private final List<Warning> lasting;
    private final PairMailboxes mailboxes;
    private final List<Warning> warnings = new ArrayList<>();
    private final List<FolderId> enumerated = new ArrayList<>();
    private final List<FolderId> skipped = new ArrayList<>();
    private final Unconfirmed unconfirmed = new Unconfirmed();
    private CannotScanException firstRefusal;
    private boolean editsAnywhere;

    /** @param lasting warnings of what was done for good: a further attempt would not meet it again, so they are kept from one to the next */
    ScanAttempt(Scanner.Parts parts, PassContext pass, PassPair pair, String scan, List<Warning> lasting) {
        this.parts = parts;
        this.pass = pass;
        this.pair = pair;
        this.scan = scan;
        this.lasting = lasting;
        this.mailboxes = new PairMailboxes(parts, pass, pair);
    }

    /** A folder, and where its items go. */
    private record Way(Planned folder, Folder row) {

        Way in(Folder state) {
            return new Way(folder, state);
        }
    }

    /** @return that the scan came to its end; still to be published */
    ScanEnd run() throws CannotScanException, InterruptedException {
        ScanPlan plan = withSource("looking at the source's folders", this::plan);
        if (plan.unreadable().isPresent()) {
            // Perhaps it went away between being listed and being asked about.
            plan = withSource("looking at the source's folders", this::plan);
        }
        // Its mail may be all that somebody has: a pass that leaves it out has not finished this pair.
        plan.unreadable().ifPresent(folder -> firstRefusal = new CannotScanException(Reason.REFUSED, "the source lists the folder " + folder.folder() + " and does not let us look into it; without it the pair is not whole "
                + "(filter.folders.exclude leaves it out)", 0, 0));
        warnings.addAll(plan.warnings());
        new CopiedBefore(parts, pass, pair, mailboxes).check(plan.folders());
        List<Way> ways = ways(plan.folders());
        for (Way way : ways) {
            if (way.folder().action() instanceof ScanAction.Skip) {
                skipped.add(way.folder().id());
            } else {
                scan(way);
            }
        }
        unconfirmed.await();
        if (firstRefusal != null) {
            throw firstRefusal;
        }
        // That the pair has completed its first pass is noted by who folds it.
        List<StandingFolder> standing = pair.full() ? List.of() : plan.standing();
        return new ScanEnd(pass.id(), pair.pair(), pair.generation(), scan, enumerated, skipped, plan.excluded(), Stream.concat(lasting.stream(), warnings.stream()).toList(), null, standing);
    }

    private ScanPlan plan(SourceSession session) throws MailException {
        editsAnywhere = session.editsAnywhere();
        Listing listing = session.listing();
        List<MailFolder> folders = listing.folders();
        Map<String, FolderStatus> statuses = listing.statuses();
        List<Folder> known = parts.ledger().folders().of(pair.pair(), pair.generation());
        List<Watermark> watermarks = parts.ledger().folders().watermarks(pair.pair(), pair.generation());
        Map<String, FolderId> renamed = pass.spec().renames() == RenamesPolicy.COPY ? Map.of() : renamed(session, folders, statuses, known, watermarks);
        return ScanPlan.of(new ScanPlan.Known(folders, statuses, pass.folderFilter(), pass.spec().folders(), known, watermarks, pass.filterHash(), renamed, followsFlags()));
    }

    private Map<String, FolderId> renamed(SourceSession session, List<MailFolder> folders, Map<String, FolderStatus> statuses, List<Folder> known, List<Watermark> watermarks) throws MailException {
        Renames renames = new Renames(folders.stream().filter(folder -> pass.folderFilter().lets(folder.path())).toList(), statuses, known, watermarks);
        for (MailFolder stranger : renames.strangers()) {
            List<Folder> candidates = renames.candidates(stranger);
            if (!candidates.isEmpty()) {
                KnownItems items = items(session, stranger, statuses.get(stranger.rawName()).uidValidity());
                candidates.stream().filter(row -> isSame(items, row)).findFirst().ifPresent(row -> renames.confirm(stranger, row));
            }
        }
        return renames.found();
    }

    /** None where the server refuses: whether the folder can be listed at all is told when it is scanned. */
    private static KnownItems items(SourceSession session, MailFolder folder, long uidValidity) throws MailException {
        KnownItems items = new KnownItems();
        try {
            session.enumerate(folder.rawName(), uidValidity, 1, items::add);
        } catch (MailException e) {
            if (e.kind() != Kind.REFUSED || !session.isAlive()) {
                throw e;
            }
        }
        return items;
    }

    /** Everything that scans saw of the one and that stands in the other is the same, and there is such. */
    private boolean isSame(KnownItems items, Folder row) {
        KnownItems.Comparison comparison = items.comparison();
        parts.ledger().items().forEachSeen(key(row), comparison::compare);
        return comparison.different() == 0 && comparison.common() > 0;
    }

    private FolderKey key(Folder row) {
        return new FolderKey(pair.pair(), pair.generation(), row.id(), row.uidValidity());
    }

    private List<Way> ways(List<Planned> folders) throws CannotScanException, InterruptedException {
        List<Way> ways = found(folders);
        Map<Folder, Folder> expected = new LinkedHashMap<>();
        for (Way way : ways) {
            boolean waitsForAdoption = way.folder().known() == null && pass.adopt();
            if (!way.row().equals(way.folder().known()) && !waitsForAdoption) {
                expected.put(way.row(), way.folder().known());
            }
        }
        if (!expected.isEmpty()) {
            put(expected);
        }
        return ways;
    }

    /** The target is opened only where the ledger does not know the way. */
    private List<Way> found(List<Planned> folders) throws CannotScanException, InterruptedException {
        if (folders.stream().noneMatch(Planned::needsTarget)) {
            return folders.stream().map(this::asBefore).toList();
        }
        return withTarget("preparing the target's folders", session -> {
            List<MailFolder> target = session.folders();
            List<Way> found = new ArrayList<>();
            for (Planned folder : folders) {
                found.add(folder.needsTarget() ? prepare(folder, target, session) : asBefore(folder));
            }
            return found;
        });
    }

    private Way asBefore(Planned folder) {
        return way(folder, folder.known().target(), folder.known().targetPath());
    }

    private Way prepare(Planned folder, List<MailFolder> target, TargetSession session) throws MailException {
        Destination destination = Destination.of(folder, target, session::plan);
        TargetSession.Planned name = destination.name();
        // Where it has been going, the folder is its user's: one that was deleted or unsubscribed there is not made or subscribed again before mail goes to it.
        boolean asBefore = folder.known() != null && folder.known().target().folder().equals(name.rawName());
        if (!asBefore && (!destination.isThere() || folder.source().subscribed() && !destination.isSubscribed())) {
            name = create(folder, name, session);
        }
        if (name.warning() != null) {
            warnings.add(new Warning(folder.source().path(), 0, "folder-renamed", name.warning()));
        }
        String mailbox = (pass.spec().target().system() + "/" + pair.target()).toLowerCase(Locale.ROOT);
        return way(folder, new TargetFolder(mailbox, name.rawName()), name.path());
    }

    /** Where the target refuses the folder, its items are tried all the same: each then tells the target's own reason. */
    private TargetSession.Planned create(Planned folder, TargetSession.Planned name, TargetSession session) throws MailException {
        try {
            return session.create(name, folder.source().subscribed());
        } catch (MailException e) {
            if (e.kind() != Kind.REFUSED || !session.isAlive()) {
                throw e;
            }
            warnings.add(new Warning(folder.source().path(), 0, "folder-refused", e.getMessage()));
            return name;
        }
    }

    private Way way(Planned folder, TargetFolder target, String targetPath) {
        MailFolder source = folder.source();
        Folder known = folder.known();
        Folder row = new Folder(folder.id(), source.path(), source.rawName(), targetPath, target, known == null ? folder.status().uidValidity() : known.uidValidity(), folder.placedAs(),
                folder.status().mailboxId(), known == null ? List.of() : known.former());
        if (folder.isRenamed()) {
            lasting.add(new Warning(source.path(), 0, "folder-followed", "the folder was named " + known.path() + " before; its mail goes on to " + targetPath + " on the target"));
        }
        return new Way(folder, row);
    }

    /** Two scans of a pair can be under way: of another migration, or of a scanner that was thought dead. What one of them concluded from the row as it was must not undo what the other one found out since. */
    private void put(Folder expected, Folder next) throws CannotScanException {
        put(Collections.singletonMap(next, expected));
    }

    private void put(Map<Folder, Folder> expected) throws CannotScanException {
        List<Folder> refused = parts.ledger().folders().replace(pair.pair(), pair.generation(), expected);
        if (!refused.isEmpty()) {
            throw new CannotScanException(Reason.TIMEOUT, "another scan of the pair came first with " + refused.get(0).path(), 0, 0);
        }
    }

    private void scan(Way way) throws CannotScanException, InterruptedException {
        try {
            Way sure = sure(way);
            if (pass.adopt()) {
                adopt(sure);
            }
            if (editsAnywhere || ScanPlan.DRAFTS.equals(way.folder().source().specialUse())) {
                revisions(sure);
            }
            enumerate(sure);
        } catch (CannotScanException e) {
            if (e.reason() != Reason.REFUSED) {
                throw e;
            }
            // The others can be scanned all the same; this one keeps the pair from being finished.
            firstRefusal = firstRefusal == null ? e : firstRefusal;
        }
    }

    /** The folder in a state of its UIDs in which they name what the ledger says they name. */
    private Way sure(Way way) throws CannotScanException, InterruptedException {
        boolean changed = way.folder().action() instanceof ScanAction.Rekey || way.folder().action() instanceof ScanAction.Compare && isUsedAgain(way);
        if (changed) {
            return way.in(rekey(way));
        }
        if (!way.row().former().isEmpty()) {
            recogniseMore(way);
        }
        return way;
    }

    /** A folder is often restored piece by piece while passes go on: what was not there yet when it was recognised comes under UIDs that only look new. */
    private void recogniseMore(Way way) throws CannotScanException, InterruptedException {
        MailFolder source = way.folder().source();
        FolderRekey rekey = new FolderRekey(parts, pass.id(), pair, scan, way.row());
        long fromUid = firstUid(way.folder());
        withSource("recognising what came into " + source.path(), session -> {
            if (rekey.mayHoldMore(session, source.rawName(), fromUid)) {
                rekey.load().run(session, source.rawName(), fromUid);
            }
            return null;
        });
        if (rekey.inherited() > 0) {
            lasting.add(new Warning(source.path(), 0, "rekeyed", "more of what was copied under the folder's former UIDs has come back: " + rekey.inherited() + " recognised"));
        }
    }

    /** A folder that the ledger did not know becomes known to it with this: a later pass that is not told to adopt then looks at it again, should this one break off here. */
    private void adopt(Way way) throws CannotScanException, InterruptedException {
        MailFolder source = way.folder().source();
        FolderAdoption adoption = new FolderAdoption(parts, mailboxes, pass.id(), scan, key(way.row()), source.rawName(), way.row().target());
        adoption.run(firstUid(way.folder())).ifPresent(told -> lasting.add(new Warning(source.path(), 0, "adopted", told)));
        if (way.folder().known() == null) {
            put(null, way.row());
        }
    }

    private static long firstUid(Planned folder) {
        return folder.action() instanceof ScanAction.FromUid from ? from.uid() : 1;
    }

    private void revisions(Way way) throws CannotScanException, InterruptedException {
        MailFolder source = way.folder().source();
        DraftRevisions revisions = new DraftRevisions(parts, pass.id(), scan, key(way.row()), pass.spec().revised());
        lasting.addAll(withSource("looking for revisions in " + source.path(), session -> revisions.run(session, source.rawName(), source.path())));
    }

    private boolean isUsedAgain(Way way) throws CannotScanException, InterruptedException {
        KnownItems known = new KnownItems();
        parts.ledger().items().forEachSeen(key(way.row()), known::add);
        if (known.isEmpty()) {
            return false;
        }
        KnownItems.Comparison comparison = known.comparison();
        withSource("comparing " + way.folder().source().path(), session -> {
            session.enumerate(way.folder().source().rawName(), way.folder().status().uidValidity(), 1, comparison::compare);
            return null;
        });
        return comparison.different() > 0;
    }

    /** Until the row says so, the folder stays in its former state: an attempt that breaks off is repeated. */
    private Folder rekey(Way way) throws CannotScanException, InterruptedException {
        MailFolder source = way.folder().source();
        EndOfTheFormer end = new EndOfTheFormer(parts, pass.id(), key(way.row()), scan);
        end.await(way.row().target());
        if (!way.folder().known().target().equals(way.row().target())) {
            end.await(way.folder().known().target());
        }
        Folder next = way.row().rekeyed(way.folder().status().uidValidity());
        FolderRekey rekey = new FolderRekey(parts, pass.id(), pair, scan, next).load();
        if (!rekey.isNeedless()) {
            withSource("recognising what is in " + source.path(), session -> {
                rekey.run(session, source.rawName(), 1);
                return null;
            });
        }
        put(way.row(), next);
        if (rekey.recognised() + rekey.unknown() > 0) {
            String why = way.folder().action() instanceof ScanAction.Rekey ? "the folder's UIDVALIDITY is another one" : "the server uses the folder's UIDs again for other messages";
            lasting.add(new Warning(source.path(), 0, "rekeyed", why + ": " + rekey.recognised() + " recognised, " + rekey.unknown() + " not: these are copied as new ones"));
        }
        return next;
    }

    private void enumerate(Way way) throws CannotScanException, InterruptedException {
        Planned folder = way.folder();
        FolderKey key = key(way.row());
        long fromUid = firstUid(folder);
        PagePublisher pages = new PagePublisher(parts, pass.id(), key, scan, way.row().target(), unconfirmed);
        if (folder.action() instanceof ScanAction.FromUid from && from.again()) {
            tryAgain(key, from.uid(), pages);
        }
        withSource("listing " + folder.source().path(), session -> {
            session.enumerate(folder.source().rawName(), folder.status().uidValidity(), fromUid, pages);
            return null;
        });
        if (followsFlags() && (folder.known() != null || pass.adopt())) {
            flags(way, key, pages);
        }
        int count = pages.finish();
        FolderStatus status = new FolderStatus(key.uidValidity(), folder.status().uidNext(), folder.status().modSeq(), folder.status().messages());
        unconfirmed.add(parts.queue().publish(new FolderEnd(pass.id(), key, scan, status, count)));
        parts.queue().publish(new Outcome(pass.id(), pair.pair(), folder.id(), Step.SCAN.word(), "folder-end", 0, 0, null));
        enumerated.add(folder.id());
    }

    private boolean followsFlags() {
        return pass.spec().flags() == FlagsPolicy.FOLLOW;
    }

    private void flags(Way way, FolderKey key, PagePublisher pages) throws CannotScanException, InterruptedException {
        Planned folder = way.folder();
        FlagChanges changes = new FlagChanges(parts.ledger().items(), key, pages, parts.settings().pageItems());
        withSource("reading flags in " + folder.source().path(), session -> {
            session.flags(folder.source().rawName(), folder.status().uidValidity(), folder.flagsSince(), changes);
            return null;
        });
        changes.finish(folder.source().path()).ifPresent(warnings::add);
    }

    /** Items that failed below the UID from which on the folder is enumerated, from what the ledger has seen. Which of them are tried, registering decides by their facts. */
    private void tryAgain(FolderKey folder, long belowUid, PagePublisher pages) {
        UidSet failed = new UidSet();
        parts.ledger().items().forEachFailed(folder, attempt -> failed.add(attempt.uid()));
        if (failed.size() > 0) {
            parts.ledger().items().forEachSeen(folder, item -> {
                if (item.uid() < belowUid && failed.contains(item.uid())) {
                    pages.accept(item);
                }
            });
        }
    }

    private <T> T withSource(String what, Use<SourceSession, T> use) throws CannotScanException, InterruptedException {
        return mailboxes.source(what, use);
    }

    private <T> T withTarget(String what, Use<TargetSession, T> use) throws CannotScanException, InterruptedException {
        return mailboxes.target(what, use);
    }
}
