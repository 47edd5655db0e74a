package io.carryall.runtime;

import io.smallrye.config.ConfigMapping;
import java.util.Map;
import java.util.Optional;

/** {@code carryall.kafka.*}: how to reach the brokers. Defaults and meanings stand in this module's {@code META-INF/microprofile-config.properties}. */
@ConfigMapping(prefix = "carryall.kafka")
public interface KafkaSettings {
    String bootstrapServers();

    long publishTimeoutMillis();

    long commitIntervalMillis();

    String compression();

    Optional<String> clientFile();

    Topics topics();

    interface Topics {
        int partitions();

        int replicas();

        Map<String, Integer> retentionHours();
    }
}
