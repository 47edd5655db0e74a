package io.carryall.control;

import io.carryall.core.item.PairName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * An address or a domain that changed. The list may have been edited already or not yet, so a listed name is read both ways: as the former one, and as the new one.
 *
 * @param from  an address, or a domain
 * @param to    the same kind of thing
 * @param sides those on which it changed
 */
public record Remapping(String from, String to, Set<Side> sides) {

    public enum Side { SOURCE, TARGET }

    /** A name that a pair may have, and the one that it would get. */
    record Change(PairName from, PairName to) {}

    /** @throws IllegalArgumentException if one is an address and the other a domain, or nothing would change */
    public Remapping {
        from = from.strip().toLowerCase(Locale.ROOT);
        to = to.strip().toLowerCase(Locale.ROOT);
        sides = Set.copyOf(sides);
        if (from.isEmpty() || to.isEmpty() || from.contains("@") != to.contains("@")) {
            throw new IllegalArgumentException("name two addresses, or two domains: " + from + " and " + to + " are not of one kind");
        }
        if (from.equals(to)) {
            throw new IllegalArgumentException("the former name and the new one are the same");
        }
    }

    private record Address(String from, String to) {}

    /** Every way in which the listed name can be the former or the new one of a pair. */
    List<Change> changes(PairName listed) {
        List<Change> changes = new ArrayList<>();
        for (Address source : addresses(listed.sourceMailbox(), Side.SOURCE)) {
            for (Address target : addresses(listed.targetMailbox(), Side.TARGET)) {
                Change change = new Change(new PairName(listed.sourceSystem(), source.from, listed.targetSystem(), target.from), new PairName(listed.sourceSystem(), source.to, listed.targetSystem(), target.to));
                if (!change.from().equals(change.to())) {
                    changes.add(change);
                }
            }
        }
        return changes;
    }

    private List<Address> addresses(String listed, Side side) {
        List<Address> ways = new ArrayList<>();
        if (sides.contains(side) && matches(listed, from)) {
            return List.of(new Address(listed, replaced(listed, from, to)));
        }
        if (sides.contains(side) && matches(listed, to)) {
            ways.add(new Address(replaced(listed, to, from), listed));
        }
        ways.add(new Address(listed, listed));
        return ways;
    }

    private static boolean matches(String address, String name) {
        return name.contains("@") ? address.equals(name) : address.endsWith("@" + name);
    }

    private static String replaced(String address, String name, String by) {
        return name.contains("@") ? by : address.substring(0, address.length() - name.length()) + by;
    }
}
