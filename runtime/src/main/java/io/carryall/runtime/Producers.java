package io.carryall.runtime;

import io.carryall.cassandra.CassandraLedger;
import io.carryall.core.port.Clock;
import io.carryall.core.port.Ledger;
import io.carryall.core.port.MailSystem;
import io.carryall.core.port.Queue;
import io.carryall.imap.ImapMailSystem;
import io.carryall.imap.Timeouts;
import io.carryall.kafka.KafkaConfig;
import io.carryall.kafka.KafkaQueue;
import io.carryall.kafka.KafkaTopics;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;

/**
 * One of each for a process. The ledger and the queue are connected when they are first called, and again at the next call if that failed: a service starts, and stays alive, while its cluster is away. Whoever calls them then
 * gets a {@code LedgerException} or a {@code QueueException}.
 */
@Singleton
public final class Producers {

    @Produces
    @ApplicationScoped
    Ledger ledger(CassandraSettings settings, Secrets secrets, Durability durability, MeterRegistry registry) {
        CassandraLedger ledger = CassandraLedger.connect(Settings.cassandra(settings, secrets), new LedgerMetrics(registry));
        durability.connected("Cassandra", ledger::shortcomings);
        return ledger;
    }

    void close(@Disposes Ledger ledger) {
        ledger.close();
    }

    /** Its topics are there when it is. */
    @Produces
    @ApplicationScoped
    Queue queue(KafkaSettings settings, Durability durability, MeterRegistry registry) {
        KafkaConfig config = Settings.kafka(settings);
        try (KafkaTopics topics = new KafkaTopics(config)) {
            topics.ensure(Settings.topics(settings.topics()));
        }
        durability.connected("Kafka", replicas -> {
            try (KafkaTopics topics = new KafkaTopics(config)) {
                return topics.shortcomings(replicas);
            }
        });
        return new KafkaQueue(config, new QueueMetrics(registry));
    }

    void close(@Disposes Queue queue) {
        queue.close();
    }

    @Produces
    @Singleton
    Clock clock() {
        return new SystemClock();
    }

    @Produces
    @Singleton
    MailSystem mailSystem(MailSettings settings) {
        return new ImapMailSystem(new Timeouts(settings.connectTimeoutMillis(), settings.readTimeoutMillis(), settings.writeTimeoutMillis()));
    }

    @Produces
    @Singleton
    Secrets secrets(MailSettings settings) {
        return new Secrets(Path.of(settings.secretsDir()), System::getenv);
    }

    @Produces
    @Singleton
    Logins logins(Secrets secrets) {
        return new Logins(secrets);
    }

    @Produces
    @Singleton
    Connections connections(MailSystem mail, Logins logins, Clock clock, MailSettings settings, MeterRegistry registry) {
        return new Connections(mail, logins, clock, new ConnectionsConfig(settings.idleMillis(), settings.instances()), new ConnectionMetrics(registry));
    }

    void close(@Disposes Connections connections) {
        connections.close();
    }

    @Produces
    @Singleton
    PassContexts passContexts(Ledger ledger) {
        return new PassContexts(ledger);
    }

    @Produces
    @Singleton
    PassGate passGate(Ledger ledger, Clock clock) {
        return new PassGate(ledger, clock);
    }

    @Produces
    @Singleton
    StepMetrics stepMetrics(MeterRegistry registry) {
        return new StepMetrics(registry);
    }
}
