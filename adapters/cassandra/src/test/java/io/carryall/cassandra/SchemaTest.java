package io.carryall.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.servererrors.InvalidQueryException;
import com.datastax.oss.driver.api.core.servererrors.ServerError;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("integration")
final class SchemaTest {

    @Test
    void services_that_start_at_once_make_the_tables_once() throws Exception {
        CassandraConfig config = Node.freshKeyspace();
        ExecutorService services = Executors.newFixedThreadPool(4);

        List<Future<CassandraLedger>> started = IntStream.range(0, 4).mapToObj(i -> services.submit(() -> CassandraLedger.connect(config))).toList();

        for (Future<CassandraLedger> ledger : started) {
            assertThat(ledger.get().probe().answers()).isTrue();
            ledger.get().close();
        }
        services.shutdown();
        assertThat(versions(config)).hasSize(Schema.newest()).first().matches(row -> row.getInt("version") == Schema.newest());
    }

    @Test
    void a_service_that_starts_later_changes_nothing() {
        CassandraConfig config = Node.freshKeyspace();
        CassandraLedger.connect(config).close();
        Row first = versions(config).get(0);

        CassandraLedger.connect(config).close();

        assertThat(versions(config)).hasSize(Schema.newest()).first().matches(row -> row.getInstant("applied_at").equals(first.getInstant("applied_at")));
    }

    @Test
    void a_service_that_died_while_it_made_the_tables_is_succeeded() {
        CassandraConfig config = Node.freshKeyspace();
        try (CqlSession session = DriverSettings.open(config)) {
            session.execute("CREATE KEYSPACE " + config.keyspace() + " WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
            session.execute("CREATE TABLE " + config.keyspace() + ".schema_lock (name text PRIMARY KEY, holder text)");
            session.execute("INSERT INTO " + config.keyspace() + ".schema_lock (name, holder) VALUES ('ledger', 'dead') IF NOT EXISTS");

            new Schema(session, config, Duration.ofMillis(500)).migrate();
        }

        assertThat(versions(config)).hasSize(Schema.newest());
    }

    @Test
    void what_a_node_cannot_read_yet_is_asked_again_and_what_it_refuses_is_not() {
        Iterator<RuntimeException> answers = List.<RuntimeException>of(new ServerError(null, "java.lang.IllegalArgumentException: Unknown CF a0f09960"), new ServerError(null, "the same")).iterator();
        assertThat(Schema.<String>patiently(() -> {
            if (answers.hasNext()) {
                throw answers.next();
            }
            return "read";
        })).isEqualTo("read");

        InvalidQueryException refused = new InvalidQueryException(null, "table schema_version does not exist");
        AtomicInteger asked = new AtomicInteger();
        assertThatThrownBy(() -> Schema.patiently(() -> {
            asked.incrementAndGet();
            throw refused;
        })).isSameAs(refused);
        assertThat(asked).hasValue(1);
    }

    @Test
    void one_node_is_enough_where_one_replica_is_promised_on_and_told_where_three_are() {
        try (CassandraLedger ledger = CassandraLedger.connect(Node.freshKeyspace())) {
            assertThat(ledger.shortcomings(1)).isEmpty();
            assertThat(ledger.shortcomings(3)).singleElement().asString().contains("has 1 replica, 3 are promised on");
        }
    }

    @Test
    void no_table_has_a_time_to_live() {
        CassandraConfig config = Node.freshKeyspace();
        CassandraLedger.connect(config).close();
        try (CqlSession session = DriverSettings.open(config)) {
            List<Row> tables = session.execute("SELECT table_name, default_time_to_live FROM system_schema.tables WHERE keyspace_name = ?", config.keyspace()).all();

            assertThat(tables).hasSizeGreaterThan(20).allMatch(table -> table.getInt("default_time_to_live") == 0);
        }
    }

    private static List<Row> versions(CassandraConfig config) {
        try (CqlSession session = DriverSettings.open(config)) {
            return session.execute("SELECT version, applied_at FROM " + config.keyspace() + ".schema_version").all();
        }
    }
}
