package io.carryall.control;

import io.carryall.core.port.Queue;
import io.carryall.core.port.QueueException;
import io.carryall.core.record.PipelineRecord.Outcome;
import io.carryall.core.record.Topic;
import java.time.Duration;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Listens to outcomes, so that a pair is looked at as soon as it is worth while. What it misses is found by looking now and then. */
final class OutcomeListener implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(OutcomeListener.class);
    static final String GROUP = "carryall-control";
    private static final int IN_FLIGHT_MAX = 1_000;
    private static final Duration POLL = Duration.ofMillis(250);
    private static final long BACKOFF_MILLIS = 1_000;
    private static final long CLOSE_MILLIS = 5_000;

    private final Queue queue;
    private final Consumer<Outcome> into;
    private final Thread thread;
    private volatile boolean closed;

    OutcomeListener(Queue queue, Consumer<Outcome> into) {
        this.queue = queue;
        this.into = into;
        this.thread = new Thread(this::listen, "carryall-outcomes");
        thread.setDaemon(true);
        thread.start();
    }

    private void listen() {
        while (!closed) {
            try (Queue.Consumer consumer = queue.subscribe(Topic.OUTCOMES, GROUP, IN_FLIGHT_MAX)) {
                while (!closed) {
                    consumer.poll(POLL).forEach(this::take);
                }
            } catch (QueueException e) {
                LOG.warnf("outcomes cannot be listened to now, pairs are looked at now and then instead: %s", e.getMessage());
                pause();
            } catch (RuntimeException e) {
                if (!closed) {
                    LOG.error("listening to outcomes failed, and begins again", e);
                    pause();
                }
            }
        }
    }

    private void take(Queue.Delivery delivery) {
        if (delivery.record() instanceof Outcome outcome) {
            into.accept(outcome);
        }
        delivery.acknowledge();
    }

    private static void pause() {
        try {
            Thread.sleep(BACKOFF_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
