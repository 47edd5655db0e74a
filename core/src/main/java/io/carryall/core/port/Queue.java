package io.carryall.core.port;

import io.carryall.core.record.PipelineRecord;
import io.carryall.core.record.Topic;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The topics. Delivery is at least once: after a crash, and when partitions move, records come again. Thread-safe.
 */
public interface Queue extends AutoCloseable {
    /** Completes when the record is durable as configured (acks=all), or with a {@link QueueException}. Records of one key that one thread publishes keep their order. */
    CompletableFuture<Void> publish(PipelineRecord record);

    /** Begins at the earliest record that the group has not acknowledged. */
    Consumer subscribe(Topic topic, String group, int inFlightMax);

    @Override
    void close();

    interface Consumer extends AutoCloseable {
        /**
         * What has come, at most as many as {@code inFlightMax} allows beside those that are not acknowledged yet; empty after {@code wait}. To be called regularly, also while nothing can
         * be taken, else the group takes this consumer for dead. Called by one thread. Records that cannot be read are reported to the log, published to the dead letters' log line and passed over.
         */
        List<Delivery> poll(Duration wait);

        @Override
        void close();
    }

    interface Delivery {
        PipelineRecord record();

        /** False for good once its partition moved, or its consumer was closed: then it comes again, here or elsewhere, and whoever only waits to work on it needs not. */
        boolean isCurrent();

        /** Lets go of it for good. Any thread, any order, any number of times; of a partition that moved meanwhile it means nothing. */
        void acknowledge();
    }
}
