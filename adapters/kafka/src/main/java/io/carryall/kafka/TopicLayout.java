package io.carryall.kafka;

import io.carryall.core.record.Topic;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * How the topics are to be laid out.
 *
 * @param partitions of scans, items and copies: as many workers can share a topic at most. Topics for eyes have {@value #PARTITIONS_FOR_EYES} at most
 * @param replicas   of each partition
 * @param retention  by topic; for those that are absent the {@link #defaultRetention}
 */
public record TopicLayout(int partitions, int replicas, Map<Topic, Duration> retention) {
    static final int PARTITIONS_FOR_EYES = 6;

    public TopicLayout {
        if (partitions < 1 || replicas < 1) {
            throw new IllegalArgumentException("a topic has at least one partition and one replica");
        }
        EnumMap<Topic, Duration> complete = new EnumMap<>(Topic.class);
        for (Topic topic : Topic.values()) {
            complete.put(topic, retention.getOrDefault(topic, defaultRetention(topic)));
        }
        retention = Map.copyOf(complete);
    }

    public static TopicLayout of(int partitions, int replicas) {
        return new TopicLayout(partitions, replicas, Map.of());
    }

    /** See docs/topics.md: retention never decides whether work is lost, only how long one can look at it, and how far a consumer may be behind before its records are published again from the ledger. */
    public static Duration defaultRetention(Topic topic) {
        return topic == Topic.OUTCOMES ? Duration.ofDays(3) : topic == Topic.DEAD_LETTERS ? Duration.ofDays(30) : Duration.ofDays(7);
    }

    int partitionsOf(Topic topic) {
        return topic == Topic.OUTCOMES || topic == Topic.DEAD_LETTERS ? Math.min(partitions, PARTITIONS_FOR_EYES) : partitions;
    }

    /** With three replicas one may be away, and what was confirmed stands on two. */
    int minInSyncReplicas() {
        return replicas >= 3 ? 2 : 1;
    }
}
