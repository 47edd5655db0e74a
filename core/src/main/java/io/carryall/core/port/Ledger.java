package io.carryall.core.port;

/**
 * What is known of every item; the only truth. Rows are facts, each written once in columns of its own; what may be overwritten is written by lightweight transaction. All methods are
 * idempotent and may be repeated after a {@link LedgerException}. Thread-safe. Methods block for at most a few seconds.
 */
public interface Ledger extends AutoCloseable {
    Passes passes();

    Pairs pairs();

    Folders folders();

    Pages pages();

    Items items();

    Leases leases();

    Intents intents();

    @Override
    void close();
}
