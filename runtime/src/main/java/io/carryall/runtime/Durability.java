package io.carryall.runtime;

import io.carryall.core.port.LedgerException;
import io.carryall.core.port.QueueException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jboss.logging.Logger;

/**
 * What of the clusters' settings falls short of what is promised ({@code docs/operations.md}). Each service warns of it once, when it has first connected; who asks later gets what is so by then.
 * Nothing is refused for it: an operator may know better. Thread-safe.
 */
@Singleton
public final class Durability {
    private static final Logger LOG = Logger.getLogger(Durability.class);

    private final int replicas;
    private final Map<String, Cluster> clusters = new ConcurrentSkipListMap<>();

    @Inject
    Durability(DurabilitySettings settings) {
        this(settings.replicas());
    }

    Durability(int replicas) {
        if (replicas < 1) {
            throw new IllegalArgumentException("carryall.durability.replicas: at least 1");
        }
        this.replicas = replicas;
    }

    /** One that can be asked. */
    @FunctionalInterface
    interface Cluster {
        /** One line for each thing that falls short of so many replicas. */
        List<String> shortcomings(int replicas);
    }

    /** To be called when it has been connected; it is asked at once, and again by {@link #shortcomings}. */
    void connected(String name, Cluster cluster) {
        clusters.put(name, cluster);
        asked(name, cluster).forEach(LOG::warn);
    }

    /** Of all clusters that have been connected, one line each. Blocks while they are asked. */
    public List<String> shortcomings() {
        List<String> lines = new ArrayList<>();
        clusters.forEach((name, cluster) -> lines.addAll(asked(name, cluster)));
        return lines;
    }

    private List<String> asked(String name, Cluster cluster) {
        try {
            return cluster.shortcomings(replicas);
        } catch (LedgerException | QueueException e) {
            return List.of(name + " did not tell what its acknowledgements are worth: " + e.getMessage());
        }
    }
}
