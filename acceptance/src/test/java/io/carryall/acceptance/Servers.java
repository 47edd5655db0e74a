package io.carryall.acceptance;

import io.carryall.embedded.EmbeddedKafka;
import io.carryall.embedded.EmbeddedStack;
import io.carryall.embedded.ServerOptions;
import java.nio.file.Path;
import org.testcontainers.cassandra.CassandraContainer;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * One real Kafka and one real Cassandra for services that run as processes: child processes of this JVM, or, with {@code -Pcontainers}, containers of Testcontainers, which need a container engine. Tests see no
 * difference; where the engine is missing they fail and say so.
 *
 * <p>The containers were written against the documentation of Testcontainers 2.0 and could not be run where they were written: there was no container engine.
 */
interface Servers extends AutoCloseable {
    /** {@code host:port}. */
    String kafka();

    /** {@code host:port}. */
    String cassandra();

    String datacenter();

    @Override
    void close();

    /** @param directory for data and logs */
    static Servers start(Path directory) {
        String kind = System.getProperty("carryall.test-servers", "processes");
        return switch (kind) {
            case "processes" -> Processes.start(directory);
            case "containers" -> Containers.start();
            default -> throw new IllegalArgumentException("carryall.test-servers is " + kind + ": processes or containers are known");
        };
    }

    /** The same Cassandra with a Kafka of its own, which is all that is closed with it. */
    Servers withOtherKafka(Path directory);

    record Processes(EmbeddedStack stack) implements Servers {
        static Processes start(Path directory) {
            try {
                return new Processes(EmbeddedStack.start(directory, Checkout.home(), line -> { }));
            } catch (Exception e) {
                throw new IllegalStateException("no Kafka and Cassandra to test on: " + e.getMessage(), e);
            }
        }

        @Override
        public String kafka() {
            return stack.kafka().bootstrapServers();
        }

        @Override
        public String cassandra() {
            return stack.cassandra().contactPoint();
        }

        @Override
        public String datacenter() {
            return stack.cassandra().localDatacenter();
        }

        @Override
        public Servers withOtherKafka(Path directory) {
            try {
                EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"), EmbeddedStack.kafkaLib(Checkout.home()), ServerOptions.kafka(EmbeddedStack.cacheDir(Checkout.home())).withLogDir(directory.resolve("logs")));
                return new OtherKafka(this, kafka.bootstrapServers(), kafka::close);
            } catch (Exception e) {
                throw new IllegalStateException("no second Kafka to test on: " + e.getMessage(), e);
            }
        }

        @Override
        public void close() {
            stack.close();
        }
    }

    record Containers(KafkaContainer kafkaContainer, CassandraContainer cassandraContainer) implements Servers {
        /** The versions that the embedded stack has. */
        private static final DockerImageName KAFKA = DockerImageName.parse("apache/kafka:4.3.1");
        private static final DockerImageName CASSANDRA = DockerImageName.parse("cassandra:5.0.9");

        static Containers start() {
            KafkaContainer kafka = new KafkaContainer(KAFKA);
            CassandraContainer cassandra = new CassandraContainer(CASSANDRA);
            try {
                kafka.start();
                cassandra.start();
                return new Containers(kafka, cassandra);
            } catch (RuntimeException e) {
                kafka.stop();
                cassandra.stop();
                throw new IllegalStateException("no Kafka and Cassandra in containers (is a container engine running?): " + e.getMessage(), e);
            }
        }

        @Override
        public String kafka() {
            return kafkaContainer.getBootstrapServers();
        }

        @Override
        public String cassandra() {
            return cassandraContainer.getContactPoint().getHostString() + ":" + cassandraContainer.getContactPoint().getPort();
        }

        @Override
        public String datacenter() {
            return cassandraContainer.getLocalDatacenter();
        }

        @Override
        public Servers withOtherKafka(Path directory) {
            KafkaContainer kafka = new KafkaContainer(KAFKA);
            kafka.start();
            return new OtherKafka(this, kafka.getBootstrapServers(), kafka::stop);
        }

        @Override
        public void close() {
            kafkaContainer.stop();
            cassandraContainer.stop();
        }
    }

    /** @param stop of that Kafka alone */
    record OtherKafka(Servers owner, String kafka, Runnable stop) implements Servers {
        @Override
        public String cassandra() {
            return owner.cassandra();
        }

        @Override
        public String datacenter() {
            return owner.datacenter();
        }

        @Override
        public Servers withOtherKafka(Path directory) {
            return owner.withOtherKafka(directory);
        }

        @Override
        public void close() {
            stop.run();
        }
    }
}
