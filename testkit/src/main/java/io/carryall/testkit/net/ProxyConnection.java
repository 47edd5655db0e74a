package io.carryall.testkit.net;

import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.carryall.testkit.net.FaultProxy.Action;
import io.carryall.testkit.net.FaultProxy.Direction;
import io.carryall.testkit.net.FaultProxy.Trap;

/** One connection through the proxy: a reader and a writer for each direction, with a queue between them that gives the delay. */
final class ProxyConnection {
    private static final int CHUNK_BYTES_MAX = 32 * 1024;
    private static final int QUEUE_CHUNKS_MAX = 256;

    private final FaultProxy proxy;
    private final Socket client;
    private final Socket server;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile boolean abandoned;

    ProxyConnection(FaultProxy proxy, Socket client, Socket server) throws SocketException {
        this.proxy = proxy;
        this.client = client;
        this.server = server;
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
    }

    void start() {
        new Pump(Direction.TO_SERVER, client, server).start();
        new Pump(Direction.TO_CLIENT, server, client).start();
    }

    void end(Action how) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        if (how == Action.RESET) {
            reset(client);
            reset(server);
        } else {
            quietly(client);
            quietly(server);
        }
        proxy.gone(this);
    }

    /** Nobody is there any more for the server's answers; what the client had sent goes on. */
    void abandonClient() {
        abandoned = true;
        quietly(client);
    }

    static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (SocketException alreadyClosed) {
            // Closed is what it was to become.
        }
        quietly(socket);
    }

    static void quietly(Closeable closeable) {
        try {
            if (closeable != null) {
                closeable.close();
            }
        } catch (IOException gone) {
            // Gone is what it was to become.
        }
    }

    /** Bytes that are due at a time, and what is to be done after them (null: nothing). No bytes and nothing to be done: the end of the stream. */
    private record Chunk(long dueNanos, byte[] bytes, Action then) {
        boolean isEnd() {
            return bytes.length == 0 && then == null;
        }
    }

    private final class Pump {
        private final Direction direction;
        private final Socket from;
        private final Socket to;
        private final BlockingQueue<Chunk> queue = new ArrayBlockingQueue<>(QUEUE_CHUNKS_MAX);
        /** The trap that was there when we last looked, how many bytes it has seen, and what of its text may have begun. */
        private Trap watched;
        private long seen;
        private byte[] kept = new byte[0];

        Pump(Direction direction, Socket from, Socket to) {
            this.direction = direction;
            this.from = from;
            this.to = to;
        }

        void start() {
            FaultProxy.thread("read-" + direction, () -> guarded(this::read));
            FaultProxy.thread("write-" + direction, () -> guarded(this::write));
        }

        private void guarded(Work work) {
            try {
                work.run();
            } catch (IOException gone) {
                end(Action.CUT);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                end(Action.CUT);
            }
        }

        private void read() throws IOException, InterruptedException {
            byte[] buffer = new byte[CHUNK_BYTES_MAX];
            for (int count = receive(buffer); count >= 0; count = receive(buffer)) {
                pass(Arrays.copyOf(buffer, count));
            }
            put(kept, null);
            enqueue(new Chunk(System.nanoTime() + proxy.delayNanos(), new byte[0], null));
        }

        private int receive(byte[] buffer) throws IOException {
            try {
                return from.getInputStream().read(buffer);
            } catch (IOException gone) {
                if (abandoned && from == client) {
                    return -1;
                }
                throw gone;
            }
        }

        /** Splits the bytes where traps spring. */
        private void pass(byte[] bytes) throws InterruptedException {
            byte[] left = bytes;
            while (left.length > 0) {
                Trap trap = proxy.trap(direction);
                watch(trap);
                int at = trap == null ? -1 : trap.text() == null ? countedTo(trap, left) : found(trap, left);
                if (at < 0) {
                    forward(trap, left);
                    return;
                }
                byte[] all = joined(kept, left);
                kept = new byte[0];
                if (!proxy.spring(direction, trap)) {
                    left = all;
                    continue;
                }
                put(Arrays.copyOf(all, at), trap.action());
                left = Arrays.copyOfRange(all, at, all.length);
                if (trap.action() != Action.HOLD) {
                    return;
                }
            }
        }

        private void watch(Trap trap) throws InterruptedException {
            if (trap != watched) {
                watched = trap;
                seen = 0;
                if (kept.length > 0) {
                    put(kept, null);
                    kept = new byte[0];
                }
            }
        }

        private int countedTo(Trap trap, byte[] bytes) {
            long missing = trap.count() - seen;
            seen += bytes.length;
            return missing <= bytes.length ? (int) Math.max(0, missing) : -1;
        }

        /** Where in kept and new bytes together the trap springs. */
        private int found(Trap trap, byte[] bytes) {
            byte[] all = joined(kept, bytes);
            int at = indexOf(all, trap.text());
            return at < 0 ? -1 : trap.before() ? at : at + trap.text().length;
        }

        /** Forwards all but an end that may be the beginning of the text. */
        private void forward(Trap trap, byte[] bytes) throws InterruptedException {
            byte[] all = joined(kept, bytes);
            int keep = trap == null || trap.text() == null ? 0 : begun(all, trap.text());
            kept = Arrays.copyOfRange(all, all.length - keep, all.length);
            put(Arrays.copyOf(all, all.length - keep), null);
        }

        private void put(byte[] bytes, Action then) throws InterruptedException {
            if (bytes.length > 0 || then != null) {
                enqueue(new Chunk(System.nanoTime() + proxy.delayNanos(), bytes, then));
            }
        }

        private void enqueue(Chunk chunk) throws InterruptedException {
            boolean taken = false;
            while (!taken && !ended.get()) {
                taken = queue.offer(chunk, 1, TimeUnit.SECONDS);
            }
        }

        private void write() throws IOException, InterruptedException {
            while (!ended.get()) {
                Chunk chunk = queue.poll(1, TimeUnit.SECONDS);
                if (chunk == null) {
                    continue;
                }
                long early = chunk.dueNanos() - System.nanoTime();
                if (early > 0) {
                    TimeUnit.NANOSECONDS.sleep(early);
                }
                proxy.awaitNotStalled(direction, ProxyConnection.this);
                deliver(chunk.bytes());
                if (chunk.isEnd()) {
                    finish();
                    return;
                }
                if (chunk.then() != null) {
                    spring(chunk.then());
                }
            }
        }

        private void deliver(byte[] bytes) throws IOException {
            try {
                // Counted first: who has received them, or an answer to them, may look at the count at once.
                proxy.count(direction, bytes);
                to.getOutputStream().write(bytes);
            } catch (IOException gone) {
                if (!abandoned || to != client) {
                    throw gone;
                }
            }
        }

        private void spring(Action action) {
            if (action == Action.HOLD) {
                int since = proxy.releases();
                proxy.hasSprung(client.getPort());
                proxy.awaitRelease(since, ProxyConnection.this);
                return;
            }
            end(action);
            proxy.hasSprung(client.getPort());
        }

        /** The sender closed its side: so do we; when both have, the connection is over. */
        private void finish() throws IOException {
            if (!abandoned || to != client) {
                to.shutdownOutput();
            }
            if (abandoned ? from == server : from.isOutputShutdown()) {
                end(Action.CUT);
            }
        }
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private static byte[] joined(byte[] first, byte[] second) {
        if (first.length == 0) {
            return second;
        }
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    private static int indexOf(byte[] all, byte[] text) {
        for (int at = 0; at + text.length <= all.length; at++) {
            if (Arrays.equals(all, at, at + text.length, text, 0, text.length)) {
                return at;
            }
        }
        return -1;
    }

    /** The length of the longest end of the bytes with which the text begins. */
    private static int begun(byte[] all, byte[] text) {
        for (int length = Math.min(text.length - 1, all.length); length > 0; length--) {
            if (Arrays.equals(all, all.length - length, all.length, text, 0, length)) {
                return length;
            }
        }
        return 0;
    }
}
