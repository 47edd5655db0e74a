package io.carryall.testkit.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A TCP proxy on loopback that does harm on request: delays, stalls, cuts and resets at an exact byte or text, refuses connections. Everything can be switched while
 * connections are open.
 *
 * <p>A <em>trap</em> ({@link #trapBytes}, {@link #trapAfterText}, {@link #trapBeforeText}) waits in one direction for its place in the stream of any connection, old or new, springs once and is gone.
 * Everything before that place has been given to the receiver's kernel by then, nothing after it. One trap a direction. What is held back (by a trap that holds, or by
 * {@link #stall}) flows on after {@link #release}.
 *
 * <p>Thread-safe. At most {@value #CONNECTIONS_MAX} connections with four threads each; more are closed at once. {@link #close} ends all of them.
 */
public final class FaultProxy implements AutoCloseable {
    /** Which way bytes go. */
    public enum Direction { TO_SERVER, TO_CLIENT }

    /** What a trap does. */
    public enum Action {
        /** Closes both sides: what went through is still delivered. Who was sending more sees a reset, who was not sees the end of the stream. */
        CUT,
        /** Resets both sides: what the receiver has not read yet may be lost to it. */
        RESET,
        /** Keeps the rest of this direction of this connection back. */
        HOLD
    }

    static final int CONNECTIONS_MAX = 256;
    private static final int CONNECT_MILLIS_MAX = 10_000;
    private static final long ACCEPTOR_END_MILLIS_MAX = CONNECT_MILLIS_MAX + 5_000;

    private final InetSocketAddress server;
    private final int port;
    private final Set<ProxyConnection> open = ConcurrentHashMap.newKeySet();
    private final AtomicLongArray bytes = new AtomicLongArray(2);
    private final AtomicLongArray lines = new AtomicLongArray(2);
    private final AtomicInteger accepted = new AtomicInteger();
    private final Trap[] traps = new Trap[2];
    private final boolean[] stalled = new boolean[2];
    private final Object lock = new Object();
    private int releases;
    private int sprung;
    private int sprungClientPort;
    private volatile long delayNanos;
    private volatile ServerSocket listener;
    private Thread acceptor;
    private boolean closed;

    /** A proxy to a server on loopback. */
    public FaultProxy(int serverPort) {
        this("127.0.0.1", serverPort);
    }

    public FaultProxy(String host, int serverPort) {
        this.server = new InetSocketAddress(host, serverPort);
        this.port = FreePorts.next();
        listen();
    }

    /** Where clients connect, on 127.0.0.1. */
    public int port() {
        return port;
    }

    /** How long every byte is on its way, in each direction; half of a round trip. It costs no throughput. */
    public void delay(Duration eachWay) {
        delayNanos = eachWay.toNanos();
    }

    /** Springs when this many further bytes have gone through in that direction of one connection: counted from its start, or from now where it is open already. */
    public void trapBytes(Direction direction, long count, Action action) {
        setTrap(direction, new Trap(action, count, null, false));
    }

    /** Springs after this text has gone through: its last byte is delivered. Text that went through before now does not count. */
    public void trapAfterText(Direction direction, String text, Action action) {
        setTrap(direction, new Trap(action, 0, text.getBytes(StandardCharsets.ISO_8859_1), false));
    }

    /** Springs before this text goes through: its first byte is not delivered. The text must not begin with a line end. */
    public void trapBeforeText(Direction direction, String text, Action action) {
        setTrap(direction, new Trap(action, 0, text.getBytes(StandardCharsets.ISO_8859_1), true));
    }

    private void setTrap(Direction direction, Trap trap) {
        synchronized (lock) {
            traps[direction.ordinal()] = trap;
        }
    }

    /** Takes away traps that have not sprung. */
    public void disarm() {
        synchronized (lock) {
            traps[0] = null;
            traps[1] = null;
        }
    }

    /** Lets nothing more through in that direction, on all connections, until {@link #release}. */
    public void stall(Direction direction) {
        synchronized (lock) {
            stalled[direction.ordinal()] = true;
        }
    }

    /** Lets all that is held back flow on. */
    public void release() {
        synchronized (lock) {
            stalled[0] = false;
            stalled[1] = false;
            releases++;
            lock.notifyAll();
        }
    }

    /** Whether connections are refused from now on (by the kernel: nobody listens). Those that have been accepted stay. */
    public void refuse(boolean refuse) {
        if (refuse) {
            stopListening();
        } else if (listener == null) {
            listen();
        }
    }

    /** Closes all open connections in order. */
    public void cutAll() {
        open.forEach(connection -> connection.end(Action.CUT));
    }

    /** Resets all open connections. */
    public void resetAll() {
        open.forEach(connection -> connection.end(Action.RESET));
    }

    /**
     * Closes the clients' side of all open connections, and theirs alone: what a client has sent still goes its way to the server, now or after {@link #release}, and then the end of the stream. So a server
     * carries out what nobody waits for any more.
     */
    public void abandonClients() {
        open.forEach(ProxyConnection::abandonClient);
    }

    /** Bytes that went through since the start. */
    public long bytes(Direction direction) {
        return bytes.get(direction.ordinal());
    }

    /** Ends of lines that were delivered: of those to a server that speaks IMAP about as many as commands, where no messages are sent. Not of TLS. */
    public long lines(Direction direction) {
        return lines.get(direction.ordinal());
    }

    /** Connections accepted since the start. */
    public int connections() {
        return accepted.get();
    }

    public int openConnections() {
        return open.size();
    }

    /** How many traps have sprung. */
    public int sprung() {
        synchronized (lock) {
            return sprung;
        }
    }

    /** The client's own port of the connection on which a trap sprung last; 0 when none has. It tells which of several clients was struck. */
    public int sprungClientPort() {
        synchronized (lock) {
            return sprungClientPort;
        }
    }

    /** Waits until this many traps have sprung in all; throws {@link AssertionError} after that time. */
    public void awaitSprung(int count, Duration longest) {
        long deadline = System.nanoTime() + longest.toNanos();
        synchronized (lock) {
            while (sprung < count) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    throw new AssertionError(sprung + " traps have sprung after " + longest.toMillis() + " ms, not " + count);
                }
                waitFor(left);
            }
        }
    }

    private void waitFor(long millis) {
        try {
            lock.wait(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private void listen() {
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
            listener = socket;
            acceptor = thread("accept", () -> acceptOn(socket));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A thread that is in {@code accept} keeps the kernel's socket open after {@code close}, and clients in its queue: nobody listens only when that thread has come back. */
    private void stopListening() {
        ServerSocket socket = listener;
        listener = null;
        ProxyConnection.quietly(socket);
        try {
            acceptor.join(ACCEPTOR_END_MILLIS_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void acceptOn(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                accept(socket.accept());
            } catch (IOException closedOrFull) {
                // The loop's condition tells which.
            }
        }
    }

    private void accept(Socket client) {
        accepted.incrementAndGet();
        if (open.size() >= CONNECTIONS_MAX) {
            ProxyConnection.quietly(client);
            return;
        }
        try {
            Socket upstream = new Socket();
            upstream.connect(server, CONNECT_MILLIS_MAX);
            ProxyConnection connection = new ProxyConnection(this, client, upstream);
            open.add(connection);
            connection.start();
            synchronized (lock) {
                if (closed) {
                    connection.end(Action.RESET);
                }
            }
        } catch (IOException serverIsAway) {
            ProxyConnection.reset(client);
        }
    }

    static Thread thread(String name, Runnable work) {
        Thread thread = new Thread(work, "fault-proxy-" + name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    // For connections

    long delayNanos() {
        return delayNanos;
    }

    void gone(ProxyConnection connection) {
        open.remove(connection);
        synchronized (lock) {
            lock.notifyAll();
        }
    }

    void count(Direction direction, byte[] delivered) {
        bytes.addAndGet(direction.ordinal(), delivered.length);
        int ends = 0;
        for (byte each : delivered) {
            ends += each == '\n' ? 1 : 0;
        }
        lines.addAndGet(direction.ordinal(), ends);
    }

    /** The trap that waits now in that direction; null when there is none. */
    Trap trap(Direction direction) {
        synchronized (lock) {
            return traps[direction.ordinal()];
        }
    }

    /** Whether this trap springs here; it springs for one connection only. */
    boolean spring(Direction direction, Trap trap) {
        synchronized (lock) {
            if (traps[direction.ordinal()] != trap) {
                return false;
            }
            traps[direction.ordinal()] = null;
            return true;
        }
    }

    /** To be told after the trap has done its work, so that who waits for it finds it done. */
    void hasSprung(int clientPort) {
        synchronized (lock) {
            sprung++;
            sprungClientPort = clientPort;
            lock.notifyAll();
        }
    }

    int releases() {
        synchronized (lock) {
            return releases;
        }
    }

    /** Returns when something was released after {@code since} or the connection is gone. */
    void awaitRelease(int since, ProxyConnection connection) {
        synchronized (lock) {
            while (releases == since && open.contains(connection)) {
                waitFor(1_000);
            }
        }
    }

    void awaitNotStalled(Direction direction, ProxyConnection connection) {
        synchronized (lock) {
            while (stalled[direction.ordinal()] && open.contains(connection)) {
                waitFor(1_000);
            }
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
        }
        stopListening();
        List.copyOf(open).forEach(connection -> connection.end(Action.RESET));
        release();
    }

    /** @param text null where bytes are counted */
    record Trap(Action action, long count, byte[] text, boolean before) { }
}
