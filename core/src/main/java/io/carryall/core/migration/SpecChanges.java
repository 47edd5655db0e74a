package io.carryall.core.migration;

import io.carryall.core.port.ServerAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** What is different in a migration since another time. Bounded: of a long list of mailboxes, the first that came and went are named. */
public final class SpecChanges {
    private static final int NAMED_MAX = 20;

    private SpecChanges() {
    }

    /**
     * One difference.
     *
     * @param what   the key of the migration file, with dots between levels; {@code mailbox} or {@code mailboxes} for the list
     * @param before null where there was nothing
     * @param after  null where there is nothing
     */
    public record Change(String what, String before, String after) {}

    /** But for the lists of mailboxes, and for how one logs in. In the order of the file. */
    public static List<Change> between(MigrationSpec before, MigrationSpec now) {
        List<Change> changes = new ArrayList<>();
        server(changes, "source", before.source(), now.source());
        server(changes, "target", before.target(), now.target());
        add(changes, "filter.since", before.filter().since(), now.filter().since());
        add(changes, "filter.until", before.filter().until(), now.filter().until());
        add(changes, "filter.folders.include", before.filter().include(), now.filter().include());
        add(changes, "filter.folders.exclude", before.filter().exclude(), now.filter().exclude());
        add(changes, "filter.max-size", before.filter().maxSizeBytes(), now.filter().maxSizeBytes());
        Set<String> mapped = new TreeSet<>(before.folders().map().keySet());
        mapped.addAll(now.folders().map().keySet());
        mapped.forEach(folder -> add(changes, "folders.map." + folder, before.folders().map().get(folder), now.folders().map().get(folder)));
        add(changes, "flags", word(before.flags()), word(now.flags()));
        add(changes, "revised", word(before.revised()), word(now.revised()));
        add(changes, "renames", word(before.renames()), word(now.renames()));
        limits(changes, "limits.source", before.limits().source(), now.limits().source());
        limits(changes, "limits.target", before.limits().target(), now.limits().target());
        return changes;
    }

    private static void limits(List<Change> changes, String side, Limits.Side before, Limits.Side now) {
        add(changes, side + ".connections", before.connections(), now.connections());
        add(changes, side + ".per-mailbox", before.perMailbox(), now.perMailbox());
        add(changes, side + ".bytes-per-second", bound(before.bytesPerSecond()), bound(now.bytesPerSecond()));
    }

    private static Long bound(long bytesPerSecond) {
        return bytesPerSecond == Limits.Side.UNLIMITED ? null : (Long) bytesPerSecond;
    }

    private static void server(List<Change> changes, String side, MailServer before, MailServer now) {
        add(changes, side + ".system", before.system(), now.system());
        add(changes, side + ".url", place(before.address()), place(now.address()));
    }

    private static String place(ServerAddress address) {
        return address.host() + ":" + address.port();
    }

    private static String word(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT);
    }

    private static void add(List<Change> changes, String what, Object before, Object after) {
        if (!Objects.equals(before, after)) {
            changes.add(new Change(what, before == null ? null : before.toString(), after == null ? null : after.toString()));
        }
    }

    /** Which mailboxes came onto the list, and which went. Each stands for a pair, as it is to be shown. */
    public static List<Change> ofLists(Collection<String> before, Collection<String> now) {
        List<Change> changes = new ArrayList<>();
        Set<String> added = new LinkedHashSet<>(now);
        added.removeAll(before instanceof Set ? before : new LinkedHashSet<>(before));
        Set<String> removed = new LinkedHashSet<>(before);
        removed.removeAll(now instanceof Set ? now : new LinkedHashSet<>(now));
        added.stream().limit(NAMED_MAX).forEach(mailbox -> changes.add(new Change("mailbox", null, mailbox)));
        removed.stream().limit(NAMED_MAX).forEach(mailbox -> changes.add(new Change("mailbox", mailbox, null)));
        if (added.size() > NAMED_MAX || removed.size() > NAMED_MAX) {
            changes.add(new Change("mailboxes", removed.size() + " went in all", added.size() + " came in all"));
        }
        return changes;
    }
}
