package io.carryall.embedded.child;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import sun.misc.Signal;

/**
 * The first class of a server's own JVM. It ties the server's life to its parent's and to its data directory, then calls the server's own {@code main}.
 *
 * <p>Arguments: the lock file, how long an orderly stop may take in milliseconds, the server's main class, and that class's arguments.
 *
 * <p>The parent holds the other end of standard input and never writes. However the parent ends, be it by {@code kill -9}, the kernel closes that end: we read
 * end-of-file, stop in order, and halt when that takes too long. Java has no way to ask for a signal on the parent's death, and a process id that is polled may have been
 * given to another process meanwhile; a pipe has neither fault.
 *
 * <p>One class file without nested classes, written for Java 11: it is packed into a jar of its own for the child.
 */
public final class ServerMain {

    /** Exit status when another live process holds the lock file. */
    public static final int EXIT_IN_USE = 71;

    private static final int EXIT_HALTED = 72;
    private static final int LOCK_TRIES = 50;
    private static final long LOCK_PAUSE_MILLIS = 100;

    /** Held until the process is gone, whatever ends it; the kernel lets go of it then. Kept here so that the channel is never collected and closed. */
    private static FileLock lock;

    private ServerMain() {}

    public static void main(String[] args) throws Exception {
        Path lockFile = Path.of(args[0]);
        long graceMillis = Long.parseLong(args[1]);
        stopWithParent(graceMillis);
        ignore("INT");
        ignore("HUP");
        if (!takeLock(lockFile)) {
            System.err.println("Another process holds " + lockFile);
            System.exit(EXIT_IN_USE);
        }
        callMain(args[2], Arrays.copyOfRange(args, 3, args.length));
    }

    /** A Ctrl-C at a terminal goes to all processes started from it. The parent decides when we stop: it still needs us to write down where it stood. */
    private static void ignore(String signal) {
        Signal.handle(new Signal(signal), received -> {});
    }

    private static void stopWithParent(long graceMillis) {
        Thread watch = new Thread(() -> {
            waitForEndOfInput();
            haltAfter(graceMillis);
            System.exit(0);
        }, "carryall-parent-watch");
        watch.setDaemon(true);
        watch.start();
    }

    private static void waitForEndOfInput() {
        try {
            while (System.in.read() >= 0) {
                // the parent has nothing to say
            }
        } catch (IOException e) {
            // as good as the end
        }
    }

    /** The server's shutdown hooks may hang; nothing may outlive its parent for longer than this. */
    private static void haltAfter(long graceMillis) {
        Thread halt = new Thread(() -> {
            try {
                Thread.sleep(graceMillis);
            } catch (InterruptedException e) {
                // halt at once
            }
            Runtime.getRuntime().halt(EXIT_HALTED);
        }, "carryall-halt");
        halt.setDaemon(true);
        halt.start();
    }

    /** Tries for a few seconds: the JVM that prepared this directory may be on its last instructions. */
    private static boolean takeLock(Path file) throws IOException, InterruptedException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        for (int i = 0; i < LOCK_TRIES; i++) {
            lock = channel.tryLock();
            if (lock != null) {
                writePid(channel);
                return true;
            }
            Thread.sleep(LOCK_PAUSE_MILLIS);
        }
        return false;
    }

    private static void writePid(FileChannel channel) throws IOException {
        channel.truncate(0);
        channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
    }

    private static void callMain(String mainClass, String[] args) throws Exception {
        try {
            Class.forName(mainClass).getMethod("main", String[].class).invoke(null, (Object) args);
        } catch (InvocationTargetException e) {
            e.getCause().printStackTrace();
            System.exit(1);
        }
    }
}
