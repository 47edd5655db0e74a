package io.carryall.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.carryall.testkit.dovecot.Dovecot;
import io.carryall.testkit.mail.Mail;
import io.carryall.testkit.mail.PlainImap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** One scanner, two ledgers, three copiers and a control service, each a process, with one Kafka and one Cassandra between them, move mail from one Dovecot to another. */
@Tag("integration")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ServicesTest {
    private static final int MAILBOXES = 12;
    private static final List<String> FOLDERS = List.of("INBOX", "Sent", "Archive/2023", "Archive/2024", "Projects");
    private static final int MESSAGES_A_FOLDER = 12;
    /** Stands in the subject, the body and a header of every message, and nowhere else. */
    private static final String CONTENT = "Marzipankartoffel";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Dovecot source = Dovecot.started();
    private final Dovecot target = Dovecot.started();
    private Cluster cluster;
    private List<ServiceProcess> scanners;
    private List<ServiceProcess> ledgers;
    private List<ServiceProcess> copiers;
    private Migration migration;
    private Outcome run;

    @BeforeAll
    void mail_is_moved(@TempDir Path directory) {
        users().forEach(this::fill);
        cluster = Cluster.start();
        scanners = cluster.start("scanner-service", 1);
        ledgers = cluster.start("ledger-service", 2);
        copiers = cluster.start("copier-service", 3);
        ServiceProcess control = cluster.start("control-service", 1).get(0);
        cluster.awaitReady(Map.of("carryall-scanner", 1, "carryall-ledger", 2, "carryall-copier", 3));
        migration = Migration.installed(directory, "services", control.url()).from(source).to(target);
        users().forEach(user -> migration.pair(user, user));
        run = migration.run();
    }

    @AfterAll
    void everything_is_stopped() {
        if (cluster != null) {
            cluster.close();
        }
        source.close();
        target.close();
    }

    private static Stream<String> users() {
        return IntStream.range(0, MAILBOXES).mapToObj(i -> "user" + i + "@old.example");
    }

    private void fill(String user) {
        try (PlainImap imap = PlainImap.login(source, user)) {
            for (String folder : FOLDERS) {
                if (!folder.equals("INBOX")) {
                    imap.ensure(folder);
                }
                imap.append(folder, IntStream.range(0, MESSAGES_A_FOLDER).mapToObj(i -> message(user, folder, i)).toList());
            }
        }
    }

    private static Mail message(String user, String folder, int number) {
        String text = "From: a@old.example\r\nSubject: " + CONTENT + " " + number + "\r\nX-Note: " + CONTENT + "\r\nMessage-ID: <" + folder.replace('/', '.') + "." + number + "." + user + ">\r\n\r\n" + CONTENT + " for " + user + "\r\n";
        return Mail.of(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void every_message_arrives_once() {
        run.exits(0).counts(MAILBOXES * FOLDERS.size() * MESSAGES_A_FOLDER, 0, 0, 0);
        users().forEach(user -> assertThat(Migration.look(source, user).differencesOf(Migration.look(target, user))).as(user).isEmpty());
    }

    @Test
    void every_instance_handles_pages() {
        for (ServiceProcess scanner : scanners) {
            assertThat(scanner.metric("carryall_step_items_total", "step=\"scan\"")).as(scanner.name()).isPositive();
        }
        for (ServiceProcess ledger : ledgers) {
            assertThat(ledger.metric("carryall_step_items_total", "step=\"register\"")).as(ledger.name()).isPositive();
            assertThat(ledger.metric("carryall_step_seconds_count", "step=\"register\"")).as(ledger.name()).isPositive();
        }
        for (ServiceProcess copier : copiers) {
            assertThat(copier.metric("carryall_step_items_total", "step=\"copy\"")).as(copier.name()).isPositive();
            assertThat(copier.metric("carryall_step_bytes_total", "step=\"copy\"")).as(copier.name()).isPositive();
        }
        double copied = copiers.stream().mapToDouble(copier -> copier.metric("carryall_step_items_total", "step=\"copy\"")).sum();
        assertThat(copied).isEqualTo(run.migrated());
    }

    @Test
    void the_items_cross_both_topics() throws IOException {
        Map<String, List<ConsumerRecord<byte[], byte[]>>> topics = records();
        long all = run.migrated();

        assertThat(topics.keySet()).contains("carryall.scans", "carryall.items", "carryall.copies", "carryall.outcomes");
        assertThat(items(topics.get("carryall.items"), "items-page")).isEqualTo(all);
        assertThat(items(topics.get("carryall.copies"), "copy-page")).isEqualTo(all);
        assertThat(partitions(topics.get("carryall.items"))).as("partitions of carryall.items in use").hasSizeGreaterThan(3);
        assertThat(partitions(topics.get("carryall.copies"))).as("partitions of carryall.copies in use").hasSizeGreaterThan(3);
    }

    @Test
    void no_topic_and_no_log_holds_a_secret_or_what_messages_say() throws IOException {
        List<String> never = List.of(CONTENT, Dovecot.PASSWORD, Dovecot.MASTER_PASSWORD, base64(Dovecot.MASTER_PASSWORD), Cluster.TOKEN);
        for (List<ConsumerRecord<byte[], byte[]>> records : records().values()) {
            for (ConsumerRecord<byte[], byte[]> record : records) {
                assertThat(text(record.key()) + text(record.value())).doesNotContain(never);
            }
        }
        for (Path log : logs()) {
            assertThat(Files.readString(log, StandardCharsets.ISO_8859_1)).as(log.toString()).doesNotContain(never);
        }
    }

    @Test
    void a_second_run_copies_nothing() {
        migration.run().exits(0).counts(0, run.migrated(), 0, 0);
        migration.verified();
    }

    private List<Path> logs() {
        List<Path> logs = Checkout.files(cluster.directory()).stream().filter(file -> file.getFileName().toString().endsWith(".log")).filter(file -> !file.toString().contains("/data/")).toList();
        assertThat(logs).hasSizeGreaterThanOrEqualTo(7);
        return logs;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(byte[] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }

    private static Set<Integer> partitions(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream().map(ConsumerRecord::partition).collect(Collectors.toSet());
    }

    /** How many different items those pages name: pages may come twice. */
    private static long items(List<ConsumerRecord<byte[], byte[]>> records, String type) throws IOException {
        Set<String> items = new HashSet<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            JsonNode page = JSON.readTree(record.value());
            if (page.path("type").asText().equals(type)) {
                page.path("items").forEach(item -> items.add(page.path("pair").asText() + " " + page.path("folder").asText() + " " + item.path(0).asText()));
            }
        }
        return items.size();
    }

    /** All records of all of our topics, as they stand in the broker now. */
    private Map<String, List<ConsumerRecord<byte[], byte[]>>> records() {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", cluster.servers().kafka()), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.listTopics().entrySet().stream().filter(topic -> topic.getKey().startsWith("carryall."))
                    .flatMap(topic -> topic.getValue().stream().map(info -> new TopicPartition(info.topic(), info.partition()))).toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            Map<String, List<ConsumerRecord<byte[], byte[]>>> all = new TreeMap<>();
            Deadline.await(Deadline.LONG, "all records are read", () -> {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> all.computeIfAbsent(record.topic(), topic -> new ArrayList<>()).add(record));
                return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
            });
            return all;
        }
    }
}
