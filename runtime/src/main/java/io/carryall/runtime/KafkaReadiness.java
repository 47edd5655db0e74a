package io.carryall.runtime;

import io.carryall.core.port.QueueException;
import io.carryall.kafka.KafkaTopics;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready while the brokers answer. Liveness never asks: a restart mends no broker. */
@Readiness
@Singleton
public final class KafkaReadiness implements HealthCheck {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final KafkaSettings settings;
    private KafkaTopics topics;

    @Inject
    KafkaReadiness(KafkaSettings settings) {
        this.settings = settings;
    }

    @Override
    public HealthCheckResponse call() {
        Optional<String> trouble = trouble();
        return HealthCheckResponse.named("kafka").status(trouble.isEmpty()).withData("detail", trouble.orElse("answers")).build();
    }

    private synchronized Optional<String> trouble() {
        try {
            if (topics == null) {
                topics = new KafkaTopics(Settings.kafka(settings));
            }
            return topics.unreachable(TIMEOUT);
        } catch (QueueException e) {
            return Optional.of(e.getMessage());
        }
    }

    @PreDestroy
    synchronized void close() {
        if (topics != null) {
            topics.close();
        }
    }
}
