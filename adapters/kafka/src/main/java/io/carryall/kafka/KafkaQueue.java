package io.carryall.kafka;

import io.carryall.core.port.Queue;
import io.carryall.core.port.QueueException;
import io.carryall.core.record.PipelineRecord;
import io.carryall.core.record.Topic;
import io.carryall.json.PipelineJson;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The queue on Kafka. Publishing waits for every in-sync replica; a record that cannot be published within {@link KafkaConfig#publishTimeout()} fails its future. {@link #publish} itself blocks, for at most that long, while the
 * brokers are unknown or its buffer of 16 MB is full. Closing it closes the producer; consumers are closed by who made them. Thread-safe.
 */
public final class KafkaQueue implements Queue {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final KafkaConfig config;
    private final QueueListener listener;
    private final PipelineJson json = new PipelineJson();
    private final Producer<String, byte[]> producer;

    /** @throws QueueException if the configuration is one that no broker could be reached with; a broker that is away only makes itself felt later */
    public KafkaQueue(KafkaConfig config, QueueListener listener) {
        this.config = config;
        this.listener = listener;
        try {
            producer = new KafkaProducer<>(ClientProperties.producer(config), new StringSerializer(), new ByteArraySerializer());
        } catch (KafkaException e) {
            throw new QueueException("no Kafka producer for " + config.bootstrapServers() + ": " + rootMessage(e), e);
        }
    }

    public KafkaQueue(KafkaConfig config) {
        this(config, QueueListener.NONE);
    }

    @Override
    public CompletableFuture<Void> publish(PipelineRecord record) {
        CompletableFuture<Void> published = new CompletableFuture<>();
        String topic = record.topic().topicName();
        try {
            producer.send(new ProducerRecord<>(topic, record.key(), json.write(record)), (metadata, failure) -> {
                if (failure == null) {
                    published.complete(null);
                } else {
                    published.completeExceptionally(notPublished(topic, failure));
                }
            });
        } catch (KafkaException | IllegalStateException e) {
            published.completeExceptionally(notPublished(topic, e));
        }
        return published;
    }

    private static QueueException notPublished(String topic, Exception failure) {
        return new QueueException("not published to " + topic + ": " + failure.getMessage(), failure);
    }

    @Override
    public Consumer subscribe(Topic topic, String group, int inFlightMax) {
        try {
            KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(ClientProperties.consumer(config, topic, group), new StringDeserializer(), new ByteArrayDeserializer());
            return new KafkaDeliveries(consumer, topic, json, config.commitInterval(), inFlightMax, unfinished -> listener.unfinished(topic, group, unfinished));
        } catch (KafkaException e) {
            throw new QueueException("no Kafka consumer for " + config.bootstrapServers() + ": " + rootMessage(e), e);
        }
    }

    @Override
    public void close() {
        producer.close(CLOSE_TIMEOUT);
    }

    static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage();
    }
}
