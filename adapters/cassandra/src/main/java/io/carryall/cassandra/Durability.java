package io.carryall.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import io.carryall.core.port.LedgerException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks the cluster what its acknowledgements are worth. */
final class Durability {
    private static final String PERIODIC = "periodic";

    private final CqlSession session;
    private final CassandraConfig config;

    Durability(CqlSession session, CassandraConfig config) {
        this.session = session;
        this.config = config;
    }

    /** @throws LedgerException if the cluster does not answer */
    List<String> shortcomings(int promised) {
        try {
            List<String> lines = new ArrayList<>(replication().shortcomings(config.keyspace(), config.consistency(), localDatacenter(), promised));
            if (commitLogSync().equals(Optional.of(PERIODIC))) {
                lines.add("Cassandra: commitlog_sync is periodic: replicas that lose power at the same moment lose up to commitlog_sync_period (10 s) of facts, and their items are copied a second time."
                        + " Set batch or group, or see to it that they do not lose power together");
            }
            return lines;
        } catch (DriverException e) {
            throw new LedgerException("Cassandra at " + Cql.place(config) + " does not tell how keyspace " + config.keyspace() + " is replicated: " + Cql.words(e), e);
        }
    }

    private Replication replication() {
        Row row = session.execute(SimpleStatement.newInstance("SELECT replication FROM system_schema.keyspaces WHERE keyspace_name = ?", config.keyspace())).one();
        return Replication.of(row == null ? Map.of() : row.getMap("replication", String.class, String.class));
    }

    private String localDatacenter() {
        return config.localDatacenter().isEmpty() ? session.execute("SELECT data_center FROM system.local").one().getString("data_center") : config.localDatacenter();
    }

    /** Of the node that answers; empty where it does not tell (before Cassandra 4, or to this user). */
    private Optional<String> commitLogSync() {
        try {
            return Optional.ofNullable(session.execute("SELECT value FROM system_views.settings WHERE name = 'commitlog_sync'").one()).map(row -> row.getString("value"));
        } catch (DriverException untold) {
            return Optional.empty();
        }
    }
}
