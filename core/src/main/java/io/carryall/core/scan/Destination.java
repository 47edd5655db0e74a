package io.carryall.core.scan;

import io.carryall.core.migration.FolderPath;
import io.carryall.core.port.SourceSession.MailFolder;
import io.carryall.core.port.TargetSession.Planned;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Where a source folder goes: what the operator says, else its counterpart by special use (RFC 6154), else the same path as the target names it. Two folders may go to one.
 *
 * @param isThere whether the target has it already
 */
public record Destination(Planned name, boolean isThere) {

    /**
     * @param target every folder of the target
     * @param naming how the target names a path
     */
    public static Destination of(ScanPlan.Planned folder, List<MailFolder> target, Function<String, Planned> naming) {
        if (folder.mapped() == null && folder.source().specialUse() != null) {
            Optional<MailFolder> counterpart = target.stream().filter(other -> other.selectable() && folder.source().specialUse().equals(other.specialUse())).findFirst();
            if (counterpart.isPresent()) {
                return new Destination(new Planned(counterpart.get().rawName(), counterpart.get().path(), null), true);
            }
        }
        String path = folder.mapped() == null ? folder.source().path() : folder.mapped().toString();
        Planned planned = naming.apply(path);
        boolean there = FolderPath.parse(path).equals(FolderPath.INBOX) || target.stream().anyMatch(other -> other.selectable() && isSame(other, planned));
        return new Destination(planned, there);
    }

    private static boolean isSame(MailFolder folder, Planned planned) {
        return ScanPlan.canonicalName(folder.rawName()).equals(ScanPlan.canonicalName(planned.rawName()));
    }
}
