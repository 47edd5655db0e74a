package io.carryall.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import io.carryall.core.port.Folders;
import io.carryall.core.port.Intents;
import io.carryall.core.port.Items;
import io.carryall.core.port.Leases;
import io.carryall.core.port.Ledger;
import io.carryall.core.port.LedgerException;
import io.carryall.core.port.Pages;
import io.carryall.core.port.Pairs;
import io.carryall.core.port.Passes;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The ledger in a Cassandra cluster. Thread-safe; make one for a process. */
public final class CassandraLedger implements Ledger {
    private final Cql cql;
    private final Durability durability;
    private final BoundStatement probe;
    private final Passes passes;
    private final Pairs pairs;
    private final Folders folders;
    private final Pages pages;
    private final Items items;
    private final Leases leases;
    private final Intents intents;

    private CassandraLedger(Cql cql, Durability durability) {
        this.cql = cql;
        this.durability = durability;
        Buckets buckets = new Buckets(cql);
        probe = cql.prepare("SELECT version FROM schema_version WHERE component = 'ledger' LIMIT 1").bind();
        passes = new CassandraPasses(cql, buckets);
        pairs = new CassandraPairs(cql, buckets);
        folders = new CassandraFolders(cql);
        pages = new CassandraPages(cql, buckets);
        items = new CassandraItems(cql, buckets);
        leases = new CassandraLeases(cql);
        intents = new CassandraIntents(cql, buckets);
    }

    public static CassandraLedger connect(CassandraConfig config) {
        return connect(config, LedgerListener.NONE);
    }

    /**
     * Connects, and makes or migrates the keyspace where it is older than this code. Blocks for seconds where there is nothing to migrate.
     *
     * @throws LedgerException if the cluster cannot be reached, refuses the login, or cannot be migrated; nothing is left open
     */
    public static CassandraLedger connect(CassandraConfig config, LedgerListener listener) {
        CqlSession session = open(config);
        try {
            new Schema(session, config).migrate();
            session.execute("USE " + config.keyspace());
            return new CassandraLedger(new Cql(session, config, listener), new Durability(session, config));
        } catch (DriverException e) {
            session.close();
            throw unreachable(config, e);
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private static CqlSession open(CassandraConfig config) {
        try {
            return DriverSettings.open(config);
        } catch (DriverException | IllegalStateException e) {
            throw unreachable(config, e);
        }
    }

    private static LedgerException unreachable(CassandraConfig config, RuntimeException e) {
        return new LedgerException("Cassandra at " + Cql.place(config) + " cannot be used: " + Cql.words(e)
                + ". Look at whether the node is up and listens there, at the datacenter's name, user and password, and TLS.", e);
    }

    @Override
    public Passes passes() {
        return passes;
    }

    @Override
    public Pairs pairs() {
        return pairs;
    }

    @Override
    public Folders folders() {
        return folders;
    }

    @Override
    public Pages pages() {
        return pages;
    }

    @Override
    public Items items() {
        return items;
    }

    @Override
    public Leases leases() {
        return leases;
    }

    @Override
    public Intents intents() {
        return intents;
    }

    /** Asks the cluster for one row, at the consistency that everything needs. For health checks; blocks for at most twice the request timeout. */
    public Probe probe() {
        long startedNanos = System.nanoTime();
        try {
            cql.one(probe);
            return new Probe(true, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos), "");
        } catch (LedgerException e) {
            return new Probe(false, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos), e.getMessage());
        }
    }

    /**
     * What of the keyspace's replication, the consistency and the nodes' commit log falls short of what is promised, one line each with what it costs; asked anew each time.
     *
     * @param replicas how many are promised on: 3, or 1 where one node is all there is meant to be
     * @throws LedgerException if the cluster does not tell
     */
    public List<String> shortcomings(int replicas) {
        return durability.shortcomings(replicas);
    }

    /** @param detail what to look at where it does not answer; else empty */
    public record Probe(boolean answers, long millis, String detail) {}

    @Override
    public void close() {
        cql.close();
    }
}
