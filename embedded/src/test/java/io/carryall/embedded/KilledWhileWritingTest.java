package io.carryall.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("integration")
final class KilledWhileWritingTest {

    private static final int ENOUGH = 300;
    private static final int IN_FLIGHT = 2_000;

    @TempDir
    private Path dir;

    @Test
    void kafka_has_every_record_that_it_acknowledged_before_it_was_killed() throws Exception {
        List<String> acknowledged = new CopyOnWriteArrayList<>();
        CountDownLatch enough = new CountDownLatch(ENOUGH);
        try (EmbeddedKafka kafka = Servers.kafka(dir)) {
            Servers.createTopic(kafka);
            Map<String, Object> settings = Map.of("bootstrap.servers", kafka.bootstrapServers(), "acks", "all", "batch.size", 200);
            try (KafkaProducer<String, String> producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
                for (int i = 0; i < IN_FLIGHT; i++) {
                    String word = "word " + i;
                    producer.send(new ProducerRecord<>("words", word), (metadata, error) -> {
                        if (error == null) {
                            acknowledged.add(word);
                            enough.countDown();
                        }
                    });
                }
                assertThat(enough.await(120, TimeUnit.SECONDS)).isTrue();
                kafka.kill();
                // what is still to be sent has nobody to go to
                producer.close(Duration.ZERO);
            }
        }
        try (EmbeddedKafka kafka = Servers.kafka(dir)) {
            assertThat(Servers.published(kafka)).containsAll(acknowledged);
        }
    }

    @Test
    void cassandra_has_every_row_that_it_acknowledged_before_it_was_killed() throws Exception {
        List<String> acknowledged = new CopyOnWriteArrayList<>();
        CountDownLatch enough = new CountDownLatch(ENOUGH);
        try (EmbeddedCassandra cassandra = Servers.cassandra(dir)) {
            Servers.createTable(cassandra);
            try (CqlSession session = Servers.session(cassandra)) {
                PreparedStatement insert = session.prepare("INSERT INTO journal.words (word) VALUES (?)");
                for (int i = 0; i < IN_FLIGHT / 2; i++) {
                    String word = "word " + i;
                    session.executeAsync(insert.bind(word)).thenAccept(rows -> {
                        acknowledged.add(word);
                        enough.countDown();
                    });
                }
                assertThat(enough.await(120, TimeUnit.SECONDS)).isTrue();
                cassandra.kill();
            }
        }
        try (EmbeddedCassandra cassandra = Servers.cassandra(dir)) {
            assertThat(Servers.written(cassandra)).containsAll(acknowledged);
        }
    }
}
