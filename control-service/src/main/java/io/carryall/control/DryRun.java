package io.carryall.control;

import io.carryall.control.result.Counts;
import io.carryall.control.result.PairResult;
import io.carryall.control.result.PairResult.Details;
import io.carryall.control.result.PairResult.Problem;
import io.carryall.core.fold.FolderCounts;
import io.carryall.core.fold.FolderFold;
import io.carryall.core.fold.FolderResult;
import io.carryall.core.fold.RateMeter.Rates;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PassId;
import io.carryall.core.item.SourceItem;
import io.carryall.core.migration.MailboxPair;
import io.carryall.core.migration.MigrationSpec;
import io.carryall.core.migration.MigrationSpec.RenamesPolicy;
import io.carryall.core.migration.SpecChanges.Change;
import io.carryall.core.port.Folders;
import io.carryall.core.port.LedgerException;
import io.carryall.core.port.MailException;
import io.carryall.core.port.Pairs.Pair;
import io.carryall.core.port.SourceSession;
import io.carryall.core.port.SourceSession.MailFolder;
import io.carryall.core.record.FolderStatus;
import io.carryall.core.scan.Renames;
import io.carryall.core.scan.ScanAction;
import io.carryall.core.scan.ScanPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jboss.logging.Logger;

/**
 * Looks at the source and tells what a pass would do: its result says {@code migrated} of what would be copied. Writes nothing, neither to the target nor to the ledger. Opens as many connections to the source as the migration allows. Thread-safe.
 */
final class DryRun implements PassView {
    private static final Logger LOG = Logger.getLogger(DryRun.class);
    private static final int CONNECTIONS_MAX = 8;

    private final ControlParts parts;
    private final SourceLogins sources;
    private final PassId id;
    private final MigrationSpec spec;
    private final List<Change> changes;
    private final long startedMillis;
    private final PairResult[] results;
    private final Object bell = new Object();
    private volatile boolean stopped;
    private boolean over;
    private long endedMillis;
    private long revision = 1;

    DryRun(ControlParts parts, SourceLogins sources, PassId id, MigrationSpec spec, List<Change> changes) {
        this.parts = parts;
        this.sources = sources;
        this.id = id;
        this.spec = spec;
        this.changes = changes;
        this.startedMillis = parts.clock().monotonicMillis();
        this.results = new PairResult[spec.mailboxes().size()];
    }

    void run() {
        ExecutorService pool = Executors.newFixedThreadPool(Math.min(CONNECTIONS_MAX, spec.limits().source().connections()), work -> parts.thread("carryall-dry-run", work));
        try {
            List<Future<?>> pairs = new ArrayList<>();
            for (int i = 0; i < results.length; i++) {
                int at = i;
                pairs.add(pool.submit(() -> put(at, look(spec.mailboxes().get(at)))));
            }
            for (Future<?> pair : pairs) {
                pair.get();
            }
        } catch (InterruptedException e) {
            stopped = true;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            pool.shutdownNow();
            synchronized (bell) {
                over = true;
                endedMillis = parts.clock().monotonicMillis();
                revision++;
                bell.notifyAll();
            }
        }
    }

    void stop() {
        stopped = true;
    }

    private void put(int at, PairResult result) {
        synchronized (bell) {
            results[at] = result;
            revision++;
            bell.notifyAll();
        }
    }

    private PairResult look(MailboxPair mailbox) {
        Optional<Pair> pair = Optional.empty();
        String kind = "full";
        try {
            pair = parts.ledger().pairs().find(spec.nameOf(mailbox));
            kind = pair.isEmpty() || !parts.ledger().pairs().hasCompleted(pair.get().id(), pair.get().generation()) ? "full" : "delta";
            try (SourceSession session = sources.open(spec, mailbox)) {
                return look(mailbox, pair, kind, session);
            }
        } catch (MailException e) {
            return stopped(mailbox, kind, new Problem(e.kind().reason().word(), e.getMessage()));
        } catch (LedgerException e) {
            return stopped(mailbox, kind, new Problem("unreachable", "the ledger does not answer"));
        } catch (RuntimeException e) {
            // A defect of ours must not make the dry run end as if this pair had been looked at.
            LOG.errorf(e, "the dry run of %s broke", id);
            return stopped(mailbox, kind, new Problem("refused", "the dry run of this pair broke (" + e.getClass().getSimpleName() + "): see the log"));
        }
    }

    private static PairResult stopped(MailboxPair mailbox, String kind, Problem problem) {
        return PairResult.of(mailbox.source(), mailbox.target(), kind, "failed", problem, FolderCounts.NONE, Details.NONE);
    }

    private PairResult look(MailboxPair mailbox, Optional<Pair> pair, String kind, SourceSession session) throws MailException {
        List<MailFolder> listed = session.folders();
        List<Folders.Folder> known = pair.isEmpty() ? List.of() : parts.ledger().folders().of(pair.get().id(), pair.get().generation());
        Map<String, FolderStatus> statuses = session.statuses(listed.stream().filter(MailFolder::selectable).map(MailFolder::rawName).toList());
        Renames renames = new Renames(spec.renames() == RenamesPolicy.COPY ? List.of() : listed, statuses, known, List.of());
        ScanPlan plan = ScanPlan.of(new ScanPlan.Known(listed, statuses, spec.filter().onFolders(), spec.folders(), known, List.of(), spec.filter().onItems().hash(), renames.found()));
        FolderCounts sum = FolderCounts.NONE;
        List<PairResult.Folder> rows = new ArrayList<>();
        List<PairResult.Failure> failures = new ArrayList<>();
        for (ScanPlan.Planned folder : plan.folders()) {
            if (stopped) {
                break;
            }
            String path = folder.source().path();
            boolean isKnown = pair.isPresent() && folder.known() != null;
            Look result = look(session, folder, isKnown ? new FolderKey(pair.get().id(), pair.get().generation(), folder.id(), stateOf(folder)) : null);
            sum = sum.plus(result.counts());
            rows.add(new PairResult.Folder(path, target(folder), Counts.of(result.counts()), false));
            result.failures().forEach(failure -> failures.add(new PairResult.Failure(path, failure.uid(), failure.messageId(), failure.sizeBytes(), failure.reason().word(), failure.detail(), false)));
        }
        List<PairResult.Warning> warnings = new ArrayList<>(plan.warnings().stream().map(warning -> new PairResult.Warning(warning.folder(), warning.uid(), warning.what(), warning.detail())).toList());
        plan.folders().stream().filter(folder -> folder.action() instanceof ScanAction.Rekey).forEach(folder -> warnings.add(new PairResult.Warning(folder.source().path(), 0, "rekeyed",
                "its UIDVALIDITY is another one: a pass recognises what was copied before, here all of it counts as new")));
        renames.strangers().stream().filter(folder -> spec.filter().onFolders().lets(folder.path()) && !renames.candidates(folder).isEmpty())
                .forEach(folder -> warnings.add(new PairResult.Warning(folder.path(), 0, "folder-followed", "it may be a folder that is known under another name: a pass looks and copies nothing of it again then, here all of it counts as new")));
        List<PairResult.Excluded> excluded = plan.excluded().stream().map(folder -> new PairResult.Excluded(folder.path(), folder.messages())).toList();
        return PairResult.of(mailbox.source(), mailbox.target(), kind, stopped ? "interrupted" : "finished", null, sum, new Details(rows, failures, warnings, excluded));
    }

    /** Another UIDVALIDITY than the known one has no facts yet; the pass itself recognises what was done. */
    private static long stateOf(ScanPlan.Planned folder) {
        boolean same = FolderKey.onServer(folder.known().uidValidity()) == folder.status().uidValidity();
        return same ? folder.known().uidValidity() : folder.status().uidValidity();
    }

    /** As far as it is known without a look at the target, which may have a counterpart by special use. */
    private static String target(ScanPlan.Planned folder) {
        if (folder.mapped() != null) {
            return folder.mapped().toString();
        }
        return folder.known() != null ? folder.known().targetPath() : folder.source().path();
    }

    private record Look(FolderCounts counts, List<FolderResult.Failure> failures) {}

    /** @param key null where the ledger does not know the folder */
    private Look look(SourceSession session, ScanPlan.Planned folder, FolderKey key) throws MailException {
        FolderFold fold = new FolderFold(id, spec.filter().onItems(), parts.settings().failuresMax());
        if (key != null) {
            parts.ledger().items().forEachDone(key, fold::done);
            parts.ledger().items().forEachFailed(key, attempt -> {
                if (!attempt.retryable()) {
                    fold.failed(attempt);
                }
            });
            parts.ledger().items().forEachDone(key, done -> fold.seen(new SourceItem(done.uid(), 0, SourceItem.NO_DATE)));
        }
        long[] bytes = new long[1];
        session.enumerate(folder.source().rawName(), folder.status().uidValidity(), 1, item -> bytes[0] += fold.seen(item) ? item.sizeBytes() : 0);
        FolderResult result = fold.finish(null, 0, 0);
        FolderCounts counts = result.counts();
        return new Look(new FolderCounts(counts.found(), counts.pending(), counts.alreadyThere(), counts.excluded(), counts.failed(), 0, bytes[0]), result.failures());
    }

    @Override
    public PassTold told() {
        synchronized (bell) {
            PassSum sum = new PassSum();
            int ended = 0;
            for (PairResult result : results) {
                if (result == null) {
                    sum.add(FolderCounts.NONE, null);
                } else {
                    ended++;
                    Counts counts = result.counts();
                    sum.add(new FolderCounts(counts.found(), counts.migrated(), counts.alreadyThere(), counts.excluded(), counts.failed(), 0, result.bytes()), result.error());
                }
            }
            Problem error = over ? sum.error() : null;
            String state = !over ? "running" : stopped ? "interrupted" : error == null ? "finished" : "failed";
            double seconds = ((over ? endedMillis : parts.clock().monotonicMillis()) - startedMillis) / 1_000.0;
            return new PassTold(id, id.number() == 1 ? "full" : "delta", state, revision, error, sum.counts(), seconds, results.length, ended, Rates.NONE, PassProgress.NONE, changes, true);
        }
    }

    @Override
    public void await(long since, long waitMillis) throws InterruptedException {
        long deadline = parts.clock().monotonicMillis() + waitMillis;
        synchronized (bell) {
            for (long left = waitMillis; !over && revision <= since && left > 0; left = deadline - parts.clock().monotonicMillis()) {
                bell.wait(left);
            }
        }
    }

    @Override
    public void pairs(Pairs into) throws IOException {
        PairResult[] now;
        synchronized (bell) {
            now = results.clone();
        }
        for (PairResult result : now) {
            if (result != null) {
                into.pair(result);
            }
        }
    }
}
