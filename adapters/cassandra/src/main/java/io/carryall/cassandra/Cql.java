package io.carryall.cassandra;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.DriverTimeoutException;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchType;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatementBuilder;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.cql.Statement;
import com.datastax.oss.driver.api.core.servererrors.QueryValidationException;
import com.datastax.oss.driver.api.core.servererrors.ReadTimeoutException;
import com.datastax.oss.driver.api.core.servererrors.WriteTimeoutException;
import com.datastax.oss.driver.api.core.type.UserDefinedType;
import io.carryall.cassandra.LedgerListener.Kind;
import io.carryall.core.port.LedgerException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * How statements are carried out: asynchronously with a bounded number in flight, idempotent ones tried again a bounded number of times, lightweight transactions resolved when
 * their answer is lost. The driver's exceptions end here. Thread-safe.
 */
final class Cql implements AutoCloseable {
    static final int BATCH_ROWS_MAX = 100;
    /** Less than a page; a node holds so many of each partition that it reads at once. */
    private static final int FEW_ROWS_MAX = 500;
    private static final int IN_FLIGHT_MAX = 128;
    private static final int STREAMS_MAX = 8;
    private static final int ATTEMPTS_MAX = 4;
    private static final long BACKOFF_MILLIS = 100;
    private static final long GRACE_MILLIS = 5_000;

    private final CqlSession session;
    private final CassandraConfig config;
    private final ConsistencyLevel serial;
    private final LedgerListener listener;
    private final Semaphore inFlight = new Semaphore(IN_FLIGHT_MAX);

    Cql(CqlSession session, CassandraConfig config, LedgerListener listener) {
        this.session = session;
        this.config = config;
        this.serial = DriverSettings.serial(config);
        this.listener = listener;
    }

    /** For reads and for writes that may be repeated. */
    PreparedStatement prepare(String cql) {
        return prepare(SimpleStatement.newInstance(cql));
    }

    PreparedStatement prepareSerialRead(String cql) {
        return prepare(SimpleStatement.newInstance(cql).setConsistencyLevel(serial));
    }

    PreparedStatement prepareConditional(String cql) {
        return prepare(SimpleStatement.newInstance(cql).setIdempotent(false));
    }

    private PreparedStatement prepare(SimpleStatement statement) {
        return await(Kind.READ, List.<Supplier<CompletionStage<PreparedStatement>>>of(() -> session.prepareAsync(statement))).get(0);
    }

    /** Values in their order; a null stays unset, which leaves no tombstone. */
    static BoundStatement bind(PreparedStatement prepared, Object... values) {
        BoundStatementBuilder builder = prepared.boundStatementBuilder(values);
        for (int i = 0; i < values.length; i++) {
            if (values[i] == null) {
                builder = builder.unset(i);
            }
        }
        return builder.build();
    }

    static UserDefinedType typeOf(PreparedStatement prepared, int variable) {
        return (UserDefinedType) prepared.getVariableDefinitions().get(variable).getType();
    }

    Optional<Row> one(BoundStatement read) {
        return Optional.ofNullable(await(Kind.READ, List.of(start(read))).get(0).one());
    }

    /** All rows of all of them, in their order: the next few are asked while one is handed over, so memory is bounded by pages. */
    void each(List<BoundStatement> reads, Consumer<Row> rows) {
        for (int from = 0; from < reads.size(); from += STREAMS_MAX) {
            List<BoundStatement> window = reads.subList(from, Math.min(reads.size(), from + STREAMS_MAX));
            await(Kind.READ, window.stream().map(this::start).toList()).forEach(first -> eachPage(first, rows));
        }
    }

    private void eachPage(AsyncResultSet first, Consumer<Row> rows) {
        AsyncResultSet page = first;
        page.currentPage().forEach(rows);
        while (page.hasMorePages()) {
            page = await(Kind.READ, List.<Supplier<CompletionStage<AsyncResultSet>>>of(page::fetchNextPage)).get(0);
            page.currentPage().forEach(rows);
        }
    }

    List<Row> rows(List<BoundStatement> reads) {
        List<Row> rows = new ArrayList<>();
        each(reads, rows::add);
        return rows;
    }

    /**
     * All rows of several partitions. Where a node knows that a page holds them it reads the partitions at once, else one after the other, for twice the processor time. So a few are asked for, and all of them only where there are more.
     *
     * @param read has its LIMIT as its last variable
     */
    List<Row> rowsOfSeveral(PreparedStatement read, Object... keys) {
        List<Row> few = rows(List.of(limited(read, keys, FEW_ROWS_MAX)));
        return few.size() < FEW_ROWS_MAX ? few : rows(List.of(limited(read, keys, Integer.MAX_VALUE)));
    }

    private static BoundStatement limited(PreparedStatement read, Object[] keys, int rowsMax) {
        Object[] values = Arrays.copyOf(keys, keys.length + 1);
        values[keys.length] = rowsMax;
        return bind(read, values);
    }

    void write(BoundStatement write) {
        await(Kind.WRITE, List.of(start(write)));
    }

    /** Each collection goes to one partition: in unlogged batches, which Cassandra applies like one row. */
    void writePartitions(Collection<List<BoundStatement>> partitions) {
        List<Supplier<CompletionStage<AsyncResultSet>>> calls = new ArrayList<>();
        for (List<BoundStatement> rows : partitions) {
            for (int from = 0; from < rows.size(); from += BATCH_ROWS_MAX) {
                calls.add(start(batch(rows.subList(from, Math.min(rows.size(), from + BATCH_ROWS_MAX)))));
            }
        }
        await(Kind.WRITE, calls);
    }

    private static Statement<?> batch(List<BoundStatement> rows) {
        return rows.size() == 1 ? rows.get(0) : BatchStatement.newInstance(BatchType.UNLOGGED, new ArrayList<>(rows)).setIdempotent(true);
    }

    /**
     * Carries out a lightweight transaction.
     *
     * @param whenApplied the answer if Cassandra says that it was applied
     * @param standing    reads serially what stands there, where it was not applied or nobody knows; empty if it would still apply: it is tried again then
     * @throws LedgerException if nothing is known
     */
    <T> T conditional(BoundStatement transaction, T whenApplied, Supplier<Optional<T>> standing) {
        RuntimeException cause = null;
        for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
            try {
                if (get(launch(Kind.CONDITIONAL, start(transaction))).wasApplied()) {
                    return whenApplied;
                }
            } catch (DriverException e) {
                cause = retryable(e);
            }
            Optional<T> answer = standing.get();
            if (answer.isPresent()) {
                return answer.get();
            }
            listener.retried(Kind.CONDITIONAL);
            backOff(attempt);
        }
        throw gaveUp(Kind.CONDITIONAL, cause);
    }

    /** Carries out lightweight transactions of one partition, all or none. Returns whether they are known to be carried out; if not, they may be under way all the same. */
    boolean conditional(List<BoundStatement> transactions) {
        try {
            return get(launch(Kind.CONDITIONAL, start(BatchStatement.newInstance(BatchType.UNLOGGED, new ArrayList<>(transactions)).setIdempotent(false)))).wasApplied();
        } catch (DriverException e) {
            retryable(e);
            listener.retried(Kind.CONDITIONAL);
            return false;
        }
    }

    private Supplier<CompletionStage<AsyncResultSet>> start(Statement<?> statement) {
        return () -> session.executeAsync(statement);
    }

    private <T> List<T> await(Kind kind, List<Supplier<CompletionStage<T>>> calls) {
        List<T> answers = new ArrayList<>(Collections.nCopies(calls.size(), null));
        List<Integer> open = IntStream.range(0, calls.size()).boxed().toList();
        long deadline = System.nanoTime() + 2 * TimeUnit.MILLISECONDS.toNanos(config.requestTimeoutMillis());
        for (int attempt = 1; !open.isEmpty(); attempt++) {
            Round<T> round = round(kind, calls, open, answers);
            if (!round.failed.isEmpty() && (attempt == ATTEMPTS_MAX || System.nanoTime() > deadline)) {
                throw gaveUp(kind, round.cause);
            }
            open = round.failed;
            if (!open.isEmpty()) {
                listener.retried(kind);
                backOff(attempt);
            }
        }
        return answers;
    }

    private static final class Round<T> {
        final List<CompletableFuture<T>> started = new ArrayList<>();
        final List<Integer> failed = new ArrayList<>();
        DriverException cause;
    }

    private <T> Round<T> round(Kind kind, List<Supplier<CompletionStage<T>>> calls, List<Integer> open, List<T> answers) {
        Round<T> round = new Round<>();
        open.forEach(index -> round.started.add(launch(kind, calls.get(index))));
        for (int i = 0; i < open.size(); i++) {
            try {
                answers.set(open.get(i), get(round.started.get(i)));
            } catch (DriverException e) {
                round.cause = retryable(e);
                round.failed.add(open.get(i));
            }
        }
        return round;
    }

    private <T> CompletableFuture<T> launch(Kind kind, Supplier<CompletionStage<T>> call) {
        acquire();
        long startedNanos = System.nanoTime();
        CompletionStage<T> stage;
        try {
            stage = call.get();
        } catch (RuntimeException e) {
            stage = CompletableFuture.failedFuture(e);
        }
        return stage.whenComplete((answer, failure) -> {
            inFlight.release();
            tell(kind, failure, System.nanoTime() - startedNanos);
        }).toCompletableFuture();
    }

    private void acquire() {
        try {
            inFlight.acquire();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private void tell(Kind kind, Throwable failure, long nanos) {
        if (failure == null) {
            listener.answered(kind, nanos);
        } else {
            listener.failed(kind, isTimeout(failure instanceof CompletionException wrapped ? wrapped.getCause() : failure));
        }
    }

    private static boolean isTimeout(Throwable failure) {
        return failure instanceof DriverTimeoutException || failure instanceof WriteTimeoutException || failure instanceof ReadTimeoutException;
    }

    /** The answer, or the driver's exception. */
    private <T> T get(CompletableFuture<T> future) {
        try {
            return future.get(config.requestTimeoutMillis() + GRACE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw interrupted(e);
        } catch (TimeoutException e) {
            throw new DriverTimeoutException("the driver itself did not answer");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DriverException failure) {
                throw failure;
            }
            throw new LedgerException("The connection to Cassandra at " + place() + " is of no use: " + e.getCause(), e.getCause());
        }
    }

    private DriverException retryable(DriverException failure) {
        if (failure instanceof QueryValidationException) {
            throw new LedgerException("Cassandra at " + place() + " refused a statement: " + words(failure)
                    + ". Is the keyspace the ledger's, and may the user read, change and create its tables?", failure);
        }
        return failure;
    }

    private LedgerException gaveUp(Kind kind, RuntimeException cause) {
        String what = cause == null ? "what it depends on kept changing" : words(cause);
        return new LedgerException("Cassandra at " + place() + " did not carry out a " + switch (kind) {
            case READ -> "read";
            case WRITE -> "write";
            case CONDITIONAL -> "lightweight transaction";
        } + " (" + what + "). Look at whether the node is up, its log and its load; then go on, everything may be repeated.", cause);
    }

    /** What the driver says, of the first node where there are several. */
    static String words(Throwable failure) {
        if (failure instanceof AllNodesFailedException all) {
            return all.getAllErrors().isEmpty() ? "no node is connected" : words(all.getAllErrors().values().iterator().next().get(0));
        }
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    private String place() {
        return place(config);
    }

    static String place(CassandraConfig config) {
        return String.join(", ", config.contactPoints()) + " (keyspace " + config.keyspace() + ")";
    }

    private void backOff(int attempt) {
        long most = BACKOFF_MILLIS << (2 * (attempt - 1));
        try {
            TimeUnit.MILLISECONDS.sleep(most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1));
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private LedgerException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new LedgerException("Interrupted while waiting for Cassandra at " + place(), e);
    }

    @Override
    public void close() {
        session.close();
    }
}
