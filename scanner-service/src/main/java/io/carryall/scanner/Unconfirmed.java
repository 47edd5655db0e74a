package io.carryall.scanner;

import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** What one scan has published and the brokers have not confirmed yet: at most {@value #MAX} records; then whoever publishes waits, and with it the mail server. For one thread. */
final class Unconfirmed {
    private static final int MAX = 64;

    private final ArrayDeque<CompletableFuture<Void>> records = new ArrayDeque<>();

    /** @throws CompletionException of a {@code QueueException}, of this or an earlier record */
    void add(CompletableFuture<Void> record) {
        records.addLast(record);
        while (records.size() > MAX) {
            records.removeFirst().join();
        }
    }

    /** Returns when all are durable. */
    void await() {
        while (!records.isEmpty()) {
            records.removeFirst().join();
        }
    }
}
