package io.carryall.verify;

import io.carryall.core.migration.FolderFilter;
import io.carryall.core.migration.FolderPath;
import io.carryall.core.migration.MigrationSpec;
import io.carryall.core.port.SourceSession.MailFolder;
import io.carryall.core.port.TargetSession.Planned;
import io.carryall.core.scan.Destination;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Which folder of a target each folder of a source goes to: what the file says, else the counterpart in special use (RFC 6154), else the same path as this server names it.
 *
 * @param ways     of the folders that are compared, in the source's order
 * @param leftOut  of those that the filter leaves out, or that show other folders' messages again
 */
record FolderPlan(List<Way> ways, List<Way> leftOut) {
    private static final Set<String> DOUBLES = Set.of("\\All", "\\Flagged");

    /**
     * @param targetName raw; null where the target has no such folder
     * @param targetPath decoded
     */
    record Way(MailFolder source, String targetName, String targetPath) {}

    /** @param names the names under which a path may stand on the target, the likeliest first */
    static FolderPlan of(MigrationSpec spec, List<MailFolder> source, List<MailFolder> target, Function<String, List<Planned>> names) {
        FolderFilter filter = spec.filter().onFolders();
        List<Way> ways = new ArrayList<>();
        List<Way> leftOut = new ArrayList<>();
        for (MailFolder folder : source) {
            if (folder.selectable()) {
                (isTaken(folder, filter) ? ways : leftOut).add(way(spec, folder, target, names));
            }
        }
        return new FolderPlan(ways, leftOut);
    }

    /** The paths whose names on the target have to be known for {@code of}. */
    static List<String> paths(MigrationSpec spec, List<MailFolder> source) {
        return source.stream().filter(MailFolder::selectable).map(folder -> path(spec, folder)).toList();
    }

    private static String path(MigrationSpec spec, MailFolder folder) {
        return spec.folders().target(FolderPath.parse(folder.path())).map(FolderPath::toString).orElse(folder.path());
    }

    /** Whether the folder shows messages of others again, as Gmail's do. */
    static boolean isDouble(MailFolder folder) {
        return folder.specialUse() != null && DOUBLES.contains(folder.specialUse());
    }

    private static boolean isTaken(MailFolder folder, FolderFilter filter) {
        FolderPath path = FolderPath.parse(folder.path());
        return filter.lets(path) && (!isDouble(folder) || filter.names(path));
    }

    private static Way way(MigrationSpec spec, MailFolder folder, List<MailFolder> target, Function<String, List<Planned>> names) {
        FolderPath mapped = spec.folders().target(FolderPath.parse(folder.path())).orElse(null);
        Destination first = Destination.of(folder, mapped, target, path -> names.apply(path).get(0));
        if (first.isThere()) {
            return new Way(folder, first.name().rawName(), first.name().path());
        }
        // a server may have refused the name, and the folder got another one
        Optional<MailFolder> there = names.apply(path(spec, folder)).stream().flatMap(name -> target.stream().filter(other -> other.selectable() && other.rawName().equals(name.rawName()))).findFirst();
        return there.map(other -> new Way(folder, other.rawName(), other.path())).orElseGet(() -> new Way(folder, null, first.name().path()));
    }
}
