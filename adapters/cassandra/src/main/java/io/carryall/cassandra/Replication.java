package io.carryall.cassandra;

import io.carryall.cassandra.CassandraConfig.Consistency;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a keyspace is replicated, and what of that falls short of what is promised.
 *
 * @param byDatacenter replicas by datacenter; SimpleStrategy knows none and has one entry under the empty name
 */
record Replication(Map<String, Integer> byDatacenter) {
    private static final String CLASS = "class";
    private static final String FACTOR = "replication_factor";

    Replication {
        byDatacenter = Map.copyOf(byDatacenter);
    }

    /** @param options as Cassandra keeps them: the class, and a count for each datacenter ("3", or "3/1" where some are transient: those hold no facts for good) */
    static Replication of(Map<String, String> options) {
        Map<String, Integer> counts = new TreeMap<>();
        options.forEach((name, value) -> {
            if (!name.equals(CLASS) && value.matches("\\d+(/\\d+)?")) {
                counts.put(name.equals(FACTOR) ? "" : name, full(value));
            }
        });
        return new Replication(counts);
    }

    private static int full(String value) {
        int slash = value.indexOf('/');
        return slash < 0 ? Integer.parseInt(value) : Integer.parseInt(value.substring(0, slash)) - Integer.parseInt(value.substring(slash + 1));
    }

    /** One line each, with what to do; empty: nothing falls short. */
    List<String> shortcomings(String keyspace, Consistency consistency, String localDatacenter, int promised) {
        List<String> lines = new ArrayList<>();
        int counted = counted(consistency, localDatacenter);
        if (counted < promised) {
            lines.add("Cassandra: keyspace " + keyspace + " has " + counted + (counted == 1 ? " replica" : " replicas") + where(consistency, localDatacenter) + ", " + promised
                    + " are promised on: a node that is lost takes facts with it, and their items are copied a second time. ALTER KEYSPACE, then nodetool repair --full");
        }
        if (consistency == Consistency.LOCAL_QUORUM && byDatacenter.size() > 1) {
            lines.add("Cassandra: keyspace " + keyspace + " has replicas in " + byDatacenter.size() + " datacenters, and carryall.cassandra.consistency is LOCAL_QUORUM: leases are exclusive within one of them only."
                    + " Let all services use the same one, or set QUORUM");
        }
        return lines;
    }

    /** What a quorum is taken of. */
    private int counted(Consistency consistency, String localDatacenter) {
        if (byDatacenter.containsKey("")) {
            return byDatacenter.get("");
        }
        return consistency == Consistency.LOCAL_QUORUM ? byDatacenter.getOrDefault(localDatacenter, 0) : byDatacenter.values().stream().mapToInt(Integer::intValue).sum();
    }

    private String where(Consistency consistency, String localDatacenter) {
        return consistency == Consistency.LOCAL_QUORUM && !byDatacenter.containsKey("") ? " in datacenter " + localDatacenter : "";
    }
}
