package io.carryall.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * The data directory of one server, held by us alone.
 *
 * <p>Two locks, both let go of by the kernel whatever ends their holder: {@code owner.lock} is held by the process that starts and stops the server, {@code server.pid} by
 * the server itself (it carries the server's process id, for people). So a process id left behind by a crashed machine is never mistaken for a live server, and an orphan
 * that is still stopping is waited for.
 *
 * <p>The file {@code first-start} stands from before the first start until the server answered for the first time. A directory that still has it was never given to
 * anybody, so it holds nothing: the next start begins anew instead of making sense of what was half written.
 */
final class DataDirectory implements AutoCloseable {

    static final String PID_FILE = "server.pid";

    private static final String OWNER_FILE = "owner.lock";
    private static final String FIRST_START_FILE = "first-start";
    /** An owner that is on its way out needs this to stop its servers. */
    private static final long OWNER_WAIT_MILLIS = 5_000;
    /** The kernel ends an orphan's input when its parent dies; it then stops by itself, within less than this. */
    private static final long ORPHAN_WAIT_MILLIS = 20_000;
    private static final long LOOK_MILLIS = 50;
    /** Less than this, and a server would stop in the middle of its work soon after its start. */
    private static final long FREE_BYTES_MIN = 256L << 20;

    /** A server that died with less than this left died of it: it takes its disk in pieces of 16 MiB. */
    private static final long FULL_BYTES = 16L << 20;

    /** Closing any channel of a file drops all POSIX locks that this process has on it, so a second claim in the same JVM must not even open the file. */
    private static final Set<Path> CLAIMED_HERE = ConcurrentHashMap.newKeySet();

    private final String server;
    private final Path dir;
    private final FileChannel owner;
    private final AtomicBoolean closed = new AtomicBoolean();

    private DataDirectory(String server, Path dir, FileChannel owner) {
        this.server = server;
        this.dir = dir;
        this.owner = owner;
    }

    /** Creates the directory where needed and makes it ours. Waits some seconds for an owner, or an orphaned server, that is still stopping. */
    static DataDirectory claim(String server, Path wanted) throws StartFailedException, InterruptedException {
        Path dir = create(server, wanted);
        if (!CLAIMED_HERE.add(dir)) {
            throw inUse(server, dir, "this process");
        }
        FileChannel owner = null;
        try {
            owner = FileChannel.open(dir.resolve(OWNER_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileChannel opened = owner;
            if (!within(OWNER_WAIT_MILLIS, () -> opened.tryLock() != null)) {
                throw inUse(server, dir, "another Carryall");
            }
            if (!within(ORPHAN_WAIT_MILLIS, () -> !isHeld(dir.resolve(PID_FILE)))) {
                throw inUse(server, dir, "process " + Files.readString(dir.resolve(PID_FILE)).strip());
            }
            requireSpace(server, dir);
            return new DataDirectory(server, dir, owner);
        } catch (IOException e) {
            release(dir, owner);
            throw cannotWrite(server, dir, e);
        } catch (StartFailedException | InterruptedException | RuntimeException e) {
            release(dir, owner);
            throw e;
        }
    }

    Path path() {
        return dir;
    }

    Path resolve(String name) {
        return dir.resolve(name);
    }

    /** Has a start begun here that never came to its end? Then nobody was ever told of this server. */
    boolean isUnfinished() {
        return Files.exists(resolve(FIRST_START_FILE));
    }

    void beginFirstStart() throws IOException {
        Files.writeString(resolve(FIRST_START_FILE), "The first start has not come to its end; the next one begins anew.\n");
        force(dir);
    }

    /** Durable when it returns: were the mark to come back after a power loss, a later start would throw real data away. */
    void endFirstStart() throws IOException {
        if (Files.deleteIfExists(resolve(FIRST_START_FILE))) {
            force(dir);
        }
    }

    void delete(String name) throws IOException {
        deleteTree(resolve(name));
    }

    /** What stands in a directory below this one; nothing when there is no such directory. */
    List<String> namesIn(String name) throws IOException {
        Path below = resolve(name);
        if (!Files.isDirectory(below)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(below)) {
            return children.map(child -> child.getFileName().toString()).sorted().toList();
        }
    }

    boolean isFull() throws IOException {
        return Files.getFileStore(dir).getUsableSpace() < FULL_BYTES;
    }

    static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    static StartFailedException cannotWrite(String server, Path dir, IOException cause) {
        return new StartFailedException(server + " cannot use its data directory " + dir + " (" + cause + "): make it writable, free space, or name another with --state", cause);
    }

    /** Only the first call does something: the directory may have another owner in this process by the time of a second one. */
    @Override
    public void close() {
        if (!closed.getAndSet(true)) {
            release(dir, owner);
        }
    }

    private static Path create(String server, Path wanted) throws StartFailedException {
        try {
            Path dir = Files.createDirectories(wanted).toRealPath();
            if (!Files.isWritable(dir)) {
                throw new StartFailedException(server + " cannot write to its data directory " + dir + ": make it writable, or name another with --state");
            }
            return dir;
        } catch (IOException e) {
            throw cannotWrite(server, wanted, e);
        }
    }

    @FunctionalInterface
    private interface Look {
        boolean isSo() throws IOException;
    }

    private static boolean within(long millis, Look look) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (!look.isSo()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Thread.sleep(LOOK_MILLIS);
        }
        return true;
    }

    private static boolean isHeld(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE); FileLock lock = channel.tryLock()) {
            return lock == null;
        }
    }

    private static void requireSpace(String server, Path dir) throws IOException, StartFailedException {
        long free = Files.getFileStore(dir).getUsableSpace();
        if (free < FREE_BYTES_MIN) {
            throw new StartFailedException(server + " has " + (free >> 20) + " MiB of disk left in " + dir + " and needs at least " + (FREE_BYTES_MIN >> 20)
                    + " MiB: free space, or name another directory with --state");
        }
    }

    private static StartFailedException inUse(String server, Path dir, String by) {
        return new StartFailedException("The data directory of " + server + " is in use by " + by + ": " + dir + ". Stop it first, or name another directory with --state");
    }

    private static void release(Path dir, FileChannel owner) {
        try {
            if (owner != null) {
                owner.close();
            }
        } catch (IOException e) {
            // the lock goes with the process at the latest
        } finally {
            CLAIMED_HERE.remove(dir);
        }
    }

    private static void deleteTree(Path top) throws IOException {
        if (!Files.exists(top)) {
            return;
        }
        try (Stream<Path> all = Files.walk(top)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
