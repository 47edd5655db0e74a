package io.carryall.control.result;

import io.carryall.core.fold.FolderCounts;

/** Counts as they stand in each object of a result: {@code found = migrated + alreadyThere + excluded + failed + pending}. */
public record Counts(long found, long migrated, long alreadyThere, long excluded, long failed, long pending) {

    public static Counts of(FolderCounts counts) {
        return new Counts(counts.found(), counts.migrated(), counts.alreadyThere(), counts.excluded(), counts.failed(), counts.pending());
    }
}
