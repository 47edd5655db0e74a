package io.carryall.runtime;

import io.carryall.core.port.LedgerException;
import io.carryall.core.port.Queue;
import io.carryall.core.port.Queue.Delivery;
import io.carryall.core.port.QueueException;
import io.carryall.core.record.PipelineRecord;
import io.carryall.core.record.Topic;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Takes the records of one topic and has them handled by a bounded number of threads, several at once; those of one key one after another, in the order in which they came. A record is acknowledged when its handler returns. While the ledger or the queue does not answer, the record is
 * tried again, more and more slowly, for as long as the loop runs: all records need them. A handler that fails otherwise (a bug) is tried {@value #ATTEMPTS_MAX} times, then the record is passed over with an error in the log: the ledger's
 * rows still say what is to do. What waits when its partition moves is dropped: it comes again, there.
 *
 * <p>{@link #close()} stops taking, lets running handlers finish for a while, and leaves the rest unacknowledged: it comes again elsewhere.
 */
public final class StepLoop implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(StepLoop.class.getName());
    private static final Duration POLL_WAIT = Duration.ofMillis(500);
    private static final int ATTEMPTS_MAX = 3;
    private static final long RETRY_MILLIS_MIN = 250;
    private static final long RETRY_MILLIS_MAX = 15_000;

    private final Step step;
    private final Queue queue;
    private final Topic topic;
    private final String group;
    private final int inFlightMax;
    private final long graceMillis;
    private final Handler handler;
    private final StepMetrics metrics;
    private final ThreadPoolExecutor workers;
    private final Thread taking;
    /** By key of what is being handled: what waits for that. At most {@code inFlightMax} in all. */
    private final Map<String, Deque<Delivery>> waiting = new HashMap<>();
    private final CountDownLatch stopping = new CountDownLatch(1);

    /** Does the work of one record, durably. It looks at {@link Thread#interrupted()} where it may take long. */
    public interface Handler {
        void handle(PipelineRecord record) throws InterruptedException;

        /** Does the work of records of one key that came one after another; where that fails, they are tried again, together or each by itself. */
        default void handle(List<PipelineRecord> run) throws InterruptedException {
            for (PipelineRecord record : run) {
                handle(record);
            }
        }

        /** How many records of one key it takes at once. */
        default int runMax() {
            return 1;
        }
    }

    /**
     * @param aheadMax    how many records wait beside those that are being handled. Many where one key may have a long run: else its run keeps the other keys from the workers
     * @param graceMillis how long a close waits for what is being handled
     */
    public StepLoop(Step step, Queue queue, Topic topic, String group, int workerCount, int aheadMax, long graceMillis, StepMetrics metrics, Handler handler) {
        this.step = step;
        this.queue = queue;
        this.topic = topic;
        this.group = group;
        this.inFlightMax = workerCount + aheadMax;
        this.graceMillis = graceMillis;
        this.metrics = metrics;
        this.handler = handler;
        AtomicInteger count = new AtomicInteger();
        workers = new ThreadPoolExecutor(workerCount, workerCount, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(inFlightMax),
                work -> daemon(work, "carryall-" + step.word() + "-" + count.incrementAndGet()),
                // Partitions that moved away and back can bring more than the limit for a moment. Once the loop is closing, what is not acknowledged comes again elsewhere.
                new ThreadPoolExecutor.CallerRunsPolicy());
        taking = daemon(this::take, "carryall-" + step.word());
    }

    /** What keeps a process alive is not its loops: a service that ends, ends. */
    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    public void start() {
        metrics.start(step);
        taking.start();
    }

    private void take() {
        long retryMillis = RETRY_MILLIS_MIN;
        while (!isStopping()) {
            try (Queue.Consumer consumer = queue.subscribe(topic, group, inFlightMax)) {
                while (!isStopping()) {
                    submit(consumer.poll(POLL_WAIT));
                    retryMillis = RETRY_MILLIS_MIN;
                }
                finish(consumer);
            } catch (LedgerException | QueueException e) {
                metrics.infrastructureFailed(step);
                LOG.log(Level.WARNING, "{0}: cannot take records, trying again: {1}", step.word(), e.getMessage());
                pause(retryMillis);
                retryMillis = Math.min(RETRY_MILLIS_MAX, retryMillis * 2);
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, step.word() + ": cannot take records, trying again", e);
                pause(RETRY_MILLIS_MAX);
            }
        }
    }

    /** The consumer stays in its group, and commits, while what was taken is finished. */
    private void finish(Queue.Consumer consumer) {
        workers.shutdown();
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(graceMillis);
        while (!workers.isTerminated() && System.nanoTime() < deadline) {
            consumer.poll(Duration.ofMillis(50));
        }
    }

    /** All of them first, so that those of one key are handled together. */
    private void submit(List<Delivery> deliveries) {
        List<String> idle = new ArrayList<>();
        synchronized (waiting) {
            for (Delivery delivery : deliveries) {
                String key = delivery.record().key();
                waiting.computeIfAbsent(key, none -> {
                    idle.add(key);
                    return new ArrayDeque<>();
                }).add(delivery);
            }
        }
        idle.forEach(this::handOver);
    }

    private void handOver(String key) {
        workers.execute(() -> {
            handle(run(key));
            if (isMoreOf(key)) {
                handOver(key);
            }
        });
    }

    private List<Delivery> run(String key) {
        List<Delivery> run = new ArrayList<>();
        synchronized (waiting) {
            Deque<Delivery> sameKey = waiting.get(key);
            while (!sameKey.isEmpty() && run.size() < handler.runMax()) {
                run.add(sameKey.poll());
            }
        }
        return run;
    }

    private boolean isMoreOf(String key) {
        synchronized (waiting) {
            if (waiting.get(key).isEmpty()) {
                waiting.remove(key);
                return false;
            }
            return true;
        }
    }

    private void handle(List<Delivery> taken) {
        List<Delivery> run = isStopping() ? List.of() : current(taken);
        if (run.isEmpty()) {
            return;
        }
        long retryMillis = RETRY_MILLIS_MIN;
        int bugs = 0;
        while (!isInterrupted()) {
            try {
                long began = System.nanoTime();
                handler.handle(run.stream().map(Delivery::record).toList());
                Duration each = Duration.ofNanos((System.nanoTime() - began) / run.size());
                run.forEach(delivery -> {
                    delivery.acknowledge();
                    metrics.took(step, each);
                });
                return;
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                if (isInfrastructure(e)) {
                    metrics.infrastructureFailed(step);
                    LOG.log(Level.WARNING, "{0}: trying again in {1} ms: {2}", step.word(), String.valueOf(retryMillis), e.getMessage());
                } else if (run.size() > 1) {
                    LOG.log(Level.ERROR, step.word() + ": records could not be handled together, trying each by itself", e);
                    run.forEach(delivery -> handle(List.of(delivery)));
                    return;
                } else if (++bugs < ATTEMPTS_MAX) {
                    LOG.log(Level.ERROR, step.word() + ": a record could not be handled, trying again", e);
                } else {
                    LOG.log(Level.ERROR, step.word() + ": a record could not be handled, passed over: " + run.get(0).record().key() + " of " + run.get(0).record().pass(), e);
                    run.get(0).acknowledge();
                    return;
                }
            }
            if (pause(retryMillis)) {
                return;
            }
            retryMillis = Math.min(RETRY_MILLIS_MAX, retryMillis * 2);
        }
    }

    /** What waited while its partition moved comes again: whoever gets it then does the work. */
    private static List<Delivery> current(List<Delivery> taken) {
        Map<Boolean, List<Delivery>> byCurrent = taken.stream().collect(Collectors.partitioningBy(Delivery::isCurrent));
        byCurrent.get(false).forEach(Delivery::acknowledge);
        return byCurrent.get(true);
    }

    private static boolean isInfrastructure(RuntimeException failure) {
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof LedgerException || cause instanceof QueueException;
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    private static boolean isInterrupted() {
        return Thread.currentThread().isInterrupted();
    }

    /** True if the loop is to stop. */
    private boolean pause(long millis) {
        try {
            return stopping.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    @Override
    public void close() {
        stopping.countDown();
        boolean interrupted = false;
        try {
            taking.join(graceMillis + TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            interrupted = true;
        }
        workers.shutdownNow();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
