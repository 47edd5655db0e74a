package io.carryall.runtime;

/** Hears what happens to connections; for metrics. Called under no lock, by any thread. */
public interface ConnectionsListener {
    ConnectionsListener NONE = new ConnectionsListener() {};

    default void opened(Side side, String host) {}

    default void closed(Side side, String host) {}

    default void refused(Side side, String host) {}

    default void unreachable(Side side, String host) {}

    default void throttled(Side side, String host, long millis) {}
}
