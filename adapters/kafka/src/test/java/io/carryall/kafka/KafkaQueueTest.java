package io.carryall.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.port.Queue.Consumer;
import io.carryall.core.port.Queue.Delivery;
import io.carryall.core.port.QueueException;
import io.carryall.core.record.PipelineRecord.ScanRequest;
import io.carryall.core.record.Topic;
import io.carryall.embedded.EmbeddedKafka;
import io.carryall.embedded.EmbeddedStack;
import io.carryall.embedded.ServerOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("integration")
final class KafkaQueueTest {
    private static final Path HOME = Path.of(System.getProperty("carryall.home"));
    private static final Duration WAIT = Duration.ofMillis(200);

    @TempDir
    private static Path data;
    private static EmbeddedKafka kafka;

    private final String group = "group-" + UUID.randomUUID();
    private final PassId pass = new PassId(group, 1);

    @BeforeAll
    static void start() throws Exception {
        kafka = EmbeddedKafka.start(data, EmbeddedStack.kafkaLib(HOME), ServerOptions.kafka(EmbeddedStack.cacheDir(HOME)));
        try (KafkaTopics topics = new KafkaTopics(config())) {
            topics.ensure(TopicLayout.of(4, 1));
        }
    }

    @AfterAll
    static void stop() {
        if (kafka != null) {
            kafka.close();
        }
    }

    private static KafkaConfig config() {
        return KafkaConfig.of(kafka.bootstrapServers(), "test");
    }

    @Test
    void topics_that_exist_are_left_alone_and_what_falls_short_is_told() {
        try (KafkaTopics topics = new KafkaTopics(config())) {
            assertThat(topics.ensure(TopicLayout.of(4, 1))).isEmpty();
            assertThat(topics.ensure(TopicLayout.of(5, 3))).contains("carryall.items has 1 replicas, 3 are asked for")
                    .anyMatch(line -> line.startsWith("carryall.scans has 4 partitions, 5 are asked for"))
                    .anyMatch(line -> line.contains("min.insync.replicas=1, 2 is asked for"));
            assertThat(topics.unreachable(Duration.ofSeconds(60))).isEmpty();
        }
    }

    @Test
    void what_falls_short_of_what_is_promised_is_told_once_for_all_topics_alike() {
        KafkaConfig hasty = new KafkaConfig(kafka.bootstrapServers(), "test", Duration.ofSeconds(30), Duration.ofMillis(200), "none", Map.of("acks", "1"));
        try (KafkaTopics topics = new KafkaTopics(config()); KafkaTopics careless = new KafkaTopics(hasty)) {
            assertThat(topics.shortcomings(1)).isEmpty();
            assertThat(topics.shortcomings(3)).singleElement().asString().contains("carryall.items", "1 replica and min.insync.replicas 1, 3 and 2 are promised on");
            assertThat(careless.shortcomings(1)).singleElement().asString().contains("acks=1");
        }
    }

    @Test
    void a_broker_that_is_away_is_told_as_such() {
        try (KafkaTopics topics = new KafkaTopics(KafkaConfig.of("127.0.0.1:1", "test"))) {
            assertThat(topics.unreachable(Duration.ofMillis(300))).isPresent();
        }
        KafkaConfig away = new KafkaConfig("127.0.0.1:1", "test", Duration.ofMillis(300), Duration.ofMillis(200), "none", Map.of());
        try (KafkaQueue queue = new KafkaQueue(away)) {
            assertThatThrownBy(() -> queue.publish(request("x")).get(60, TimeUnit.SECONDS)).hasCauseInstanceOf(QueueException.class);
        }
    }

    @Test
    void what_is_acknowledged_out_of_order_comes_again_only_behind_what_is_not() throws Exception {
        try (KafkaQueue queue = new KafkaQueue(config())) {
            for (int i = 0; i < 6; i++) {
                publish(queue, "same", i);
            }
            try (Consumer consumer = queue.subscribe(Topic.SCANS, group, 10)) {
                List<Delivery> deliveries = mine(consumer, 6);
                assertThat(generations(deliveries)).containsExactly(0, 1, 2, 3, 4, 5);
                List.of(5, 3, 1, 0).forEach(i -> deliveries.get(i).acknowledge());
            }
            try (Consumer consumer = queue.subscribe(Topic.SCANS, group, 10)) {
                assertThat(generations(mine(consumer, 4))).containsExactly(2, 3, 4, 5);
            }
        }
    }

    @Test
    void no_more_are_handed_out_than_may_be_in_flight_and_an_acknowledgement_makes_room() throws Exception {
        try (KafkaQueue queue = new KafkaQueue(config())) {
            for (int i = 0; i < 5; i++) {
                publish(queue, "key" + i, i);
            }
            try (Consumer consumer = queue.subscribe(Topic.SCANS, group, 2)) {
                Set<Integer> seen = new HashSet<>();
                List<Delivery> held = new ArrayList<>();
                await(() -> {
                    held.addAll(consumer.poll(WAIT));
                    return held.size() == 2;
                });
                assertThat(consumer.poll(WAIT)).isEmpty();
                await(() -> {
                    held.forEach(delivery -> {
                        if (delivery.record().pass().equals(pass)) {
                            seen.add(((ScanRequest) delivery.record()).generation());
                        }
                        delivery.acknowledge();
                        delivery.acknowledge();
                    });
                    held.clear();
                    held.addAll(consumer.poll(WAIT));
                    assertThat(held.size()).isLessThanOrEqualTo(2);
                    return seen.size() == 5;
                });
            }
        }
    }

    @Test
    void a_consumer_tells_how_many_records_it_has_not_finished() throws Exception {
        AtomicLong unfinished = new AtomicLong(-1);
        try (KafkaQueue queue = new KafkaQueue(config(), (topic, own, records) -> unfinished.set(records))) {
            for (int i = 0; i < 5; i++) {
                publish(queue, "key" + i, i);
            }
            try (Consumer consumer = queue.subscribe(Topic.SCANS, group, 1000)) {
                List<Delivery> deliveries = mine(consumer, 5);
                await(() -> consumer.poll(WAIT).isEmpty() && unfinished.get() == 5);
                deliveries.forEach(Delivery::acknowledge);
                await(() -> consumer.poll(WAIT).isEmpty() && unfinished.get() == 0);
            }
        }
    }

    @Test
    void what_cannot_be_read_is_passed_over() throws Exception {
        try (KafkaQueue queue = new KafkaQueue(config());
                KafkaProducer<String, String> raw = new KafkaProducer<>(Map.of("bootstrap.servers", kafka.bootstrapServers()), new StringSerializer(), new StringSerializer())) {
            raw.send(new ProducerRecord<>(Topic.SCANS.topicName(), "same", "garbage")).get();
            raw.send(new ProducerRecord<>(Topic.SCANS.topicName(), "same", null)).get();
            publish(queue, "same", 7);
            try (Consumer consumer = queue.subscribe(Topic.SCANS, group, 10)) {
                List<Delivery> deliveries = mine(consumer, 1);
                assertThat(generations(deliveries)).containsExactly(7);
            }
        }
    }

    @Test
    void a_second_member_takes_over_partitions_and_nothing_that_was_acknowledged_comes_again() throws Exception {
        try (KafkaQueue queue = new KafkaQueue(config());
                Consumer first = queue.subscribe(Topic.SCANS, group, 1000)) {
            for (int i = 0; i < 40; i++) {
                publish(queue, "key" + i, i);
            }
            List<Delivery> early = mine(first, 40);
            early.forEach(Delivery::acknowledge);
            try (Consumer second = queue.subscribe(Topic.SCANS, group, 1000)) {
                List<Integer> bySecond = Collections.synchronizedList(new ArrayList<>());
                List<Integer> byFirst = Collections.synchronizedList(new ArrayList<>());
                int[] round = {100};
                await(() -> {
                    publish(queue, "key" + round[0] % 40, round[0]++);
                    take(first, byFirst);
                    take(second, bySecond);
                    return bySecond.size() > 5 && byFirst.size() > 5;
                });
                assertThat(byFirst).allMatch(generation -> generation >= 100);
                assertThat(bySecond).allMatch(generation -> generation >= 100);
            }
        }
    }

    @Test
    void a_delivery_of_a_consumer_that_was_closed_can_still_be_acknowledged_and_it_means_nothing() throws Exception {
        try (KafkaQueue queue = new KafkaQueue(config())) {
            publish(queue, "same", 1);
            Consumer zombie = queue.subscribe(Topic.SCANS, group, 10);
            List<Delivery> deliveries = mine(zombie, 1);
            zombie.close();
            deliveries.forEach(Delivery::acknowledge);
            assertThat(zombie.poll(WAIT)).isEmpty();
            try (Consumer next = queue.subscribe(Topic.SCANS, group, 10)) {
                assertThat(generations(mine(next, 1))).containsExactly(1);
            }
        }
    }

    private void take(Consumer consumer, List<Integer> generations) {
        List<Delivery> deliveries = consumer.poll(Duration.ofMillis(50));
        generations.addAll(generations(deliveries));
        deliveries.forEach(Delivery::acknowledge);
    }

    /** Topics are shared by the tests: what other tests published is acknowledged and passed over. */
    private List<Delivery> mine(Consumer consumer, int count) {
        List<Delivery> mine = new ArrayList<>();
        await(() -> {
            for (Delivery delivery : consumer.poll(WAIT)) {
                if (delivery.record().pass().equals(pass)) {
                    mine.add(delivery);
                } else {
                    delivery.acknowledge();
                }
            }
            return mine.size() >= count;
        });
        return mine;
    }

    private List<Integer> generations(List<Delivery> deliveries) {
        return deliveries.stream().map(Delivery::record).filter(record -> record.pass().equals(pass)).map(record -> ((ScanRequest) record).generation()).toList();
    }

    private void publish(KafkaQueue queue, String pair, int generation) {
        queue.publish(new ScanRequest(pass, new PairId(pair), generation)).orTimeout(120, TimeUnit.SECONDS).join();
    }

    private ScanRequest request(String pair) {
        return new ScanRequest(pass, new PairId(pair), 1);
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
        }
    }
}
