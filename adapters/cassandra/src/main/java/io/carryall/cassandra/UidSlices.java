package io.carryall.cassandra;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/** How some rows of a partition are read: UIDs that lie close together as a slice, which costs Cassandra least, and those far apart by their names. */
final class UidSlices {
    private static final int NAMES_MAX = 100;
    private static final int SLICE_ROWS_PER_NAME = 8;

    private final PreparedStatement slice;
    private final PreparedStatement names;

    /** @param select ends with the partition's key */
    UidSlices(Cql cql, String select) {
        slice = cql.prepare(select + " AND uid >= ? AND uid <= ?");
        names = cql.prepare(select + " AND uid IN ?");
    }

    /** Groups UIDs by {@code uid >> bits}. */
    static TreeMap<Long, TreeSet<Long>> grouped(Collection<Long> uids, int bits) {
        TreeMap<Long, TreeSet<Long>> groups = new TreeMap<>();
        uids.forEach(uid -> groups.computeIfAbsent(uid >> bits, group -> new TreeSet<>()).add(uid));
        return groups;
    }

    /** May bring rows of further UIDs. */
    List<BoundStatement> reads(TreeSet<Long> uids, Bind bind) {
        if (uids.last() - uids.first() < (long) uids.size() * SLICE_ROWS_PER_NAME) {
            return List.of(bind.bind(slice, uids.first(), uids.last()));
        }
        List<Long> all = List.copyOf(uids);
        List<BoundStatement> reads = new ArrayList<>();
        for (int from = 0; from < all.size(); from += NAMES_MAX) {
            reads.add(bind.bind(names, all.subList(from, Math.min(all.size(), from + NAMES_MAX))));
        }
        return reads;
    }

    /** Binds the partition's key, and then {@code uids}. */
    interface Bind {
        BoundStatement bind(PreparedStatement statement, Object... uids);
    }
}
