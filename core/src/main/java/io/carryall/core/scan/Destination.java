package io.carryall.core.scan;

import io.carryall.core.migration.FolderPath;
import io.carryall.core.port.SourceSession.MailFolder;
import io.carryall.core.port.TargetSession.Planned;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Where a source folder goes: what the operator says, else its counterpart by special use (RFC 6154), else the same path as the target names it. Two folders may go to one.
 *
 * @param isThere      whether the target has it already
 * @param isSubscribed whether the user sees it there
 */
public record Destination(Planned name, boolean isThere, boolean isSubscribed) {

    /**
     * @param target every folder of the target
     * @param naming how the target names a path
     */
    public static Destination of(ScanPlan.Planned folder, List<MailFolder> target, Function<String, Planned> naming) {
        MailFolder source = folder.source();
        MailFolder asPlaced = new MailFolder(source.rawName(), folder.placedAs(), source.specialUse(), source.selectable(), source.subscribed());
        String before = folder.known() == null ? null : folder.known().target().folder();
        return of(asPlaced, folder.mapped(), before, target, naming);
    }

    /** @param mapped where the operator sends it; null where the file names neither it nor a folder above it */
    public static Destination of(MailFolder source, FolderPath mapped, List<MailFolder> target, Function<String, Planned> naming) {
        return of(source, mapped, null, target, naming);
    }

    /** @param before where it went until now: of several counterparts that one */
    private static Destination of(MailFolder source, FolderPath mapped, String before, List<MailFolder> target, Function<String, Planned> naming) {
        if (mapped == null && source.specialUse() != null) {
            Optional<MailFolder> counterpart = target.stream().filter(other -> other.selectable() && source.specialUse().equals(other.specialUse()))
                    .min(Comparator.comparing(other -> !other.rawName().equals(before)));
            if (counterpart.isPresent()) {
                return new Destination(new Planned(counterpart.get().rawName(), counterpart.get().path(), null), true, counterpart.get().subscribed());
            }
        }
        String path = mapped == null ? source.path() : mapped.toString();
        Planned planned = naming.apply(path);
        Optional<MailFolder> there = target.stream().filter(other -> other.selectable() && isSame(other, planned)).findFirst();
        boolean inbox = FolderPath.parse(path).equals(FolderPath.INBOX);
        return new Destination(planned, inbox || there.isPresent(), there.map(MailFolder::subscribed).orElse(false));
    }

    private static boolean isSame(MailFolder folder, Planned planned) {
        return ScanPlan.canonicalName(folder.rawName()).equals(ScanPlan.canonicalName(planned.rawName()));
    }
}
