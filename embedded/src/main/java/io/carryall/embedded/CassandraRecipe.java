package io.carryall.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * One node that owns the whole ring.
 *
 * <p>What it holds is the migration's journal: nothing that it acknowledged may be gone, after a power loss neither. So the commit log is synchronised to disk before a
 * write is acknowledged, where Cassandra's default acknowledges up to ten seconds ahead of the disk. {@code batch}: each write waits for the next synchronisation, which those
 * that wait share. {@code group} lets them wait for a window first; a lightweight transaction, which writes several times in a row, then waits for several windows (measured
 * in docs/embedded.md).
 */
final class CassandraRecipe implements ServerRecipe {

    private static final int CLIENTS = 0;
    private static final int STORAGE = 1;
    private static final String SETTINGS = "cassandra.yaml";
    private static final String TABLES = DATA + "/tables";
    private static final String COMMIT_LOG = DATA + "/commitlog";

    private final JavaFinder finder;

    CassandraRecipe(JavaFinder finder) {
        this.finder = finder;
    }

    @Override
    public String name() {
        return "Cassandra";
    }

    @Override
    public int portCount() {
        return 2;
    }

    @Override
    public Path java() throws StartFailedException {
        return finder.forCassandra();
    }

    @Override
    public void checkKept(DataDirectory data) throws IOException, StartFailedException {
        List<String> keyspaces = data.namesIn(TABLES);
        if (!keyspaces.containsAll(List.of("system", "system_schema")) || !Files.isDirectory(data.resolve(COMMIT_LOG))) {
            throw new StartFailedException("Cassandra's data directory " + data.path() + " is not whole (" + TABLES + "/system, " + TABLES + "/system_schema or " + COMMIT_LOG
                    + " is missing): put it back from a backup, or name another directory with --state");
        }
    }

    @Override
    public void configure(DataDirectory data, List<Integer> ports) throws IOException {
        Files.writeString(data.resolve(SETTINGS), String.join("\n",
                "# Written at each start.",
                "cluster_name: carryall",
                "partitioner: org.apache.cassandra.dht.Murmur3Partitioner",
                "# One token, given: nothing to choose, nobody to wait for.",
                "num_tokens: 1",
                "initial_token: \"0\"",
                "auto_bootstrap: false",
                "endpoint_snitch: SimpleSnitch",
                "listen_address: " + FreePorts.LOOPBACK,
                "rpc_address: " + FreePorts.LOOPBACK,
                "storage_port: " + ports.get(STORAGE),
                "ssl_storage_port: " + ports.get(STORAGE),
                "native_transport_port: " + ports.get(CLIENTS),
                "seed_provider:",
                "  - class_name: org.apache.cassandra.locator.SimpleSeedProvider",
                "    parameters: [ { seeds: \"" + FreePorts.LOOPBACK + ":" + ports.get(STORAGE) + "\" } ]",
                "data_file_directories: [ " + quoted(data.resolve(TABLES)) + " ]",
                "commitlog_directory: " + quoted(data.resolve(COMMIT_LOG)),
                "saved_caches_directory: " + quoted(data.resolve(DATA + "/saved_caches")),
                "hints_directory: " + quoted(data.resolve(DATA + "/hints")),
                "cdc_raw_directory: " + quoted(data.resolve(DATA + "/cdc_raw")),
                "# Acknowledged means on disk.",
                "commitlog_sync: batch",
                "# Small segments: a node of this size would keep minutes of replay in the default ones.",
                "commitlog_segment_size: 16MiB",
                "commitlog_total_space: 256MiB",
                "# Nobody to hand a hint to.",
                "hinted_handoff_enabled: false",
                "# Stop rather than go on after an error of the disk: the journal must not be half right.",
                "disk_failure_policy: die",
                "commit_failure_policy: die",
                "concurrent_reads: 16",
                "# Each waits for the disk, not for a core.",
                "concurrent_writes: 64",
                "concurrent_compactors: 1",
                "file_cache_size: 32MiB",
                "# A laptop that does other things too is no reason to give a request up.",
                "read_request_timeout: 10s",
                "range_request_timeout: 20s",
                "write_request_timeout: 10s",
                "cas_contention_timeout: 5s",
                "request_timeout: 20s",
                "# A page of items is one batch, in one partition; only what would be refused is worth a warning.",
                "batch_size_warn_threshold: 50KiB",
                "batch_size_fail_threshold: 50KiB",
                ""));
    }

    @Override
    public Optional<Invocation> preparation(DataDirectory data) {
        return Optional.empty();
    }

    @Override
    public void prepared(DataDirectory data) {
        // Cassandra prepares itself
    }

    @Override
    public Invocation server(DataDirectory data) {
        return new Invocation("org.apache.cassandra.service.CassandraDaemon", List.of());
    }

    /** The options of Cassandra's own start scripts for 11 and 17, and what makes a lone node start and stop at once. */
    @Override
    public List<String> jvmOptions(DataDirectory data, Path java) {
        List<String> options = new ArrayList<>(List.of("-Xss256k",
                "-Dcassandra.config=" + data.resolve(SETTINGS).toUri(),
                "-Dcassandra.storagedir=" + data.resolve(DATA),
                "-Dcassandra.logdir=" + data.path(),
                "-Dlogback.configurationFile=io/carryall/embedded/cassandra-logback.xml",
                "-Dcassandra-foreground=yes",
                // there is no ring to learn of, and none to say goodbye to
                "-Dcassandra.ring_delay_ms=1", "-Dcassandra.skip_wait_for_gossip_to_settle=0", "-Dcassandra.shutdown_announce_in_ms=0",
                "-Dcassandra.superuser_setup_delay_ms=-1",
                // measured at each start otherwise, by an agent that we do without
                "-Dcassandra.memtable.row_overhead_size=181",
                "-Djdk.attach.allowAttachSelf=true",
                "-Dio.netty.tryReflectionSetAccessible=true", "-Dio.netty.allocator.useCacheForAllThreads=true", "-Dio.netty.allocator.maxOrder=11"));
        Stream.of("java.base/jdk.internal.misc", "java.base/jdk.internal.ref", "java.base/java.lang.ref", "java.base/sun.nio.ch", "java.management.rmi/com.sun.jmx.remote.internal.rmi",
                "java.rmi/sun.rmi.registry", "java.rmi/sun.rmi.server", "java.sql/java.sql", "jdk.unsupported/sun.misc", "jdk.attach/sun.tools.attach")
                .forEach(name -> options.addAll(List.of("--add-exports", name + "=ALL-UNNAMED")));
        Stream.of("java.lang.module", "jdk.internal.loader", "jdk.internal.ref", "jdk.internal.reflect", "jdk.internal.math", "jdk.internal.module", "jdk.internal.util.jar",
                "sun.nio.ch", "java.io", "java.lang.reflect", "java.lang", "java.util")
                .forEach(name -> options.addAll(List.of("--add-opens", "java.base/" + name + "=ALL-UNNAMED")));
        options.addAll(List.of("--add-opens", "jdk.management/com.sun.management.internal=ALL-UNNAMED"));
        if (!JavaFinder.release(java.getParent().getParent()).equals(OptionalInt.of(11))) {
            // Cassandra sets a security manager; 17 wants to be told that it may, and 11 takes the word for a class name
            options.add("-Djava.security.manager=allow");
        }
        return options;
    }

    @Override
    public Probe probe(List<Integer> ports) {
        return new CassandraProbe(ports.get(CLIENTS));
    }

    private static String quoted(Path path) {
        return "\"" + path.toString().replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
