package io.carryall.runtime;

import io.carryall.cassandra.CassandraConfig;
import io.carryall.core.port.Secret;
import io.carryall.core.record.Topic;
import io.carryall.kafka.KafkaConfig;
import io.carryall.kafka.TopicLayout;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/** From what an operator sets to what the adapters take. */
final class Settings {
    private Settings() {
    }

    static KafkaConfig kafka(KafkaSettings settings) {
        return new KafkaConfig(settings.bootstrapServers(), "carryall-" + hostName() + "-" + ProcessHandle.current().pid(), Duration.ofMillis(settings.publishTimeoutMillis()),
                Duration.ofMillis(settings.commitIntervalMillis()), settings.compression(), settings.clientFile().map(Settings::properties).orElse(Map.of()));
    }

    private static Map<String, String> properties(String file) {
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            properties.load(in);
        } catch (IOException e) {
            throw new IllegalArgumentException("carryall.kafka.client-file: " + file + " cannot be read: " + e.getClass().getSimpleName(), e);
        }
        Map<String, String> map = new HashMap<>();
        properties.stringPropertyNames().forEach(name -> map.put(name, properties.getProperty(name)));
        return map;
    }

    static TopicLayout topics(KafkaSettings.Topics settings) {
        Map<Topic, Duration> retention = new EnumMap<>(Topic.class);
        settings.retentionHours().forEach((name, hours) -> retention.put(topic(name), Duration.ofHours(hours)));
        return new TopicLayout(settings.partitions(), settings.replicas(), retention);
    }

    private static Topic topic(String name) {
        return Arrays.stream(Topic.values()).filter(topic -> topic.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("carryall.kafka.topics.retention-hours." + name + ": the topics are scans, items, copies, outcomes and dead-letters"));
    }

    static CassandraConfig cassandra(CassandraSettings settings, Secrets secrets) {
        return new CassandraConfig(settings.contactPoints(), settings.localDatacenter().orElse(""), settings.keyspace(), settings.replicas(), settings.consistency(),
                settings.requestTimeoutMillis(), settings.user().orElse(""), settings.password().map(reference -> secret(reference, secrets)).orElse(null), settings.tls());
    }

    private static Secret secret(String reference, Secrets secrets) {
        try {
            return secrets.resolve("", reference);
        } catch (SecretUnavailableException e) {
            throw new IllegalArgumentException("carryall.cassandra.password: " + e.getMessage(), e);
        }
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
