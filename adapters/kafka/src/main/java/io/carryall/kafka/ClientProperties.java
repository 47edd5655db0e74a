package io.carryall.kafka;

import io.carryall.core.record.Topic;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/** What the Kafka clients are told, with the reasons. */
final class ClientProperties {
    private static final int MAX_POLL_RECORDS = 500;
    private static final int FETCH_BYTES_MAX = 4 * 1024 * 1024;
    private static final int PARTITION_FETCH_BYTES_MAX = 256 * 1024;
    private static final int OUTCOMES_FETCH_BYTES_MIN = 64 * 1024;
    private static final int OUTCOMES_FETCH_WAIT_MILLIS = 50;
    private static final int PRODUCER_BUFFER_BYTES = 16 * 1024 * 1024;
    private static final int LINGER_MILLIS = 5;
    /** Sixteen pages of items, which are registered together: by default each two of them would be a request. */
    private static final int PRODUCER_BATCH_BYTES = 128 * 1024;
    private static final int REQUEST_TIMEOUT_MILLIS = 10_000;

    private ClientProperties() {
    }

    static Map<String, Object> producer(KafkaConfig config) {
        Map<String, Object> properties = common(config);
        int publishMillis = Math.toIntExact(config.publishTimeout().toMillis());
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLIS);
        properties.put(ProducerConfig.BATCH_SIZE_CONFIG, PRODUCER_BATCH_BYTES);
        properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, config.compression());
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, publishMillis);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.max(1, Math.min(REQUEST_TIMEOUT_MILLIS, publishMillis - LINGER_MILLIS)));
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, publishMillis);
        // Of a heap that may be 256 MB.
        properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, PRODUCER_BUFFER_BYTES);
        properties.putAll(config.clientProperties());
        return properties;
    }

    static Map<String, Object> consumer(KafkaConfig config, Topic topic, String group) {
        Map<String, Object> properties = common(config);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        // Rebalances partition by partition; the classic protocol stops the whole group.
        properties.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "consumer");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MAX_POLL_RECORDS);
        properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES_MAX);
        properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, PARTITION_FETCH_BYTES_MAX);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        if (topic == Topic.OUTCOMES) {
            // For eyes, and many: a few at a time, instead of an answer of the broker for each.
            properties.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, OUTCOMES_FETCH_BYTES_MIN);
            properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, OUTCOMES_FETCH_WAIT_MILLIS);
        }
        properties.putAll(config.clientProperties());
        return properties;
    }

    static Map<String, Object> admin(KafkaConfig config) {
        Map<String, Object> properties = common(config);
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MILLIS);
        properties.putAll(config.clientProperties());
        return properties;
    }

    private static Map<String, Object> common(KafkaConfig config) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("bootstrap.servers", config.bootstrapServers());
        properties.put("client.id", config.clientId());
        // What the clients would tell the brokers of themselves is nobody's business here, and costs.
        properties.put("enable.metrics.push", false);
        return properties;
    }
}
