package io.carryall.kafka;

import io.carryall.core.port.Queue;
import io.carryall.core.port.QueueException;
import io.carryall.core.record.PipelineRecord;
import io.carryall.core.record.Topic;
import io.carryall.json.PipelineJson;
import io.carryall.json.UnreadableRecordException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * One member of a consumer group. {@link #poll} and {@link #close} take turns (the Kafka consumer lets only one thread in); acknowledgements come from anywhere and never wait for either.
 *
 * <p>Bounds: at most {@code inFlightMax} deliveries are unacknowledged; at most {@value #WINDOW_MAX} records a partition are kept in its window, above which only that partition is paused; what was fetched and not handed over yet is
 * at most what one poll of Kafka returns.
 */
final class KafkaDeliveries implements Queue.Consumer {
    private static final System.Logger LOG = System.getLogger(KafkaDeliveries.class.getName());
    private static final int WINDOW_MAX = 10_000;
    private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(5);
    /** A figure for eyes; each partition costs the consumer's own thread a turn. */
    private static final long TELL_EVERY_NANOS = Duration.ofSeconds(2).toNanos();

    private final Consumer<String, byte[]> consumer;
    private final PipelineJson json;
    private final long commitIntervalNanos;
    private final int inFlightMax;
    private final int refill;
    private final LongConsumer unfinished;

    private final ReentrantLock polling = new ReentrantLock();
    private final Map<TopicPartition, OffsetWindow> windows = new HashMap<>();
    private final ArrayDeque<ConsumerRecord<String, byte[]>> fetched = new ArrayDeque<>();
    private long lastCommitNanos = System.nanoTime();
    private long lastToldNanos = lastCommitNanos - TELL_EVERY_NANOS;
    private boolean closed;
    private volatile boolean closing;

    private final ReentrantLock counting = new ReentrantLock();
    private final Condition acknowledged = counting.newCondition();
    private int inFlight;

    KafkaDeliveries(Consumer<String, byte[]> consumer, Topic topic, PipelineJson json, Duration commitInterval, int inFlightMax, LongConsumer unfinished) {
        this.consumer = consumer;
        this.json = json;
        this.commitIntervalNanos = commitInterval.toNanos();
        this.inFlightMax = inFlightMax;
        this.refill = Math.max(1, inFlightMax / 4);
        this.unfinished = unfinished;
        consumer.subscribe(List.of(topic.topicName()), new Rebalances());
    }

    @Override
    public List<Queue.Delivery> poll(Duration wait) {
        polling.lock();
        try {
            return pollUntil(System.nanoTime() + wait.toNanos());
        } catch (KafkaException e) {
            throw new QueueException("cannot read from Kafka: " + KafkaQueue.rootMessage(e), e);
        } finally {
            polling.unlock();
        }
    }

    /** In slices of the commit interval, so that acknowledgements are committed, and a close is noticed, while nothing comes. */
    private List<Queue.Delivery> pollUntil(long deadlineNanos) {
        List<Queue.Delivery> deliveries = List.of();
        while (deliveries.isEmpty() && !closing) {
            commitIfDue();
            int free = free();
            pauseAndResume(free > fetched.size());
            long sliceNanos = Math.max(0, Math.min(deadlineNanos - System.nanoTime(), commitIntervalNanos));
            boolean idle = free > 0 && fetched.isEmpty();
            consumer.poll(idle ? Duration.ofNanos(sliceNanos) : Duration.ZERO).forEach(fetched::addLast);
            deliveries = handOver(free);
            if (deliveries.isEmpty()) {
                if (System.nanoTime() >= deadlineNanos) {
                    break;
                }
                if (free == 0) {
                    awaitAcknowledgements(sliceNanos);
                }
            }
        }
        return deliveries;
    }

    private void pauseAndResume(boolean takeMore) {
        Set<TopicPartition> paused = new HashSet<>();
        for (TopicPartition partition : consumer.assignment()) {
            OffsetWindow window = windows.get(partition);
            if (!takeMore || window != null && window.size() >= WINDOW_MAX) {
                paused.add(partition);
            }
        }
        Set<TopicPartition> toResume = new HashSet<>(consumer.paused());
        toResume.removeAll(paused);
        consumer.resume(toResume);
        consumer.pause(paused);
    }

    private List<Queue.Delivery> handOver(int free) {
        List<Queue.Delivery> deliveries = new ArrayList<>();
        while (deliveries.size() < free && !fetched.isEmpty()) {
            ConsumerRecord<String, byte[]> record = fetched.removeFirst();
            OffsetWindow window = windows.computeIfAbsent(new TopicPartition(record.topic(), record.partition()), partition -> new OffsetWindow());
            OffsetWindow.Entry entry = window.delivered(record.offset());
            try {
                deliveries.add(new Delivered(json.read(record.value()), window, entry));
            } catch (UnreadableRecordException e) {
                LOG.log(Level.ERROR, "passed over what cannot be read: {0}, partition {1}, offset {2}: {3}", record.topic(), record.partition(), String.valueOf(record.offset()), e.getMessage());
                window.finish(entry);
            }
        }
        count(deliveries.size());
        return deliveries;
    }

    private int free() {
        counting.lock();
        try {
            return inFlightMax - inFlight;
        } finally {
            counting.unlock();
        }
    }

    private void count(int change) {
        counting.lock();
        try {
            inFlight += change;
            acknowledged.signalAll();
        } finally {
            counting.unlock();
        }
    }

    /** For more than one: each time that some are taken costs about as much as many. */
    private void awaitAcknowledgements(long nanos) {
        counting.lock();
        try {
            long left = nanos;
            while (inFlightMax - inFlight < refill && left > 0 && !closing) {
                left = acknowledged.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            counting.unlock();
        }
    }

    private void commitIfDue() {
        long now = System.nanoTime();
        if (now - lastCommitNanos < commitIntervalNanos) {
            return;
        }
        lastCommitNanos = now;
        if (now - lastToldNanos >= TELL_EVERY_NANOS) {
            lastToldNanos = now;
            unfinished.accept(behind());
        }
        Map<TopicPartition, OffsetAndMetadata> offsets = toCommit(windows.keySet());
        if (offsets.isEmpty()) {
            return;
        }
        // Called back within a later poll, by the same thread. What failed is committed the next time.
        consumer.commitAsync(offsets, (committed, failure) -> {
            if (failure == null) {
                noteCommitted(committed);
            } else {
                LOG.log(Level.WARNING, "offsets not committed, will be tried again: {0}", failure.toString());
            }
        });
    }

    /** As far as fetches have told the ends of partitions. */
    private long behind() {
        long notFetched = consumer.assignment().stream().mapToLong(partition -> consumer.currentLag(partition).orElse(0)).sum();
        return notFetched + fetched.size() + inFlightMax - free();
    }

    private Map<TopicPartition, OffsetAndMetadata> toCommit(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (TopicPartition partition : partitions) {
            OffsetWindow window = windows.get(partition);
            long offset = window == null ? -1 : window.toCommit();
            if (offset >= 0) {
                offsets.put(partition, new OffsetAndMetadata(offset));
            }
        }
        return offsets;
    }

    private void noteCommitted(Map<TopicPartition, OffsetAndMetadata> offsets) {
        offsets.forEach((partition, offset) -> {
            OffsetWindow window = windows.get(partition);
            if (window != null) {
                window.committed(offset.offset());
            }
        });
    }

    private void commitNow(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = toCommit(partitions);
        if (offsets.isEmpty()) {
            return;
        }
        try {
            consumer.commitSync(offsets, COMMIT_TIMEOUT);
            noteCommitted(offsets);
        } catch (KafkaException e) {
            // Whoever gets the partitions gets these records once more.
            LOG.log(Level.WARNING, "offsets not committed, their records will come again: {0}", e.toString());
        }
    }

    private void forget(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            OffsetWindow window = windows.remove(partition);
            if (window != null) {
                window.close();
            }
        }
        fetched.removeIf(record -> partitions.contains(new TopicPartition(record.topic(), record.partition())));
    }

    @Override
    public void close() {
        closing = true;
        count(0);
        polling.lock();
        try {
            if (!closed) {
                closed = true;
                commitNow(windows.keySet());
                forget(Set.copyOf(windows.keySet()));
                unfinished.accept(0);
                consumer.close(CloseOptions.timeout(COMMIT_TIMEOUT));
            }
        } catch (KafkaException e) {
            LOG.log(Level.WARNING, "the consumer did not close well; the group will miss it after its session timeout: {0}", e.toString());
        } finally {
            polling.unlock();
        }
    }

    private final class Rebalances implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            commitNow(partitions);
            forget(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            forget(partitions);
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            forget(partitions);
        }
    }

    private final class Delivered implements Queue.Delivery {
        private final PipelineRecord record;
        private final OffsetWindow window;
        private final OffsetWindow.Entry entry;

        private Delivered(PipelineRecord record, OffsetWindow window, OffsetWindow.Entry entry) {
            this.record = record;
            this.window = window;
            this.entry = entry;
        }

        @Override
        public PipelineRecord record() {
            return record;
        }

        @Override
        public boolean isCurrent() {
            return !window.isClosed();
        }

        /** A delivery of a partition that moved still counts as in flight until here: whoever works on it holds its memory. */
        @Override
        public void acknowledge() {
            if (window.finish(entry)) {
                count(-1);
            }
        }
    }
}
