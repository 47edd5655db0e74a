package io.carryall.testkit.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Loopback ports for servers that must come back on the same port after a stop.
 *
 * <p>They are taken below the range from which the kernel serves outgoing connections (32768 and up on Linux): a port from that range could be
 * somebody's client port by the time its server starts again. Thread-safe.
 */
public final class FreePorts {
    private static final int LOWEST = 20_000;
    private static final int HIGHEST = 32_000;
    private static final int TRIES_MAX = 200;
    /** One after the other, from anywhere in the range: a port that was given has no listener yet, so only that it is passed keeps it from being given again. */
    private static final AtomicInteger NEXT = new AtomicInteger(ThreadLocalRandom.current().nextInt(HIGHEST - LOWEST));

    private FreePorts() {
    }

    /** A port on which nobody listened on loopback a moment ago, and that this process does not get again before it has had all others. */
    public static int next() {
        for (int attempt = 0; attempt < TRIES_MAX; attempt++) {
            int port = LOWEST + Math.floorMod(NEXT.getAndIncrement(), HIGHEST - LOWEST);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port on loopback between " + LOWEST + " and " + HIGHEST);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
            return true;
        } catch (java.net.BindException taken) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
