package io.carryall.runtime;

import io.carryall.cassandra.CassandraConfig.Consistency;
import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code carryall.cassandra.*}: how to reach the ledger's cluster. Defaults and meanings stand in this module's {@code META-INF/microprofile-config.properties}. */
@ConfigMapping(prefix = "carryall.cassandra")
public interface CassandraSettings {
    List<String> contactPoints();

    Optional<String> localDatacenter();

    String keyspace();

    Map<String, Integer> replicas();

    Consistency consistency();

    long requestTimeoutMillis();

    Optional<String> user();

    Optional<String> password();

    boolean tls();
}
