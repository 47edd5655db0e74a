package io.carryall.scanner;

import io.carryall.core.fold.UidSet;
import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.Reason;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Ledger;
import io.carryall.core.port.MailException;
import io.carryall.core.port.MailException.Kind;
import io.carryall.core.port.Passes.PassPair;
import io.carryall.core.port.SourceSession;
import io.carryall.core.port.SourceSession.MailFolder;
import io.carryall.core.port.TargetSession;
import io.carryall.core.record.FolderStatus;
import io.carryall.core.record.PipelineRecord.FolderEnd;
import io.carryall.core.record.PipelineRecord.Outcome;
import io.carryall.core.record.PipelineRecord.ScanEnd;
import io.carryall.core.record.PipelineRecord.Warning;
import io.carryall.core.scan.Destination;
import io.carryall.core.scan.ScanAction;
import io.carryall.core.scan.ScanPlan;
import io.carryall.core.scan.ScanPlan.Planned;
import io.carryall.runtime.Acquired;
import io.carryall.runtime.PassContext;
import io.carryall.runtime.Pooled;
import io.carryall.runtime.Side;
import io.carryall.runtime.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One walk over one source mailbox. For one thread, once. */
final class ScanAttempt {
    private static final Duration WAIT_FOR_ROOM = Duration.ofSeconds(1);

    private final Scanner.Parts parts;
    private final PassContext pass;
    private final PassPair pair;
    private final String scan;
    private final List<Warning> warnings = new ArrayList<>();
    private final List<FolderId> enumerated = new ArrayList<>();
    private final List<FolderId> skipped = new ArrayList<>();
    private final Unconfirmed unconfirmed = new Unconfirmed();
    private CannotScanException firstRefusal;

    ScanAttempt(Scanner.Parts parts, PassContext pass, PassPair pair, String scan) {
        this.parts = parts;
        this.pass = pass;
        this.pair = pair;
        this.scan = scan;
    }

    /** A folder, and where its items go. */
    private record Way(Planned folder, TargetFolder target) {}

    private interface Use<S, T> {
        T with(S session) throws MailException;
    }

    /** @return that the scan came to its end; still to be published */
    ScanEnd run() throws CannotScanException, InterruptedException {
        ScanPlan plan = withSource("looking at the source's folders", this::plan);
        warnings.addAll(plan.warnings());
        List<Way> ways = ways(plan.folders());
        for (Way way : ways) {
            if (way.folder().action() instanceof ScanAction.Skip) {
                skipped.add(way.folder().id());
            } else {
                enumerate(way);
            }
        }
        unconfirmed.await();
        if (firstRefusal != null) {
            throw firstRefusal;
        }
        return new ScanEnd(pass.id(), pair.pair(), pair.generation(), scan, enumerated, skipped, plan.excluded(), warnings, null);
    }

    private ScanPlan plan(SourceSession session) throws MailException {
        List<MailFolder> folders = session.folders();
        Map<String, FolderStatus> statuses = session.statuses(folders.stream().filter(MailFolder::selectable).map(MailFolder::rawName).toList());
        Ledger ledger = parts.ledger();
        return ScanPlan.of(new ScanPlan.Known(folders, statuses, pass.folderFilter(), pass.spec().folders(), ledger.folders().of(pair.pair(), pair.generation()),
                ledger.folders().watermarks(pair.pair(), pair.generation()), pass.filterHash()));
    }

    /** The target is opened only where the ledger does not know the way. */
    private List<Way> ways(List<Planned> folders) throws CannotScanException, InterruptedException {
        if (folders.stream().noneMatch(Planned::needsTarget)) {
            List<Way> known = new ArrayList<>();
            folders.forEach(folder -> known.add(asBefore(folder)));
            return known;
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
        return put(folder, folder.known().target(), folder.known().targetPath());
    }

    private Way prepare(Planned folder, List<MailFolder> target, TargetSession session) throws MailException {
        Destination destination = Destination.of(folder, target, session::plan);
        TargetSession.Planned name = destination.name();
        if (!destination.isThere() || folder.source().subscribed() && !destination.isSubscribed()) {
            name = create(folder, name, session);
        }
        if (name.warning() != null) {
            warnings.add(new Warning(folder.source().path(), 0, "folder-renamed", name.warning()));
        }
        String mailbox = (pass.spec().target().system() + "/" + pair.target()).toLowerCase(Locale.ROOT);
        return put(folder, new TargetFolder(mailbox, name.rawName()), name.path());
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

    private Way put(Planned folder, TargetFolder target, String targetPath) {
        MailFolder source = folder.source();
        Folder row = new Folder(folder.id(), source.path(), source.rawName(), targetPath, target, folder.status().uidValidity());
        if (!row.equals(folder.known())) {
            parts.ledger().folders().put(pair.pair(), pair.generation(), row);
        }
        return new Way(folder, target);
    }

    private void enumerate(Way way) throws CannotScanException, InterruptedException {
        Planned folder = way.folder();
        FolderKey key = new FolderKey(pair.pair(), pair.generation(), folder.id(), folder.status().uidValidity());
        long fromUid = folder.action() instanceof ScanAction.FromUid from ? from.uid() : 1;
        PagePublisher pages = new PagePublisher(parts, pass.id(), key, scan, way.target(), unconfirmed);
        if (folder.action() instanceof ScanAction.FromUid from && from.again()) {
            tryAgain(key, from.uid(), pages);
        }
        try {
            withSource("listing " + folder.source().path(), session -> {
                session.enumerate(folder.source().rawName(), folder.status().uidValidity(), fromUid, pages);
                return null;
            });
        } catch (CannotScanException e) {
            if (e.reason() != Reason.REFUSED) {
                throw e;
            }
            // The others can be scanned all the same; this one keeps the pair from being finished.
            firstRefusal = firstRefusal == null ? e : firstRefusal;
            return;
        }
        int count = pages.finish();
        unconfirmed.add(parts.queue().publish(new FolderEnd(pass.id(), key, scan, folder.status(), count)));
        parts.queue().publish(new Outcome(pass.id(), pair.pair(), folder.id(), Step.SCAN.word(), "folder-end", 0, 0, null));
        enumerated.add(folder.id());
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
        return with(Side.SOURCE, what, () -> parts.connections().source(pass, pair, WAIT_FOR_ROOM), use);
    }

    private <T> T withTarget(String what, Use<TargetSession, T> use) throws CannotScanException, InterruptedException {
        return with(Side.TARGET, what, () -> parts.connections().target(pass, pair, WAIT_FOR_ROOM), use);
    }

    private interface Asking<S> {
        Acquired<S> ask();
    }

    private <S, T> T with(Side side, String what, Asking<S> asking, Use<S, T> use) throws CannotScanException, InterruptedException {
        Pooled<S> connection = open(side, asking);
        boolean sound = false;
        MailException failure = null;
        try {
            T result = use.with(connection.session());
            sound = true;
            return result;
        } catch (MailException e) {
            failure = e;
            throw CannotScanException.of(what, e);
        } finally {
            if (sound) {
                connection.close();
            } else {
                connection.broken(failure);
            }
        }
    }

    /** Waits for room, and for a host that asked for patience, as long as that is bearable and the pass runs. */
    private <S> Pooled<S> open(Side side, Asking<S> asking) throws CannotScanException, InterruptedException {
        long deadline = parts.clock().monotonicMillis() + parts.settings().busyMillisMax();
        while (parts.gate().isOpen(pass.id())) {
            Acquired<S> acquired = asking.ask();
            if (acquired instanceof Acquired.Open<S> open) {
                return open.connection();
            } else if (acquired instanceof Acquired.Unavailable<S> unavailable) {
                throw new CannotScanException(unavailable.reason(), side.word() + ": " + unavailable.detail(), unavailable.retryMillis(), unavailable.failingMillis());
            }
            long retryMillis = ((Acquired.Busy<S>) acquired).retryMillis();
            if (parts.clock().monotonicMillis() + retryMillis > deadline) {
                throw new CannotScanException(Reason.UNREACHABLE, side.word() + ": the server had no room for another connection of ours", retryMillis, parts.settings().busyMillisMax());
            }
            TimeUnit.MILLISECONDS.sleep(Math.min(retryMillis, 1_000));
        }
        throw new PassStoppedException();
    }
}
