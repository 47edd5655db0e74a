package io.carryall.control;

import io.carryall.control.result.Counts;
import io.carryall.control.result.PairResult;
import io.carryall.control.result.PairResult.Details;
import io.carryall.core.fold.FolderCounts;
import io.carryall.core.fold.FolderResult;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Folders.Watermark;
import io.carryall.core.record.PipelineRecord.ScanEnd;
import io.carryall.core.record.PipelineRecord.StandingFolder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What became of a pair.
 *
 * @param breaches   how often the law is broken
 * @param watermarks where its folders stand now; each with the one that it replaces, or null
 */
record Folded(FolderCounts counts, Details details, int breaches, Map<Watermark, Watermark> watermarks) {

    /** A pair in which nothing had changed: all of it stands in the row of its scan. */
    static Folded stood(ScanEnd scan, boolean flags) {
        Sum sum = new Sum(flags);
        sum.add(scan);
        scan.standing().forEach(sum::add);
        return sum.folded();
    }

    /** What its folders come to together. For one thread. */
    static final class Sum {
        private FolderCounts counts = FolderCounts.NONE;
        private final List<PairResult.Folder> folders = new ArrayList<>();
        private final List<PairResult.Failure> failures = new ArrayList<>();
        private final List<PairResult.Warning> warnings = new ArrayList<>();
        private final List<PairResult.Excluded> excluded = new ArrayList<>();
        private final Map<Watermark, Watermark> watermarks = new HashMap<>();
        private final boolean flags;
        private int breaches;

        /** @param flags whether the pass follows flags */
        Sum(boolean flags) {
            this.flags = flags;
        }

        void add(Folder folder, FolderResult result, boolean skipped, long flagsChanged) {
            String path = folder.path();
            counts = counts.plus(result.counts());
            folders.add(new PairResult.Folder(path, folder.targetPath(), Counts.of(result.counts()), skipped, flags ? flagsChanged : null));
            for (FolderResult.Failure failure : result.failures()) {
                failures.add(new PairResult.Failure(path, failure.uid(), clean(failure.messageId()), failure.sizeBytes(), failure.reason().word(), clean(failure.detail()), failure.retryable()));
            }
            breaches += result.breaches().size();
            result.breaches().forEach(breach -> warn(path, 0, "law-broken", breach));
            result.doubts().forEach(doubt -> warn(path, 0, "fewer-found", doubt));
            result.dropped().forEach((uid, keywords) -> warn(path, uid, "keyword-refused", "arrived without " + String.join(", ", keywords)));
            if (result.failuresLeftOut() > 0) {
                warn(path, 0, "failures-left-out", result.failuresLeftOut() + " more failed than are listed");
            }
        }

        void add(Sum other) {
            counts = counts.plus(other.counts);
            folders.addAll(other.folders);
            failures.addAll(other.failures);
            warnings.addAll(other.warnings);
            watermarks.putAll(other.watermarks);
            breaches += other.breaches;
        }

        void add(ScanEnd scan) {
            scan.warnings().forEach(warning -> warn(warning.folder(), warning.uid(), warning.what(), warning.detail()));
            scan.excluded().forEach(folder -> excluded.add(new PairResult.Excluded(folder.path(), folder.messages())));
        }

        private void add(StandingFolder folder) {
            FolderCounts its = new FolderCounts(folder.found(), 0, folder.done(), folder.excluded(), 0, 0, 0);
            counts = counts.plus(its);
            folders.add(new PairResult.Folder(folder.path(), folder.targetPath(), Counts.of(its), true, flags ? 0L : null));
        }

        void warn(String folder, long uid, String what, String detail) {
            warnings.add(new PairResult.Warning(folder, uid, what, clean(detail)));
        }

        /** @param replaced null where none stood there */
        void stands(Watermark now, Watermark replaced) {
            watermarks.put(now, replaced);
        }

        Folded folded() {
            return new Folded(counts, new Details(folders, failures, warnings, excluded), breaches, watermarks);
        }

        /** What servers and messages say may hold anything; a terminal is not to obey it. */
        private static String clean(String text) {
            return text == null ? null : text.replaceAll("\\p{Cntrl}", " ");
        }
    }
}
