package io.carryall.embedded;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** A broker and a node side by side: what Carryall runs on where nobody gave it a Kafka and a Cassandra. Thread-safe. */
public final class EmbeddedStack implements AutoCloseable {

    private final EmbeddedKafka kafka;
    private final EmbeddedCassandra cassandra;

    private EmbeddedStack(EmbeddedKafka kafka, EmbeddedCassandra cassandra) {
        this.kafka = kafka;
        this.cassandra = cassandra;
    }

    /**
     * Starts both at once and returns when both answer. When one does not start, the other is stopped.
     *
     * @param stateDir their data is below it, in {@code kafka} and {@code cassandra}, their logs in {@code logs}
     * @param carryallHome the root of the checkout or installation
     * @param progress gets a line, now and then, for the person who waits; may be called from two threads at once
     */
    public static EmbeddedStack start(Path stateDir, Path carryallHome, Consumer<String> progress) throws StartFailedException, InterruptedException {
        Path logs = stateDir.resolve("logs");
        Path cache = cacheDir(carryallHome);
        return start(
                () -> EmbeddedKafka.start(stateDir.resolve("kafka"), kafkaLib(carryallHome), ServerOptions.kafka(cache).withLogDir(logs).withProgress(progress)),
                () -> EmbeddedCassandra.start(stateDir.resolve("cassandra"), cassandraLib(carryallHome), ServerOptions.cassandra(cache).withLogDir(logs).withProgress(progress)));
    }

    public static Path kafkaLib(Path carryallHome) {
        return carryallHome.resolve("embedded/kafka-server/target/lib");
    }

    public static Path cassandraLib(Path carryallHome) {
        return carryallHome.resolve("embedded/cassandra-server/target/lib");
    }

    public static Path cacheDir(Path carryallHome) {
        return carryallHome.resolve("embedded/target/cache");
    }

    public EmbeddedKafka kafka() {
        return kafka;
    }

    public EmbeddedCassandra cassandra() {
        return cassandra;
    }

    /** Stops both at once, in order, within seconds. */
    @Override
    public void close() {
        Thread other = new Thread(kafka::close, "carryall-stop-kafka");
        other.start();
        cassandra.close();
        boolean interrupted = Thread.interrupted();
        while (other.isAlive()) {
            try {
                other.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static EmbeddedStack start(Callable<EmbeddedKafka> startKafka, Callable<EmbeddedCassandra> startCassandra) throws StartFailedException, InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        CompletionService<AutoCloseable> starts = new ExecutorCompletionService<>(threads);
        Future<AutoCloseable> kafka = starts.submit(startKafka::call);
        Future<AutoCloseable> cassandra = starts.submit(startCassandra::call);
        try {
            starts.take().get();
            starts.take().get();
            return new EmbeddedStack((EmbeddedKafka) kafka.get(), (EmbeddedCassandra) cassandra.get());
        } catch (ExecutionException e) {
            stop(threads, List.of(kafka, cassandra));
            if (e.getCause() instanceof StartFailedException failed) {
                throw failed;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            stop(threads, List.of(kafka, cassandra));
            throw e;
        } finally {
            threads.shutdown();
        }
    }

    /** The start that failed is over; the other one is interrupted, or closed when it had come to its end already. */
    private static void stop(ExecutorService threads, List<Future<AutoCloseable>> starts) {
        threads.shutdownNow();
        for (Future<AutoCloseable> start : starts) {
            closeWhenDone(start);
        }
    }

    private static void closeWhenDone(Future<AutoCloseable> start) {
        boolean interrupted = false;
        while (true) {
            try {
                start.get().close();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (Exception e) {
                // it never started: nothing to close
                break;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
