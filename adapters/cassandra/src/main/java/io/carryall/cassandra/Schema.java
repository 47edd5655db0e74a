package io.carryall.cassandra;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.cql.ResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.servererrors.InvalidQueryException;
import com.datastax.oss.driver.api.core.servererrors.ServerError;
import io.carryall.core.port.LedgerException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the keyspace to the newest version: {@code schema/NNN-name.cql}, each applied once, in order. Any number of services may start at once: one of them changes the schema, the
 * others wait for it. Who died meanwhile is succeeded, because every statement may be repeated.
 *
 * <p>Cassandra 4 and 5 are known to end up with two tables of one name if two nodes make it at the same moment; so everything is made under a lock, and the table of the lock itself
 * is made with an id that follows from its name.
 */
final class Schema {
    private static final Logger LOG = LoggerFactory.getLogger(Schema.class);
    private static final List<String> VERSIONS = List.of("001-ledger.cql", "002-commands.cql", "003-rekey.cql", "004-summary.cql", "005-flags.cql", "006-standing.cql", "007-completed.cql");
    private static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(30);
    private static final long AGREEMENT_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long UNREADABLE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final Duration DEAD_HOLDER = Duration.ofSeconds(120);
    private static final long WAIT_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final long LOOK_MILLIS = 200;

    private final CqlSession session;
    private final CassandraConfig config;
    private final String keyspace;
    private final long deadHolderNanos;
    private String token = UUID.randomUUID().toString();

    Schema(CqlSession session, CassandraConfig config) {
        this(session, config, DEAD_HOLDER);
    }

    /** @param deadHolder longer than any statement may take: a lock that stood still for so long is nobody's */
    Schema(CqlSession session, CassandraConfig config, Duration deadHolder) {
        this.session = session;
        this.config = config;
        this.keyspace = config.keyspace();
        this.deadHolderNanos = deadHolder.toNanos();
    }

    /** The version that this code works on. */
    static int newest() {
        return VERSIONS.size();
    }

    /** @throws LedgerException if it could not be done; it may be repeated */
    void migrate() {
        try {
            if (version() >= VERSIONS.size()) {
                return;
            }
            prepareLock();
            lockAndApply();
        } catch (DriverException e) {
            throw new LedgerException("Cassandra at " + Cql.place(config) + " could not be given the ledger's tables: " + Cql.words(e)
                    + ". Look at whether all nodes are up and agree on the schema (nodetool describecluster), and whether the user may create keyspaces and tables.", e);
        }
    }

    /** 0 where there is no such table. The node's list of tables is no help: it names a table some moments before it can be read. */
    private int version() {
        try {
            Row row = execute("SELECT version FROM " + keyspace + ".schema_version WHERE component = 'ledger' LIMIT 1").one();
            return row == null ? 0 : row.getInt("version");
        } catch (InvalidQueryException e) {
            return 0;
        }
    }

    private void prepareLock() {
        if (execute("SELECT keyspace_name FROM system_schema.keyspaces WHERE keyspace_name = ?", keyspace).one() == null) {
            change("CREATE KEYSPACE IF NOT EXISTS " + keyspace + " WITH replication = " + replication());
        }
        UUID id = UUID.nameUUIDFromBytes((keyspace + ".schema_lock").getBytes(StandardCharsets.UTF_8));
        change("CREATE TABLE IF NOT EXISTS " + keyspace + ".schema_lock (name text, holder text, PRIMARY KEY (name)) WITH id = " + id);
    }

    private String replication() {
        if (config.replicas().isEmpty()) {
            return "{'class': 'SimpleStrategy', 'replication_factor': 1}";
        }
        return config.replicas().entrySet().stream().map(entry -> "'" + entry.getKey() + "': " + entry.getValue()).sorted()
                .collect(Collectors.joining(", ", "{'class': 'NetworkTopologyStrategy', ", "}"));
    }

    /** The token of a holder at work changes with each statement. One that stands still for longer than a statement may take is a dead one's. */
    private void lockAndApply() {
        String standing = "";
        long since = System.nanoTime();
        long deadline = since + WAIT_NANOS;
        while (System.nanoTime() < deadline) {
            Row lock = serially("SELECT holder FROM " + keyspace + ".schema_lock WHERE name = 'ledger'").one();
            String now = lock == null ? null : lock.getString("holder");
            if (!standing.equals(now)) {
                since = System.nanoTime();
            }
            standing = now == null ? "" : now;
            boolean free = standing.isEmpty() || System.nanoTime() - since > deadHolderNanos;
            if (free && replace(now)) {
                apply();
                return;
            }
            if (version() >= VERSIONS.size()) {
                return;
            }
            pause();
        }
        throw new LedgerException("Cassandra at " + Cql.place(config) + ": another service has been changing the ledger's tables for " + TimeUnit.NANOSECONDS.toMinutes(WAIT_NANOS)
                + " minutes. Look at its log, and start again.", null);
    }

    private void apply() {
        change("CREATE TABLE IF NOT EXISTS " + keyspace + ".schema_version (component text, version int, name text, applied_at timestamp, PRIMARY KEY (component, version))"
                + " WITH CLUSTERING ORDER BY (version DESC)");
        for (int version = version() + 1; version <= VERSIONS.size(); version++) {
            String name = VERSIONS.get(version - 1);
            LOG.info("Bringing keyspace {} to version {} ({})", keyspace, version, name);
            for (String statement : statements(name)) {
                hold();
                change(statement);
            }
            execute("INSERT INTO " + keyspace + ".schema_version (component, version, name, applied_at) VALUES ('ledger', ?, ?, ?)", version, name, Instant.now());
        }
        replaceOwn("");
    }

    private void hold() {
        if (!replaceOwn(UUID.randomUUID().toString())) {
            throw new LedgerException("Cassandra at " + Cql.place(config) + " took so long to change the ledger's tables that another service took over. Start again.", null);
        }
    }

    private boolean replaceOwn(String next) {
        String own = token;
        token = next;
        return replace(own);
    }

    /** Puts our token in the place of what stands there. A lost answer is resolved by a serial read. */
    private boolean replace(String standing) {
        String table = keyspace + ".schema_lock";
        try {
            SimpleStatement transaction = standing == null ? SimpleStatement.newInstance("INSERT INTO " + table + " (name, holder) VALUES ('ledger', ?) IF NOT EXISTS", token)
                    : SimpleStatement.newInstance("UPDATE " + table + " SET holder = ? WHERE name = 'ledger' IF holder = ?", token, standing);
            return session.execute(transaction.setIdempotent(false).setTimeout(STATEMENT_TIMEOUT)).wasApplied();
        } catch (DriverException e) {
            Row now = serially("SELECT holder FROM " + table + " WHERE name = 'ledger'").one();
            return now != null && token.equals(now.getString("holder"));
        }
    }

    private List<String> statements(String name) {
        try (InputStream file = Schema.class.getResourceAsStream("schema/" + name)) {
            String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            String bare = text.lines().filter(line -> !line.startsWith("--")).collect(Collectors.joining("\n"));
            return Arrays.stream(bare.split(";\\s*(\n|$)")).map(String::strip).filter(statement -> !statement.isEmpty()).map(this::inKeyspace).toList();
        } catch (IOException e) {
            throw new IllegalStateException("this build lacks schema/" + name, e);
        }
    }

    private String inKeyspace(String statement) {
        return statement.replaceFirst("^(CREATE (?:TYPE|TABLE) IF NOT EXISTS|ALTER (?:TYPE|TABLE)) ", "$1 " + keyspace + ".");
    }

    private void change(String statement) {
        ResultSet answer = execute(statement);
        long deadline = System.nanoTime() + AGREEMENT_NANOS;
        boolean agreed = answer.getExecutionInfo().isSchemaInAgreement();
        while (!agreed) {
            if (System.nanoTime() > deadline) {
                throw new LedgerException("The nodes of Cassandra at " + Cql.place(config) + " do not agree on the schema. Look at nodetool describecluster, and start again.", null);
            }
            pause();
            agreed = session.checkSchemaAgreement();
        }
    }

    private ResultSet execute(String statement, Object... values) {
        return patiently(() -> session.execute(SimpleStatement.newInstance(statement, values).setTimeout(STATEMENT_TIMEOUT)));
    }

    private ResultSet serially(String statement) {
        return patiently(() -> session.execute(SimpleStatement.newInstance(statement).setTimeout(STATEMENT_TIMEOUT).setConsistencyLevel(DriverSettings.serial(config))));
    }

    /** A table that another service is making can be named some moments before it can be read: the node says then that something in it went wrong ("Unknown CF"). So that is asked again; each statement here may be repeated. */
    static <T> T patiently(Supplier<T> statement) {
        long deadline = System.nanoTime() + UNREADABLE_NANOS;
        while (true) {
            try {
                return statement.get();
            } catch (ServerError | AllNodesFailedException e) {
                if (!isServerError(e) || System.nanoTime() > deadline) {
                    throw e;
                }
                pause();
            }
        }
    }

    private static boolean isServerError(DriverException e) {
        return e instanceof ServerError || e instanceof AllNodesFailedException all && all.getAllErrors().values().stream().anyMatch(errors -> errors.stream().anyMatch(ServerError.class::isInstance));
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LedgerException("Interrupted while waiting for the ledger's tables", e);
        }
    }
}
