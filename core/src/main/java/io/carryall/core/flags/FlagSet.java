package io.carryall.core.flags;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** Flags of one message, system flags and keywords, whose case does not count (RFC 9051, 2.3.2). {@code \Recent} is the server's own and never among them. Immutable. */
public final class FlagSet {
    public static final FlagSet NONE = new FlagSet(List.of());
    private static final String RECENT = "\\Recent";

    private final SortedSet<String> names;

    private FlagSet(Collection<String> names) {
        TreeSet<String> all = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        all.addAll(names);
        all.remove(RECENT);
        this.names = Collections.unmodifiableSortedSet(all);
    }

    public static FlagSet of(Collection<String> names) {
        return new FlagSet(names);
    }

    public static FlagSet of(String... names) {
        return new FlagSet(List.of(names));
    }

    /** In the spelling in which they came; sorted without regard to case. */
    public Set<String> names() {
        return names;
    }

    public boolean has(String flag) {
        return names.contains(flag);
    }

    public boolean isEmpty() {
        return names.isEmpty();
    }

    public FlagSet plus(FlagSet others) {
        TreeSet<String> all = new TreeSet<>(names);
        all.addAll(others.names);
        return new FlagSet(all);
    }

    public FlagSet minus(FlagSet others) {
        TreeSet<String> left = new TreeSet<>(names);
        // Not removeAll: where the others are as many it asks a list of theirs, and to that the case counts.
        others.names.forEach(left::remove);
        return new FlagSet(left);
    }

    /** The same, with that flag set or not. */
    FlagSet with(String flag, boolean set) {
        return has(flag) == set ? this : set ? plus(of(flag)) : minus(of(flag));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FlagSet set && names.size() == set.names.size() && names.containsAll(set.names);
    }

    @Override
    public int hashCode() {
        return names.stream().mapToInt(name -> name.toLowerCase(Locale.ROOT).hashCode()).sum();
    }

    @Override
    public String toString() {
        return String.join(" ", names);
    }
}
