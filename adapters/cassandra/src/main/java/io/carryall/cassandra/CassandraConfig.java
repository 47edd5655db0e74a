package io.carryall.cassandra;

import io.carryall.core.port.Secret;
import java.util.List;
import java.util.Map;

/**
 * Which cluster, and how. Immutable.
 *
 * @param contactPoints        {@code host:port}, at least one
 * @param localDatacenter      the one that is asked; empty: that of the contact points, if they share one
 * @param keyspace             lower-case letters, digits and {@code _}; made where it is missing
 * @param replicas             how many per datacenter, for a keyspace that is made here; empty: SimpleStrategy with one, for a single node
 * @param consistency          of reads and writes
 * @param requestTimeoutMillis of one request; a method tries an idempotent one up to four times, within twice this time
 * @param user                 empty where the cluster asks for no login
 * @param password             null where the cluster asks for no login
 * @param tls                  with the certificates that the JVM trusts
 */
public record CassandraConfig(List<String> contactPoints, String localDatacenter, String keyspace, Map<String, Integer> replicas, Consistency consistency,
        long requestTimeoutMillis, String user, Secret password, boolean tls) {

    /** Reads and writes always overlap in a replica: less would lose facts. Lightweight transactions are serial within the datacenter for LOCAL_QUORUM, across all for the others. */
    public enum Consistency { LOCAL_QUORUM, QUORUM, ALL }

    private static final long REQUEST_TIMEOUT_MILLIS = 5_000;

    public CassandraConfig {
        contactPoints = List.copyOf(contactPoints);
        replicas = Map.copyOf(replicas);
        if (contactPoints.isEmpty()) {
            throw new IllegalArgumentException("at least one contact point, as host:port");
        }
        contactPoints.forEach(CassandraConfig::checkContactPoint);
        if (!keyspace.matches("[a-z][a-z0-9_]{0,47}")) {
            throw new IllegalArgumentException("a keyspace is 1 to 48 lower-case letters, digits and _, a letter first: " + keyspace);
        }
        replicas.forEach(CassandraConfig::checkReplicas);
        if (requestTimeoutMillis < 1) {
            throw new IllegalArgumentException("a request timeout is at least 1 ms: " + requestTimeoutMillis);
        }
    }

    /** One node without login or TLS, keyspace {@code carryall}. */
    public static CassandraConfig of(String contactPoint, String localDatacenter) {
        return new CassandraConfig(List.of(contactPoint), localDatacenter, "carryall", Map.of(), Consistency.LOCAL_QUORUM, REQUEST_TIMEOUT_MILLIS, "", null, false);
    }

    public CassandraConfig withKeyspace(String other) {
        return new CassandraConfig(contactPoints, localDatacenter, other, replicas, consistency, requestTimeoutMillis, user, password, tls);
    }

    public CassandraConfig withRequestTimeoutMillis(long other) {
        return new CassandraConfig(contactPoints, localDatacenter, keyspace, replicas, consistency, other, user, password, tls);
    }

    private static void checkContactPoint(String text) {
        if (!text.matches(".+:[0-9]{1,5}")) {
            throw new IllegalArgumentException("a contact point is host:port: " + text);
        }
    }

    private static void checkReplicas(String datacenter, int count) {
        if (!datacenter.matches("[A-Za-z0-9_.-]+") || count < 1) {
            throw new IllegalArgumentException("replicas are at least 1 per datacenter, named with letters, digits, '_', '.' and '-': " + datacenter + " " + count);
        }
    }
}
