package io.carryall.cassandra;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which buckets of a table hold rows. A bucket is noted before the first row goes into it, so what is not noted is empty; what is noted may be empty. Bucket 0 is never noted and
 * always looked at: most folders have no other, and cost nothing here. The index is bounded like everything else: in parts of 8,192 buckets, and a list of the parts.
 */
final class Buckets {
    static final int BITS = 13;
    private static final long ROOT = -1;
    private static final int REMEMBERED_MAX = 10_000;

    private final Cql cql;
    private final PreparedStatement add;
    private final PreparedStatement list;
    private final PreparedStatement listFirst;
    private final Map<List<Object>, Boolean> noted = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<List<Object>, Boolean> eldest) {
            return size() > REMEMBERED_MAX;
        }
    };

    Buckets(Cql cql) {
        this.cql = cql;
        add = cql.prepare("INSERT INTO bucket (table_name, owner, part, number) VALUES (?, ?, ?, ?)");
        list = cql.prepare("SELECT part, number FROM bucket WHERE table_name = ? AND owner = ? AND part = ?");
        listFirst = cql.prepare("SELECT part, number FROM bucket WHERE table_name = ? AND owner = ? AND part IN (" + ROOT + ", 0)");
    }

    /** Notes buckets; costs nothing for those that this process noted lately. */
    void note(String table, String owner, Collection<Long> buckets) {
        List<Long> fresh = buckets.stream().filter(bucket -> bucket != 0 && !isNoted(List.of(table, owner, bucket))).toList();
        Map<Long, List<BoundStatement>> parts = new HashMap<>();
        for (long bucket : fresh) {
            long part = bucket >> BITS;
            parts.computeIfAbsent(part, p -> new ArrayList<>()).add(Cql.bind(add, table, owner, part, bucket));
        }
        List<BoundStatement> root = parts.keySet().stream().filter(part -> part > 0).map(part -> Cql.bind(add, table, owner, ROOT, part)).toList();
        parts.put(ROOT, root);
        cql.writePartitions(parts.values());
        synchronized (noted) {
            fresh.forEach(bucket -> noted.put(List.of(table, owner, bucket), true));
        }
    }

    private boolean isNoted(List<Object> key) {
        synchronized (noted) {
            return noted.containsKey(key);
        }
    }

    /** Bucket 0 and all that were noted, in their order. */
    List<Long> list(String table, String owner) {
        return from(table, owner, 0);
    }

    /** Those from {@code first} on that may hold rows, in their order. */
    List<Long> from(String table, String owner, long first) {
        TreeSet<Long> found = new TreeSet<>(Set.of(0L));
        List<BoundStatement> further = new ArrayList<>();
        cql.each(List.of(Cql.bind(listFirst, table, owner)), row -> {
            if (row.getLong("part") == ROOT) {
                further.add(Cql.bind(list, table, owner, row.getLong("number")));
            } else {
                found.add(row.getLong("number"));
            }
        });
        cql.each(further, row -> found.add(row.getLong("number")));
        return List.copyOf(found.tailSet(first));
    }
}
