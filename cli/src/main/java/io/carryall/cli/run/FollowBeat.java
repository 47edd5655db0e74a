package io.carryall.cli.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.carryall.cli.stack.ControlClient;
import io.carryall.cli.stack.ControlClient.Reply;
import io.carryall.cli.stack.Stack;
import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Tells the control service every second how following stands, and hears from it whether somebody asked to stop. A service that does not answer is told the next time. Thread-safe. */
final class FollowBeat implements AutoCloseable {
    private static final long BEAT_MILLIS = 1_000;

    private final String path;
    private final ScheduledExecutorService beats;
    private volatile Stack stack;
    private volatile JsonNode told = JsonNodeFactory.instance.objectNode();
    private volatile boolean stopAsked;

    FollowBeat(String migration) {
        this.path = "/api/migrations/" + ControlClient.segment(migration) + "/followers/" + UUID.randomUUID();
        this.beats = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "carryall-follow");
            thread.setDaemon(true);
            return thread;
        });
        beats.scheduleWithFixedDelay(this::beat, 0, BEAT_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** @param using null while there is none */
    void on(Stack using) {
        stack = using;
    }

    void say(JsonNode how) {
        told = how;
    }

    boolean stopAsked() {
        return stopAsked;
    }

    private void beat() {
        Stack to = stack;
        if (to == null) {
            return;
        }
        try {
            Reply reply = to.client().put(path, told.toString());
            stopAsked |= reply.succeeded() && reply.body().path("stop").asBoolean();
        } catch (IOException e) {
            // who follows notices for itself that the stack is gone
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        beats.shutdownNow();
        Stack to = stack;
        boolean interrupted = Thread.interrupted();
        try {
            if (to != null && !to.gone()) {
                to.client().delete(path);
            }
        } catch (IOException e) {
            // it misses our beats
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
