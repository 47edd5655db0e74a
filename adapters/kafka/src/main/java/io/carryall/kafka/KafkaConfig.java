package io.carryall.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/**
 * How to reach the brokers.
 *
 * @param bootstrapServers {@code host:port,host:port}
 * @param clientId         how this process is called in the brokers' logs and metrics
 * @param publishTimeout   after which a record that no broker has confirmed counts as not published, retries included
 * @param commitInterval   how long an acknowledgement may wait to be committed
 * @param compression      {@code none}, {@code gzip}, {@code lz4}, {@code snappy} or {@code zstd}; the last three unpack native libraries into the temporary folder, so not for read-only images
 * @param clientProperties anything else that the Kafka clients are to be told: TLS, SASL. They win over ours
 */
public record KafkaConfig(String bootstrapServers, String clientId, Duration publishTimeout, Duration commitInterval, String compression, Map<String, String> clientProperties) {
    public KafkaConfig {
        Objects.requireNonNull(bootstrapServers, "bootstrapServers");
        Objects.requireNonNull(clientId, "clientId");
        Objects.requireNonNull(publishTimeout, "publishTimeout");
        Objects.requireNonNull(commitInterval, "commitInterval");
        Objects.requireNonNull(compression, "compression");
        clientProperties = Map.copyOf(clientProperties);
    }

    /** With the defaults: 30 s to publish, 200 ms to commit, no compression. */
    public static KafkaConfig of(String bootstrapServers, String clientId) {
        return new KafkaConfig(bootstrapServers, clientId, Duration.ofSeconds(30), Duration.ofMillis(200), "none", Map.of());
    }

    /** Without the client properties: a password may be among them. */
    @Override
    public String toString() {
        return "KafkaConfig[" + bootstrapServers + ", " + clientId + "]";
    }
}
