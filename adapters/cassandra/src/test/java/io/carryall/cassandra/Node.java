package io.carryall.cassandra;

import io.carryall.embedded.EmbeddedCassandra;
import io.carryall.embedded.EmbeddedStack;
import io.carryall.embedded.ServerOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** One real node for all tests of this JVM, and a keyspace of its own for each that asks. */
final class Node {
    private static final AtomicInteger KEYSPACES = new AtomicInteger();
    private static final EmbeddedCassandra CASSANDRA = start();

    private Node() {}

    static CassandraConfig freshKeyspace() {
        return CassandraConfig.of(CASSANDRA.contactPoint(), CASSANDRA.localDatacenter()).withKeyspace("test_" + KEYSPACES.incrementAndGet());
    }

    static int port() {
        return Integer.parseInt(CASSANDRA.contactPoint().split(":")[1]);
    }

    private static EmbeddedCassandra start() {
        Path home = Path.of(System.getProperty("carryall.home"));
        try {
            Path data = Files.createTempDirectory("carryall-cassandra-test");
            EmbeddedCassandra node = EmbeddedCassandra.start(data, EmbeddedStack.cassandraLib(home), ServerOptions.cassandra(EmbeddedStack.cacheDir(home)).withHeapMegabytes(512));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                node.close();
                delete(data);
            }));
            return node;
        } catch (Exception e) {
            throw new IllegalStateException("no Cassandra to test on: " + e.getMessage(), e);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
