package io.carryall.cli.stack;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Stops the embedded stack of a directory. */
public final class StackStop {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private StackStop() {
    }

    /** False where none was running. Returns when its process is gone. */
    public static boolean stop(StateDirectory state) throws StackFailure, InterruptedException {
        Optional<StackFile> running = StackFile.read(state).filter(StackFile::processLives);
        if (running.isEmpty() || !asked(running.get())) {
            return false;
        }
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (running.get().processLives()) {
            if (System.nanoTime() > deadline) {
                throw new StackFailure("the stack (process " + running.get().pid() + ") did not stop within " + TIMEOUT.toSeconds() + " s: see " + state.standaloneLog());
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        return true;
    }

    /** False where nobody listens: the process is somebody else's that got the old number. */
    private static boolean asked(StackFile stack) throws InterruptedException {
        try {
            new ControlClient(stack.url(), stack.token()).post("/api/stop", "{}");
            return true;
        } catch (ConnectException e) {
            return false;
        } catch (IOException e) {
            // it may end faster than it answers
            return true;
        }
    }
}
