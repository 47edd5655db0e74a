package io.carryall.standalone;

import io.carryall.embedded.StartFailedException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;

/**
 * Where the embedded stack keeps its data, held by this process alone. Thread-safe.
 */
final class StateDirectory implements AutoCloseable {
    private static final long ENDING_WAIT_MILLIS = 45_000;
    private static final long LOOK_MILLIS = 100;
    private static volatile StateDirectory current;

    private final Path dir;
    private final FileChannel lock;

    private StateDirectory(Path dir, FileChannel lock) {
        this.dir = dir;
        this.lock = lock;
    }

    /** The one that this process holds. */
    static StateDirectory current() {
        return current;
    }

    /**
     * Makes it where it is missing, and takes it. A stack that is about to end is waited for.
     *
     * @throws StartFailedException with one line for an operator
     */
    static StateDirectory claim(Path dir) throws StartFailedException {
        try {
            makePrivate(dir);
            Files.createDirectories(dir.resolve("logs"));
            makePrivate(dir.resolve("secrets"));
            makePrivate(dir.resolve("spill"));
            FileChannel channel = FileChannel.open(dir.resolve("standalone.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            StateDirectory state = new StateDirectory(dir, channel);
            state.takeLock();
            Files.deleteIfExists(state.file());
            current = state;
            return state;
        } catch (IOException e) {
            throw new StartFailedException("the state directory " + dir + " can't be used (" + e + "): make it writable, free space, or name another one with --state DIR", e);
        }
    }

    private void takeLock() throws IOException, StartFailedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ENDING_WAIT_MILLIS);
        boolean told = false;
        while (true) {
            FileLock taken = lock.tryLock();
            if (taken != null) {
                return;
            }
            boolean running = Files.exists(file());
            if (running || System.nanoTime() > deadline) {
                lock.close();
                throw new StartFailedException("a stack " + (running ? "runs" : "is ending") + " in " + dir + " already: use it, stop it with carryall down, or name another directory with --state DIR");
            }
            if (!told) {
                told = true;
                say("waiting for the stack before this one to end ...");
            }
            pause();
        }
    }

    private static void pause() throws StartFailedException {
        try {
            Thread.sleep(LOOK_MILLIS);
        } catch (InterruptedException e) {
            throw new StartFailedException("stopped while starting", e);
        }
    }

    Path path() {
        return dir;
    }

    Path logs() {
        return dir.resolve("logs");
    }

    Path secrets() {
        return dir.resolve("secrets");
    }

    Path spill() {
        return dir.resolve("spill");
    }

    Path file() {
        return dir.resolve("stack.json");
    }

    /** A line for the person who waits for the start. */
    synchronized void say(String line) {
        try {
            Files.writeString(logs().resolve("startup.log"), line.strip() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            System.err.println(line);
        }
    }

    /** Lets commands join: whole or not at all, and for no other user's eyes. */
    void announce(String url, String token, String startedBy) throws IOException {
        String json = "{\"pid\":" + ProcessHandle.current().pid() + ",\"url\":\"" + url + "\",\"token\":\"" + token + "\",\"startedBy\":\"" + (startedBy.equals("up") ? "up" : "run") + "\",\"startedAt\":\""
                + Instant.now().truncatedTo(ChronoUnit.SECONDS) + "\"}\n";
        Path draft = dir.resolve("stack.json.new");
        Files.deleteIfExists(draft);
        createPrivate(draft);
        Files.writeString(draft, json, StandardCharsets.UTF_8, StandardOpenOption.WRITE);
        Files.move(draft, file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Nobody may join any more. */
    void withdraw() {
        try {
            Files.deleteIfExists(file());
        } catch (IOException e) {
            // it is not believed once our process is gone
        }
    }

    /** Passes need them only while services run. */
    void deleteSecrets() {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(secrets(), "*.json*")) {
            for (Path secret : left) {
                Files.deleteIfExists(secret);
            }
        } catch (IOException e) {
            System.err.println("secrets of passes could not be deleted in " + secrets());
        }
    }

    private static void createPrivate(Path file) throws IOException {
        if (isPosix(file.getParent())) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } else {
            Files.createFile(file);
        }
    }

    private static void makePrivate(Path directory) throws IOException {
        Files.createDirectories(directory);
        if (isPosix(directory)) {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        }
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            // it goes with the process
        }
    }
}
