package io.carryall.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C. The command's own thread is interrupted, so that it can stop the pass, say what came of it and leave the stack; then the process ends with 130, after some seconds in any case.
 */
public final class Interruption {
    private static final long PATIENCE_SECONDS = 15;

    private final Thread command;
    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile boolean requested;
    private volatile int status = ExitStatus.INTERRUPTED;

    private Interruption(Thread command) {
        this.command = command;
    }

    /** To be called by the thread that runs the command. */
    public static Interruption ofThisThread() {
        return new Interruption(Thread.currentThread());
    }

    void onSignals() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::shutDown, "carryall-interrupted"));
    }

    private void shutDown() {
        if (finished.getCount() == 0) {
            return;
        }
        request();
        try {
            finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(status);
    }

    public void request() {
        requested = true;
        command.interrupt();
    }

    public boolean requested() {
        return requested;
    }

    /** For a command that Ctrl-C is the way to end of: the process ends with that status instead of 130. */
    void expected(int statusInstead) {
        status = statusInstead;
    }

    void finished() {
        finished.countDown();
    }
}
