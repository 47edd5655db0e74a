package io.carryall.core.migration;

import java.time.Instant;
import java.util.List;

/**
 * What is to be left out.
 *
 * @param since        the earliest internal date that is let through (inclusive); null: no bound
 * @param until        the first internal date that is not (exclusive); null: no bound
 * @param include      patterns of folders (see {@link FolderFilter}); all where none are given
 * @param exclude      patterns of folders that are left out, even where included
 * @param maxSizeBytes the largest size that is let through; null: no bound
 */
public record Filter(Instant since, Instant until, List<String> include, List<String> exclude, Long maxSizeBytes) {

    public static final Filter EVERYTHING = new Filter(null, null, null, null, null);

    public Filter {
        include = include == null || include.isEmpty() ? List.of("**") : List.copyOf(include);
        exclude = exclude == null ? List.of() : List.copyOf(exclude);
    }

    public FolderFilter onFolders() {
        return new FolderFilter(include, exclude);
    }

    public ItemFilter onItems() {
        return new ItemFilter(since, until, maxSizeBytes);
    }
}
