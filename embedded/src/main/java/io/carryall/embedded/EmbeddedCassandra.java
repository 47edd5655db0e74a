package io.carryall.embedded;

import java.nio.file.Path;

/**
 * A real Cassandra node in a process of its own, on the loopback address, with its data kept between runs. It ends when the process that started it ends, however that
 * happens. Thread-safe.
 */
public final class EmbeddedCassandra implements AutoCloseable {

    private final ServerProcess server;

    private EmbeddedCassandra(ServerProcess server) {
        this.server = server;
    }

    /**
     * Returns when the node answers queries. Its ports are others at each start.
     *
     * @param dataDir is created where needed; one running node at a time
     * @param libDir the node's jars
     * @throws StartFailedException with one line for an operator; nothing is left running then
     */
    public static EmbeddedCassandra start(Path dataDir, Path libDir, ServerOptions options) throws StartFailedException, InterruptedException {
        return start(dataDir, libDir, options, JavaFinder.ofThisMachine());
    }

    static EmbeddedCassandra start(Path dataDir, Path libDir, ServerOptions options, JavaFinder finder) throws StartFailedException, InterruptedException {
        return new EmbeddedCassandra(ServerProcess.start(new CassandraRecipe(finder), dataDir, libDir, options));
    }

    /** host:port */
    public String contactPoint() {
        return FreePorts.LOOPBACK + ":" + server.port(0);
    }

    /** What drivers want to be told beside the contact point. */
    public String localDatacenter() {
        return "datacenter1";
    }

    public long pid() {
        return server.process().pid();
    }

    public Process process() {
        return server.process();
    }

    /** Ends it as {@code kill -9} does. What it had acknowledged is there at the next start. */
    public void kill() {
        server.kill();
    }

    /** Stops it in order, within seconds. May be called more than once. */
    @Override
    public void close() {
        server.close();
    }
}
