package io.carryall.runtime;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Mail hosts in figures, by side and host: {@code carryall.mail.connections} (open now), {@code carryall.mail.logins.refused}, {@code carryall.mail.unreachable}, {@code carryall.mail.throttled} (times that a host asked for patience)
 * and {@code carryall.mail.throttled.seconds} (how long in all). Thread-safe.
 */
public final class ConnectionMetrics implements ConnectionsListener {
    private final MeterRegistry registry;
    private final Map<Tags, AtomicInteger> open = new ConcurrentHashMap<>();

    public ConnectionMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void opened(Side side, String host) {
        open.computeIfAbsent(tags(side, host), this::start).incrementAndGet();
    }

    /** All of a host's figures exist from its first connection on. */
    private AtomicInteger start(Tags tags) {
        registry.counter("carryall.mail.logins.refused", tags);
        registry.counter("carryall.mail.unreachable", tags);
        registry.counter("carryall.mail.throttled", tags);
        registry.counter("carryall.mail.throttled.seconds", tags);
        return registry.gauge("carryall.mail.connections", tags, new AtomicInteger());
    }

    @Override
    public void closed(Side side, String host) {
        open.computeIfAbsent(tags(side, host), this::start).decrementAndGet();
    }

    @Override
    public void refused(Side side, String host) {
        registry.counter("carryall.mail.logins.refused", tags(side, host)).increment();
    }

    @Override
    public void unreachable(Side side, String host) {
        registry.counter("carryall.mail.unreachable", tags(side, host)).increment();
    }

    @Override
    public void throttled(Side side, String host, long millis) {
        registry.counter("carryall.mail.throttled", tags(side, host)).increment();
        registry.counter("carryall.mail.throttled.seconds", tags(side, host)).increment(millis / 1000.0);
    }

    private static Tags tags(Side side, String host) {
        return Tags.of("side", side.word(), "host", host);
    }
}
