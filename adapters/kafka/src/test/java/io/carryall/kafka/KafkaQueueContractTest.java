package io.carryall.kafka;

import io.carryall.core.port.Queue;
import io.carryall.embedded.EmbeddedKafka;
import io.carryall.embedded.EmbeddedStack;
import io.carryall.embedded.ServerOptions;
import io.carryall.testkit.contract.QueueContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@Tag("integration")
final class KafkaQueueContractTest implements QueueContract {
    private static final Path HOME = Path.of(System.getProperty("carryall.home"));

    @TempDir
    private static Path data;
    private static EmbeddedKafka kafka;
    private static KafkaQueue queue;

    @BeforeAll
    static void start() throws Exception {
        kafka = EmbeddedKafka.start(data, EmbeddedStack.kafkaLib(HOME), ServerOptions.kafka(EmbeddedStack.cacheDir(HOME)));
        KafkaConfig config = KafkaConfig.of(kafka.bootstrapServers(), "contract");
        try (KafkaTopics topics = new KafkaTopics(config)) {
            topics.ensure(TopicLayout.of(3, 1));
        }
        queue = new KafkaQueue(config);
    }

    @AfterAll
    static void stop() {
        if (queue != null) {
            queue.close();
        }
        if (kafka != null) {
            kafka.close();
        }
    }

    @Override
    public Queue queue() {
        return queue;
    }
}
