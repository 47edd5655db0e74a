package io.carryall.verify;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Sets of flags as numbers, so that millions of messages share the few sets that there are. Two sets have one number exactly if they are the same to a reader: in any order and case (RFC 9051, section 2.3.2), without
 * {@code \Recent}, which is the server's own, and without what is no flag by the grammar, which no client could ever set again. Thread-safe.
 */
final class FlagSets {
    private static final Set<String> SYSTEM = Set.of("\\seen", "\\answered", "\\flagged", "\\deleted", "\\draft");
    private static final String ATOM_SPECIALS = "(){%*\"\\]";

    private final Map<Set<String>, Integer> raw = new ConcurrentHashMap<>();
    private final Map<Set<String>, Integer> ids = new ConcurrentHashMap<>();
    private final List<Set<String>> sets = new ArrayList<>();

    int id(Set<String> flags) {
        Integer known = raw.get(flags);
        return known != null ? known : raw.computeIfAbsent(Set.copyOf(flags), all -> idOf(canonical(all)));
    }

    Set<String> flags(int id) {
        synchronized (sets) {
            return sets.get(id);
        }
    }

    /** The number of this set without the keywords that a folder can't store. System flags stay. */
    int storable(int id, Predicate<String> storableKeyword) {
        return idOf(flags(id).stream().filter(flag -> SYSTEM.contains(flag) || storableKeyword.test(flag)).collect(Collectors.toCollection(TreeSet::new)));
    }

    /** Keywords of one set that the other lacks. */
    boolean lacksKeyword(int id, int than) {
        return flags(than).stream().anyMatch(flag -> !SYSTEM.contains(flag) && !flags(id).contains(flag));
    }

    private int idOf(Set<String> canonical) {
        return ids.computeIfAbsent(canonical, set -> {
            synchronized (sets) {
                sets.add(set);
                return sets.size() - 1;
            }
        });
    }

    private static Set<String> canonical(Collection<String> flags) {
        return flags.stream().map(flag -> flag.toLowerCase(Locale.ROOT)).filter(flag -> SYSTEM.contains(flag) || isKeyword(flag)).collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean isKeyword(String flag) {
        return !flag.isEmpty() && flag.chars().allMatch(c -> c > ' ' && c < 0x7F && ATOM_SPECIALS.indexOf(c) < 0);
    }
}
