package io.carryall.runtime;

import io.carryall.core.record.Topic;
import io.carryall.kafka.QueueListener;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** {@code carryall.queue.unfinished} by topic and group: records of this process's partitions that are not finished. The sum over all instances is how far a step is behind. Thread-safe. */
final class QueueMetrics implements QueueListener {
    private final MeterRegistry registry;
    private final Map<Tags, AtomicLong> gauges = new ConcurrentHashMap<>();

    QueueMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void unfinished(Topic topic, String group, long unfinished) {
        Tags tags = Tags.of("topic", topic.topicName(), "group", group);
        gauges.computeIfAbsent(tags, key -> registry.gauge("carryall.queue.unfinished", key, new AtomicLong())).set(unfinished);
    }
}
