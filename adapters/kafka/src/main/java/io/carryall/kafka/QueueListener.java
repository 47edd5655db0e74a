package io.carryall.kafka;

import io.carryall.core.record.Topic;

/** Hears how far consumers of this process are behind; for metrics. Called by the threads that poll: quick, throwing nothing. */
public interface QueueListener {
    QueueListener NONE = (topic, group, records) -> {};

    /** @param unfinished records of the partitions that this process has at present: not fetched, waiting or being worked on. Told several times a second, and 0 at the end */
    void unfinished(Topic topic, String group, long unfinished);
}
