package io.carryall.embedded;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Writes to the servers and reads back, as their clients do. */
final class Servers {

    static final Path HOME = Path.of(System.getProperty("carryall.home"));
    private static final String TOPIC = "words";
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private Servers() {}

    static EmbeddedKafka kafka(Path dir) throws Exception {
        return EmbeddedKafka.start(dir, EmbeddedStack.kafkaLib(HOME), ServerOptions.kafka(EmbeddedStack.cacheDir(HOME)));
    }

    static EmbeddedCassandra cassandra(Path dir) throws Exception {
        return EmbeddedCassandra.start(dir, EmbeddedStack.cassandraLib(HOME), ServerOptions.cassandra(EmbeddedStack.cacheDir(HOME)).withHeapMegabytes(512));
    }

    static void createTopic(EmbeddedKafka kafka) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    static void publish(EmbeddedKafka kafka, String word) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", kafka.bootstrapServers(), "acks", "all");
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(TOPIC, word)).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    static List<String> published(EmbeddedKafka kafka) {
        TopicPartition partition = new TopicPartition(TOPIC, 0);
        Map<String, Object> settings = Map.of("bootstrap.servers", kafka.bootstrapServers());
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition), PATIENCE).get(partition);
            List<String> words = new ArrayList<>();
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (consumer.position(partition) < end && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(200)).forEach(found -> words.add(found.value()));
            }
            return words;
        }
    }

    static CqlSession session(EmbeddedCassandra cassandra) {
        String[] address = cassandra.contactPoint().split(":");
        return CqlSession.builder()
                .addContactPoint(new InetSocketAddress(address[0], Integer.parseInt(address[1])))
                .withLocalDatacenter(cassandra.localDatacenter())
                .withConfigLoader(DriverConfigLoader.programmaticBuilder()
                        .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, PATIENCE)
                        // five seconds each by default, from a node that has just been started
                        .withDuration(DefaultDriverOption.CONNECTION_CONNECT_TIMEOUT, PATIENCE)
                        .withDuration(DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, PATIENCE)
                        .withDuration(DefaultDriverOption.CONTROL_CONNECTION_TIMEOUT, PATIENCE)
                        // two quiet seconds by default, at each close
                        .withString(DefaultDriverOption.NETTY_IO_SHUTDOWN_UNIT, "MILLISECONDS")
                        .withInt(DefaultDriverOption.NETTY_IO_SHUTDOWN_QUIET_PERIOD, 100)
                        .withInt(DefaultDriverOption.NETTY_IO_SHUTDOWN_TIMEOUT, 15_000)
                        .withString(DefaultDriverOption.NETTY_ADMIN_SHUTDOWN_UNIT, "MILLISECONDS")
                        .withInt(DefaultDriverOption.NETTY_ADMIN_SHUTDOWN_QUIET_PERIOD, 100)
                        .withInt(DefaultDriverOption.NETTY_ADMIN_SHUTDOWN_TIMEOUT, 15_000)
                        .build())
                .build();
    }

    static void createTable(EmbeddedCassandra cassandra) {
        try (CqlSession session = session(cassandra)) {
            session.execute("CREATE KEYSPACE journal WITH replication = {'class': 'NetworkTopologyStrategy', 'datacenter1': 1}");
            session.execute("CREATE TABLE journal.words (word text PRIMARY KEY, bytes blob)");
        }
    }

    static void write(EmbeddedCassandra cassandra, String word) {
        try (CqlSession session = session(cassandra)) {
            session.execute("INSERT INTO journal.words (word, bytes) VALUES (?, ?)", word, ByteBuffer.wrap(word.getBytes(StandardCharsets.UTF_8)));
        }
    }

    static List<String> written(EmbeddedCassandra cassandra) {
        try (CqlSession session = session(cassandra)) {
            return session.execute("SELECT word FROM journal.words").all().stream().map(row -> row.getString(0)).sorted().toList();
        }
    }
}
