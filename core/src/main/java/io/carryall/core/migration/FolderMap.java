package io.carryall.core.migration;

import java.util.Map;
import java.util.Optional;

/**
 * Folders that get another path on the target. Children come along: with {@code A → B}, {@code A/x} becomes {@code B/x}; the longest entry that fits decides.
 *
 * @param map source path to target path, both as {@link FolderPath} writes them
 */
public record FolderMap(Map<String, String> map) {

    public static final FolderMap NONE = new FolderMap(Map.of());

    public FolderMap {
        map = map == null ? Map.of() : Map.copyOf(map);
    }

    /** Where this folder goes, if the operator named it or a folder above it. Where empty, others decide (special use, then the same path). */
    public Optional<FolderPath> target(FolderPath source) {
        FolderPath best = null;
        FolderPath to = null;
        for (Map.Entry<String, String> entry : map.entrySet()) {
            FolderPath from = FolderPath.parse(entry.getKey());
            if (source.startsWith(from) && (best == null || from.depth() > best.depth())) {
                best = from;
                to = FolderPath.parse(entry.getValue());
            }
        }
        return best == null ? Optional.empty() : Optional.of(below(to, source, best.depth()));
    }

    private static FolderPath below(FolderPath to, FolderPath source, int depth) {
        FolderPath path = to;
        for (String level : source.levels().subList(depth, source.depth())) {
            path = path.child(level);
        }
        return path;
    }
}
