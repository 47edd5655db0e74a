package io.carryall.chaos;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What is seen on the wire of the ledger's statements: the identifier that the node gave to each. And, through the node itself, who holds leases. */
final class Statements {
    /** A point of a copier's work at the ledger. */
    enum Point {
        INTENT("INSERT INTO intent"), CLAIM("INSERT INTO claim"), DONE("UPDATE item USING TIMESTAMP ? SET done"), CLOSE_INTENT("UPDATE intent SET closed"), SETTLE_PAGE("UPDATE page SET settled"),
        TAKE_LEASE("UPDATE lease SET holder = ?, epoch"), SEEN("INSERT INTO seen"), PAGE("UPDATE page USING TIMESTAMP ? SET target_mailbox");

        private final String begins;

        Point(String begins) {
            this.begins = begins;
        }
    }

    private static final long LOOK_MILLIS = 300;

    private final int nodePort;
    private final Map<Point, String> identifiers = new ConcurrentHashMap<>();

    Statements(int nodePort) {
        this.nodePort = nodePort;
    }

    /** As a text for a trap: the bytes of the identifier that stands in each execution. */
    String identifier(Point point) {
        return identifiers.computeIfAbsent(point, this::ask);
    }

    private String ask(Point point) {
        try (CqlSession session = session()) {
            session.execute("USE carryall");
            for (Row row : session.execute("SELECT query_string FROM system.prepared_statements")) {
                if (row.getString("query_string").startsWith(point.begins)) {
                    // The node keeps some under two identifiers, and gives the same one to all who prepare the same words.
                    ByteBuffer id = session.prepare(row.getString("query_string")).getId();
                    byte[] bytes = new byte[id.remaining()];
                    id.duplicate().get(bytes);
                    return new String(bytes, StandardCharsets.ISO_8859_1);
                }
            }
        }
        throw new AssertionError("no service has prepared a statement that begins with: " + point.begins);
    }

    /** Whether some copier takes over a lease within that time. */
    boolean awaitTakeover(Duration longest) {
        try (CqlSession session = session()) {
            long before = epochs(session);
            return Waiting.whether(longest, () -> {
                Waiting.pause(LOOK_MILLIS);
                return epochs(session) > before;
            });
        }
    }

    private static long epochs(CqlSession session) {
        long sum = 0;
        for (Row row : session.execute("SELECT epoch FROM carryall.lease")) {
            sum += row.getLong("epoch");
        }
        return sum;
    }

    private CqlSession session() {
        var config = com.datastax.oss.driver.api.core.config.DriverConfigLoader.programmaticBuilder()
                .withDuration(com.datastax.oss.driver.api.core.config.DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(20))
                .withDuration(com.datastax.oss.driver.api.core.config.DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, Duration.ofSeconds(20)).build();
        return CqlSession.builder().addContactPoint(new InetSocketAddress("127.0.0.1", nodePort)).withLocalDatacenter("datacenter1").withConfigLoader(config).build();
    }
}
