package io.carryall.control;

import io.carryall.core.port.Clock;
import io.carryall.core.port.Ledger;
import io.carryall.core.port.LedgerException;
import io.carryall.core.port.Queue;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * What every driver needs.
 *
 * @param looks a bounded pool in which pairs are looked at
 * @param names a bounded pool in which pairs are named
 * @param folds what folds several folders at once; whoever asks while all its threads are busy folds by itself
 */
record ControlParts(Ledger ledger, Queue queue, Clock clock, ControlSettings settings, ControlMetrics metrics, ResultJson results, ExecutorService looks, ExecutorService names, Executor folds) {
    private static final Logger LOG = Logger.getLogger(ControlParts.class);

    Thread thread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Does it for all of them, several at once, and returns the answers in their order. */
    <A, B> List<B> all(List<A> of, Function<A, B> work) {
        List<Future<B>> futures = of.stream().map(one -> names.submit(() -> work.apply(one))).toList();
        List<B> answers = new ArrayList<>(of.size());
        try {
            for (Future<B> future : futures) {
                answers.add(future.get());
            }
            return answers;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LedgerException("interrupted", e);
        } finally {
            futures.forEach(future -> future.cancel(true));
        }
    }

    /** Does it for as many of them as there is time for. */
    <A> void allUntil(List<A> of, long deadlineMillis, Consumer<A> work) throws InterruptedException {
        List<Future<?>> futures = new ArrayList<>();
        of.forEach(one -> futures.add(names.submit(() -> work.accept(one))));
        try {
            for (Future<?> future : futures) {
                future.get(Math.max(0, deadlineMillis - clock.monotonicMillis()), TimeUnit.MILLISECONDS);
            }
        } catch (TimeoutException e) {
            LOG.info("not every pair could be looked at once more in time: their figures are those of the outcomes");
        } catch (ExecutionException | CancellationException e) {
            LOG.warnf("not every pair could be looked at once more: %s", e.getMessage());
        } finally {
            futures.forEach(future -> future.cancel(true));
        }
    }
}
