package io.carryall.embedded;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How a server is started. Immutable.
 *
 * @param heapMegabytes the largest heap of the server's JVM, in MiB
 * @param logDir where the server's log goes; empty means {@code logs} in its data directory
 * @param cacheDir where what speeds up the next start is kept: belongs to the jars, not to the data, and may be deleted at any time
 * @param startTimeout how long a start may take before it is given up
 * @param clientPort where clients connect: 0 means a free one, another at each start
 * @param progress gets a line, now and then, for the person who waits; called from the starting thread
 */
public record ServerOptions(int heapMegabytes, Optional<Path> logDir, Path cacheDir, Duration startTimeout, int clientPort, Consumer<String> progress) {

    /** Busy machines are slow: on an idle one of two cores both servers are ready in under ten seconds. */
    private static final Duration START_TIMEOUT = Duration.ofSeconds(120);

    public static ServerOptions kafka(Path cacheDir) {
        return new ServerOptions(320, Optional.empty(), cacheDir, START_TIMEOUT, 0, line -> {});
    }

    public static ServerOptions cassandra(Path cacheDir) {
        return new ServerOptions(768, Optional.empty(), cacheDir, START_TIMEOUT, 0, line -> {});
    }

    public ServerOptions withHeapMegabytes(int heap) {
        return new ServerOptions(heap, logDir, cacheDir, startTimeout, clientPort, progress);
    }

    public ServerOptions withLogDir(Path dir) {
        return new ServerOptions(heapMegabytes, Optional.of(dir), cacheDir, startTimeout, clientPort, progress);
    }

    public ServerOptions withProgress(Consumer<String> listener) {
        return new ServerOptions(heapMegabytes, logDir, cacheDir, startTimeout, clientPort, listener);
    }

    /** For who has clients that stay while the server is stopped and started again. A start fails when the port is taken. */
    public ServerOptions withClientPort(int port) {
        return new ServerOptions(heapMegabytes, logDir, cacheDir, startTimeout, port, progress);
    }
}
