package io.carryall.control;

import io.carryall.core.fold.FolderCounts;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * The figures of control. {@code carryall.law.broken} is the one to be woken up for: an item is unaccounted for. Per migration: found, migrated, already there, excluded, failed, pending, which always add up. Thread-safe.
 */
final class ControlMetrics {
    private final MeterRegistry registry;
    private final Timer folds;
    private final Counter finished;
    private final Counter failed;
    private final Counter broken;
    private final Map<String, Figures> migrations = new ConcurrentHashMap<>();

    private record Figures(FolderCounts counts, int pairsRunning) {}

    ControlMetrics(MeterRegistry registry) {
        this.registry = registry;
        folds = Timer.builder("carryall.control.fold").description("folding the rows of a pair into its result").register(registry);
        finished = pairs("finished");
        failed = pairs("failed");
        broken = Counter.builder("carryall.law.broken").description("folders whose counts do not add up at the end of a pass").register(registry);
    }

    private Counter pairs(String state) {
        return Counter.builder("carryall.control.pairs").description("pairs that ended").tag("state", state).register(registry);
    }

    <T> T fold(Supplier<T> fold) {
        return folds.record(fold);
    }

    void pairEnded(String state, int breaches) {
        (state.equals("finished") ? finished : failed).increment();
        broken.increment(breaches);
    }

    /** The newest figures of a pass of this migration. */
    void pass(String migration, FolderCounts counts, int pairsRunning) {
        if (migrations.put(migration, new Figures(counts, pairsRunning)) == null) {
            items(migration, "found", FolderCounts::found);
            items(migration, "migrated", FolderCounts::migrated);
            items(migration, "already-there", FolderCounts::alreadyThere);
            items(migration, "excluded", FolderCounts::excluded);
            items(migration, "failed", FolderCounts::failed);
            items(migration, "pending", FolderCounts::pending);
            registry.gauge("carryall.control.pairs.running", Tags.of("migration", migration), migrations, map -> map.get(migration).pairsRunning());
        }
    }

    private void items(String migration, String what, ToDoubleFunction<FolderCounts> count) {
        registry.gauge("carryall.control.items", Tags.of("migration", migration, "what", what), migrations, map -> count.applyAsDouble(map.get(migration).counts()));
    }
}
