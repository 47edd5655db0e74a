package io.carryall.control;

import io.carryall.core.fold.FolderCounts;
import io.carryall.core.record.PipelineRecord.Outcome;

/**
 * What outcomes said of a pair so far: for eyes, while it runs. They may come twice or not at all, so what does not add up is bent until it does. Thread-safe.
 */
final class LiveCounts {
    private long found;
    private long excluded;
    private long alreadyThere;
    private long migrated;
    private long failed;
    private long bytes;
    private long toCopy;
    private long toCopyBytes;

    /** Whether it changed anything. */
    synchronized boolean add(Outcome outcome) {
        switch (outcome.what()) {
            case "found" -> found += outcome.items();
            case "excluded" -> excluded += outcome.items();
            case "already-there" -> alreadyThere += outcome.items();
            case "failed" -> failed += outcome.items();
            case "to-copy" -> {
                toCopy += outcome.items();
                toCopyBytes += outcome.bytes();
            }
            case "migrated" -> {
                migrated += outcome.items();
                bytes += outcome.bytes();
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Found in an earlier life of the pass, and not settled then. */
    synchronized void open(OpenPages.Open open) {
        found += open.items();
        toCopy += open.items();
        toCopyBytes += open.bytes();
    }

    synchronized FolderCounts counts() {
        long known = migrated + alreadyThere + excluded + failed;
        long all = Math.max(found, known);
        return new FolderCounts(all, migrated, alreadyThere, excluded, failed, all - known, bytes);
    }

    /** What a look into the ledger made of the items. */
    synchronized PassProgress.Register registered() {
        return new PassProgress.Register(toCopy, toCopyBytes, alreadyThere, excluded);
    }
}
