package io.carryall.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.CqlSessionBuilder;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.config.OptionsMap;
import com.datastax.oss.driver.api.core.config.TypedDriverOption;
import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import java.net.InetSocketAddress;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import javax.net.ssl.SSLContext;

/**
 * The driver, set up from our configuration alone: no application.conf and no system property of somebody else on the class path changes it. Small: two threads for sockets, one
 * connection a node, no metrics, no schema kept in memory.
 */
final class DriverSettings {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final int IO_THREADS = 2;
    private static final int PAGE_ROWS = 1_000;

    private DriverSettings() {}

    /** Blocks until a node has answered; the driver's own exceptions. */
    static CqlSession open(CassandraConfig config) {
        CqlSessionBuilder builder = CqlSession.builder().withConfigLoader(DriverConfigLoader.fromMap(options(config)));
        for (String contactPoint : config.contactPoints()) {
            int colon = contactPoint.lastIndexOf(':');
            builder.addContactPoint(new InetSocketAddress(contactPoint.substring(0, colon), Integer.parseInt(contactPoint.substring(colon + 1))));
        }
        if (!config.user().isEmpty()) {
            builder.withAuthCredentials(config.user(), config.password().reveal());
        }
        if (config.tls()) {
            builder.withSslContext(trustOfTheJvm());
        }
        return builder.build();
    }

    static ConsistencyLevel serial(CassandraConfig config) {
        return config.consistency() == CassandraConfig.Consistency.LOCAL_QUORUM ? DefaultConsistencyLevel.LOCAL_SERIAL : DefaultConsistencyLevel.SERIAL;
    }

    private static OptionsMap options(CassandraConfig config) {
        OptionsMap options = OptionsMap.driverDefaults();
        Duration timeout = Duration.ofMillis(config.requestTimeoutMillis());
        options.put(TypedDriverOption.SESSION_NAME, "carryall");
        options.put(TypedDriverOption.REQUEST_TIMEOUT, timeout);
        options.put(TypedDriverOption.REQUEST_CONSISTENCY, config.consistency().name());
        options.put(TypedDriverOption.REQUEST_SERIAL_CONSISTENCY, serial(config).name());
        // all but lightweight transactions may be sent twice; those say so themselves
        options.put(TypedDriverOption.REQUEST_DEFAULT_IDEMPOTENCE, true);
        options.put(TypedDriverOption.REQUEST_PAGE_SIZE, PAGE_ROWS);
        options.put(TypedDriverOption.REQUEST_WARN_IF_SET_KEYSPACE, false);
        // what goes wrong leaves as an exception, with a word on what to do; the driver need not say it too
        options.put(TypedDriverOption.REQUEST_LOG_WARNINGS, false);
        options.put(TypedDriverOption.CONNECTION_WARN_INIT_ERROR, false);
        options.put(TypedDriverOption.CONNECTION_CONNECT_TIMEOUT, CONNECT_TIMEOUT);
        options.put(TypedDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, CONNECT_TIMEOUT);
        options.put(TypedDriverOption.CONNECTION_SET_KEYSPACE_TIMEOUT, CONNECT_TIMEOUT);
        options.put(TypedDriverOption.CONTROL_CONNECTION_TIMEOUT, CONNECT_TIMEOUT);
        options.put(TypedDriverOption.CONTROL_CONNECTION_AGREEMENT_TIMEOUT, Duration.ofSeconds(30));
        options.put(TypedDriverOption.RECONNECTION_BASE_DELAY, Duration.ofMillis(200));
        options.put(TypedDriverOption.RECONNECTION_MAX_DELAY, Duration.ofSeconds(10));
        options.put(TypedDriverOption.METADATA_SCHEMA_ENABLED, false);
        options.put(TypedDriverOption.NETTY_IO_SIZE, IO_THREADS);
        options.put(TypedDriverOption.NETTY_IO_SHUTDOWN_QUIET_PERIOD, 0);
        options.put(TypedDriverOption.NETTY_ADMIN_SIZE, 1);
        options.put(TypedDriverOption.NETTY_ADMIN_SHUTDOWN_QUIET_PERIOD, 0);
        options.put(TypedDriverOption.NETTY_DAEMON, true);
        if (config.localDatacenter().isEmpty()) {
            options.put(TypedDriverOption.LOAD_BALANCING_POLICY_CLASS, "DcInferringLoadBalancingPolicy");
        } else {
            options.put(TypedDriverOption.LOAD_BALANCING_LOCAL_DATACENTER, config.localDatacenter());
        }
        if (config.tls()) {
            options.put(TypedDriverOption.SSL_HOSTNAME_VALIDATION, true);
        }
        return options;
    }

    private static SSLContext trustOfTheJvm() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the JVM has no TLS", e);
        }
    }
}
