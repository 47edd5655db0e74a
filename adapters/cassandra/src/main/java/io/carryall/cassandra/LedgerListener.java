package io.carryall.cassandra;

/** Hears of every request to Cassandra, for metrics. Called from the driver's threads and others: quick, thread-safe, throwing nothing. */
public interface LedgerListener {
    LedgerListener NONE = new LedgerListener() {};

    enum Kind { READ, WRITE, CONDITIONAL }

    default void answered(Kind kind, long nanos) {}

    /** It did not answer in time, or said that it could not; it may be tried again. */
    default void failed(Kind kind, boolean timeout) {}

    /** It was tried again. */
    default void retried(Kind kind) {}
}
