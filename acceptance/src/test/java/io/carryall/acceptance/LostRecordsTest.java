package io.carryall.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.testkit.dovecot.Dovecot;
import io.carryall.testkit.mail.Mail;
import io.carryall.testkit.mail.PlainImap;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Topics lose records before they are read, as by retention or a power cut: the ledger's page rows are the to-do, and bring them back. On a real Kafka, whose records are deleted through its own administration. */
@Tag("integration")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LostRecordsTest {
    private static final int MAILBOXES = 4;
    private static final int MESSAGES = 30;

    private final Dovecot source = Dovecot.started();
    private final Dovecot target = Dovecot.started();
    private Cluster cluster;
    private ServiceProcess control;
    @TempDir
    private Path directory;

    @BeforeAll
    void all_but_copiers_and_ledgers_run() {
        cluster = Cluster.start();
        cluster.start("scanner-service", 1);
        control = cluster.start("control-service", List.of("-Xmx256m"), Map.of("CARRYALL_CONTROL_SWEEP_MILLIS", "3000"));
        cluster.awaitReady(Map.of("carryall-scanner", 1));
    }

    @AfterAll
    void everything_is_stopped() {
        if (cluster != null) {
            cluster.close();
        }
        source.close();
        target.close();
    }

    @Test
    void every_message_arrives_once_although_all_pages_to_copy_were_lost_unread() {
        Migration migration = migration("copies");
        long before = published("carryall.copies");
        List<ServiceProcess> ledgers = cluster.start("ledger-service", 1);
        CompletableFuture<Outcome> run = CompletableFuture.supplyAsync(migration::run);
        Deadline.await(Deadline.LONG, "pages to copy are published", () -> published("carryall.copies") >= before + MAILBOXES);

        loseAll("carryall.copies");
        List<ServiceProcess> copiers = cluster.start("copier-service", 1);

        ends(migration, run);
        cluster.stop(ledgers);
        cluster.stop(copiers);
    }

    @Test
    void every_message_arrives_once_although_all_that_was_scanned_was_lost_unread() {
        Migration migration = migration("items");
        long before = published("carryall.items");
        CompletableFuture<Outcome> run = CompletableFuture.supplyAsync(migration::run);
        Deadline.await(Deadline.LONG, "scanned pages are published", () -> published("carryall.items") >= before + MAILBOXES);

        loseAll("carryall.items");
        List<ServiceProcess> ledgers = cluster.start("ledger-service", 1);
        List<ServiceProcess> copiers = cluster.start("copier-service", 1);

        ends(migration, run);
        cluster.stop(ledgers);
        cluster.stop(copiers);
    }

    private Migration migration(String name) {
        Migration migration = Migration.installed(directory, name, control.url()).from(source).to(target);
        for (int mailbox = 0; mailbox < MAILBOXES; mailbox++) {
            String user = name + mailbox + "@old.example";
            try (PlainImap imap = PlainImap.login(source, user)) {
                imap.append("INBOX", IntStream.range(0, MESSAGES).mapToObj(i -> Mail.of(user + " " + i)).toArray(Mail[]::new));
            }
            migration.pair(user, user);
        }
        return migration;
    }

    private static void ends(Migration migration, CompletableFuture<Outcome> run) {
        Deadline.await(Deadline.LONG, "the pass ends", run::isDone);
        run.join().exits(0).counts(MAILBOXES * MESSAGES, 0, 0, 0);
        migration.verified();
    }

    /** So many records since the topic was made. */
    private long published(String topic) {
        return offsets(topic, OffsetSpec.latest()).values().stream().mapToLong(Long::longValue).sum();
    }

    /** What is published again meanwhile stays. */
    private void loseAll(String topic) {
        Map<TopicPartition, Long> ends = offsets(topic, OffsetSpec.latest());
        ask(admin -> admin.deleteRecords(ends.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, end -> RecordsToDelete.beforeOffset(end.getValue())))).all());
        assertThat(offsets(topic, OffsetSpec.earliest())).as("where the records of " + topic + " begin now").isEqualTo(ends);
    }

    private Map<TopicPartition, Long> offsets(String topic, OffsetSpec which) {
        TopicDescription description = ask(admin -> admin.describeTopics(List.of(topic)).allTopicNames()).get(topic);
        Map<TopicPartition, OffsetSpec> partitions = description.partitions().stream().collect(Collectors.toMap(partition -> new TopicPartition(topic, partition.partition()), partition -> which));
        Map<TopicPartition, ListOffsetsResultInfo> found = ask(admin -> admin.listOffsets(partitions).all());
        return found.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().offset()));
    }

    private <T> T ask(Function<Admin, org.apache.kafka.common.KafkaFuture<T>> question) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.servers().kafka()))) {
            return question.apply(admin).get();
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
