package io.carryall.embedded;

import java.nio.file.Path;

/**
 * A real Kafka broker in a process of its own, on the loopback address, with its data kept between runs. It ends when the process that started it ends, however that
 * happens. Thread-safe.
 */
public final class EmbeddedKafka implements AutoCloseable {

    private final ServerProcess server;

    private EmbeddedKafka(ServerProcess server) {
        this.server = server;
    }

    /**
     * Returns when the broker answers. Its port is another one at each start.
     *
     * @param dataDir is created where needed; one running broker at a time
     * @param libDir the broker's jars
     * @throws StartFailedException with one line for an operator; nothing is left running then
     */
    public static EmbeddedKafka start(Path dataDir, Path libDir, ServerOptions options) throws StartFailedException, InterruptedException {
        return new EmbeddedKafka(ServerProcess.start(new KafkaRecipe(), dataDir, libDir, options));
    }

    /** host:port */
    public String bootstrapServers() {
        return FreePorts.LOOPBACK + ":" + server.port(0);
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
