package io.carryall.runtime;

import io.carryall.cassandra.LedgerListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Requests to Cassandra by kind: {@code carryall.ledger.seconds} (answered ones), {@code carryall.ledger.failures} (by whether they timed out) and {@code carryall.ledger.retries}; at 0 from the start. Thread-safe. */
final class LedgerMetrics implements LedgerListener {
    private final Map<Kind, Timer> answered = new EnumMap<>(Kind.class);
    private final Map<Kind, Counter> timeouts = new EnumMap<>(Kind.class);
    private final Map<Kind, Counter> failures = new EnumMap<>(Kind.class);
    private final Map<Kind, Counter> retries = new EnumMap<>(Kind.class);

    LedgerMetrics(MeterRegistry registry) {
        for (Kind kind : Kind.values()) {
            String word = kind.name().toLowerCase(Locale.ROOT);
            answered.put(kind, registry.timer("carryall.ledger.seconds", "kind", word));
            timeouts.put(kind, registry.counter("carryall.ledger.failures", "kind", word, "timeout", "true"));
            failures.put(kind, registry.counter("carryall.ledger.failures", "kind", word, "timeout", "false"));
            retries.put(kind, registry.counter("carryall.ledger.retries", "kind", word));
        }
    }

    @Override
    public void answered(Kind kind, long nanos) {
        answered.get(kind).record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void failed(Kind kind, boolean timeout) {
        (timeout ? timeouts : failures).get(kind).increment();
    }

    @Override
    public void retried(Kind kind) {
        retries.get(kind).increment();
    }
}
