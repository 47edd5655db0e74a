package io.carryall.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import io.carryall.core.item.FolderId;
import io.carryall.core.item.PairId;
import io.carryall.core.item.Reason;
import io.carryall.core.item.SourceItem;
import io.carryall.core.port.Queue;
import io.carryall.core.record.FolderStatus;
import io.carryall.core.record.PipelineRecord;
import io.carryall.core.record.PipelineRecord.CopyPage;
import io.carryall.core.record.PipelineRecord.DeadLetter;
import io.carryall.core.record.PipelineRecord.ExcludedFolder;
import io.carryall.core.record.PipelineRecord.Failure;
import io.carryall.core.record.PipelineRecord.FolderEnd;
import io.carryall.core.record.PipelineRecord.ItemsPage;
import io.carryall.core.record.PipelineRecord.Outcome;
import io.carryall.core.record.PipelineRecord.ScanEnd;
import io.carryall.core.record.PipelineRecord.ScanRequest;
import io.carryall.core.record.PipelineRecord.Warning;
import io.carryall.core.record.Topic;

/**
 * What every {@link Queue} promises. The topics may hold records of other tests: each test has a group and a migration of its own, and lets go of what is not its own.
 * See the package on how to run it.
 */
public interface QueueContract {
    Duration LONGEST = Duration.ofSeconds(180);
    Duration POLL = Duration.ofMillis(100);
    /** How long nothing has to come before a test believes that nothing will. */
    Duration QUIET = Duration.ofMillis(1_500);

    Queue queue();

    @Test
    default void every_kind_of_record_arrives_as_it_was() {
        Names names = new Names();
        List<SourceItem> items = List.of(new SourceItem(1, 2, 3), new SourceItem(4_294_967_295L, 5_000_000_000L, SourceItem.NO_DATE));
        List<PipelineRecord> records = List.of(
                new ScanRequest(names.pass(1), names.pair(), 3),
                new ItemsPage(names.pass(1), names.folder(), "scan", 7, names.target(), items),
                new FolderEnd(names.pass(1), names.folder(), "scan", new FolderStatus(4_294_967_295L, 5, 9_000_000_000L, 4), 8),
                new ScanEnd(names.pass(1), names.pair(), 3, "scan", List.of(new FolderId("f1"), new FolderId("f2")), List.of(new FolderId("f3")), List.of(new ExcludedFolder("Müll/\\/x", 12)),
                        List.of(new Warning("INBOX", 5, "what", "日本語")), null),
                new ScanEnd(names.pass(2), names.pair(), 3, "scan-b", List.of(), List.of(), List.of(), List.of(), new Failure(Reason.LOGIN_REFUSED, "no")),
                new CopyPage(names.pass(1), names.folder(), "scan", 7, names.target(), items),
                new Outcome(names.pass(1), names.pair(), null, "scan", "scan-end", 0, 0, null),
                new Outcome(names.pass(1), names.pair(), new FolderId("f1"), "record", "migrated", 5, 5_000_000_000L, "quota"),
                new DeadLetter(names.pass(1), names.folder(), 17, Reason.TOO_LARGE, "\"quoted\" \\ and ü"));
        records.forEach(this::publish);

        for (Topic topic : Topic.values()) {
            List<PipelineRecord> expected = records.stream().filter(record -> record.topic() == topic).toList();
            try (Reader reader = new Reader(queue(), topic, names, 100)) {
                reader.readUntil(expected.size());
                assertThat(reader.records()).containsExactlyInAnyOrderElementsOf(expected);
            }
        }
    }

    @Test
    default void records_of_one_key_keep_their_order() {
        Names names = new Names();
        for (int seq = 0; seq < 200; seq++) {
            queue().publish(page(names, seq));
        }
        publish(page(names, 200));

        try (Reader reader = new Reader(queue(), Topic.ITEMS, names, 50)) {
            reader.acknowledging = true;
            reader.readUntil(201);
            assertThat(reader.seqs()).isEqualTo(IntStream.rangeClosed(0, 200).boxed().toList());
        }
    }

    @Test
    default void a_record_published_twice_is_delivered_twice() {
        Names names = new Names();
        publish(page(names, 1));
        publish(page(names, 1));

        try (Reader reader = new Reader(queue(), Topic.ITEMS, names, 10)) {
            reader.readUntil(2);
            assertThat(reader.seqs()).containsExactly(1, 1);
        }
    }

    @Test
    default void what_is_acknowledged_does_not_come_again_and_what_is_not_does() {
        Names names = new Names();
        IntStream.range(0, 6).forEach(seq -> publish(page(names, seq)));
        try (Reader reader = new Reader(queue(), Topic.ITEMS, names, 10)) {
            reader.readUntil(6);
            reader.own.subList(0, 3).forEach(Queue.Delivery::acknowledge);
        }

        try (Reader again = new Reader(queue(), Topic.ITEMS, names, 10)) {
            again.readUntil(3);
            again.readWhileSomethingComes();
            assertThat(again.seqs()).containsExactly(3, 4, 5);
        }
    }

    @Test
    default void an_acknowledged_record_does_not_let_go_of_an_earlier_one() {
        Names names = new Names();
        IntStream.range(0, 4).forEach(seq -> publish(page(names, seq)));
        try (Reader reader = new Reader(queue(), Topic.ITEMS, names, 10)) {
            reader.readUntil(4);
            List.of(3, 1, 2).forEach(index -> reader.own.get(index).acknowledge());
            reader.readWhileSomethingComes();
        }

        try (Reader again = new Reader(queue(), Topic.ITEMS, names, 10)) {
            again.readUntil(1);
            assertThat(again.seqs()).startsWith(0);
        }
    }

    @Test
    default void acknowledging_twice_late_or_from_another_thread_is_harmless() throws InterruptedException {
        Names names = new Names();
        IntStream.range(0, 2).forEach(seq -> publish(page(names, seq)));
        Reader reader = new Reader(queue(), Topic.ITEMS, names, 10);
        reader.readUntil(2);
        Queue.Delivery first = reader.own.get(0);
        Thread other = new Thread(() -> {
            first.acknowledge();
            first.acknowledge();
        });
        other.start();
        other.join(LONGEST.toMillis());
        reader.close();

        reader.own.get(1).acknowledge();

        try (Reader again = new Reader(queue(), Topic.ITEMS, names, 10)) {
            again.readUntil(1);
            again.readWhileSomethingComes();
            assertThat(again.seqs()).containsExactly(1);
        }
    }

    @Test
    default void a_delivery_tells_that_it_will_come_again_from_when_its_consumer_is_closed() {
        Names names = new Names();
        publish(page(names, 1));
        Reader reader = new Reader(queue(), Topic.ITEMS, names, 10);
        reader.readUntil(1);
        assertThat(reader.own.get(0).isCurrent()).isTrue();

        reader.close();

        assertThat(reader.own.get(0).isCurrent()).isFalse();
    }

    @Test
    default void no_more_is_handed_out_than_may_be_in_flight() {
        Names names = new Names();
        IntStream.range(0, 12).forEach(seq -> publish(page(names, seq)));

        try (Reader reader = new Reader(queue(), Topic.ITEMS, names, 4)) {
            reader.readUntil(4);
            reader.readWhileSomethingComes();
            assertThat(reader.seqs()).containsExactly(0, 1, 2, 3);

            reader.own.get(2).acknowledge();
            reader.own.get(0).acknowledge();
            reader.readUntil(6);
            reader.readWhileSomethingComes();
            assertThat(reader.seqs()).containsExactly(0, 1, 2, 3, 4, 5);
        }
    }

    @Test
    default void each_group_gets_every_record() {
        Names names = new Names();
        publish(page(names, 1));

        for (String group : List.of("one", "two")) {
            try (Reader reader = new Reader(queue(), Topic.ITEMS, group + names.migration(), own(names), 10)) {
                reader.acknowledging = true;
                reader.readUntil(1);
                assertThat(reader.seqs()).containsExactly(1);
            }
        }
    }

    @Test
    default void consumers_of_one_group_share_the_records_and_miss_none() {
        Names names = new Names();
        Set<PipelineRecord> published = new HashSet<>();
        for (int i = 0; i < 60; i++) {
            ScanRequest record = new ScanRequest(names.pass(1), new PairId(names.pair().value() + i), 1);
            published.add(record);
            publish(record);
        }

        try (Reader first = new Reader(queue(), Topic.SCANS, names, 5); Reader second = new Reader(queue(), Topic.SCANS, names, 5)) {
            first.acknowledging = true;
            second.acknowledging = true;
            Set<PipelineRecord> got = new HashSet<>();
            Names.await("every record has come to one of the two", LONGEST, () -> {
                first.read();
                second.read();
                got.addAll(first.records());
                got.addAll(second.records());
                return got.size() == published.size();
            });
            assertThat(got).isEqualTo(published);
        }
    }

    @Test
    default void what_a_consumer_left_unfinished_comes_to_another_of_its_group() {
        Names names = new Names();
        IntStream.range(0, 5).forEach(seq -> publish(page(names, seq)));
        Reader first = new Reader(queue(), Topic.ITEMS, names, 10);
        first.readUntil(5);
        try (Reader second = new Reader(queue(), Topic.ITEMS, names, 10)) {
            first.close();

            second.readUntil(5);
            assertThat(Set.copyOf(second.seqs())).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
        }
    }

    private void publish(PipelineRecord record) {
        Names.unchecked(() -> queue().publish(record).get(LONGEST.toSeconds(), TimeUnit.SECONDS));
    }

    private static ItemsPage page(Names names, int seq) {
        return new ItemsPage(names.pass(1), names.folder(), "scan", seq, names.target(), List.of(new SourceItem(seq + 1, 100, 1_700_000_000L)));
    }

    private static Predicate<PipelineRecord> own(Names names) {
        return record -> record.pass().migration().equals(names.migration());
    }

    /** One consumer, and what came to it of its own test's records. */
    final class Reader implements AutoCloseable {
        final List<Queue.Delivery> own = new ArrayList<>();
        boolean acknowledging;
        private final Queue.Consumer consumer;
        private final Predicate<PipelineRecord> mine;

        Reader(Queue queue, Topic topic, Names names, int inFlightMax) {
            this(queue, topic, names.migration(), QueueContract.own(names), inFlightMax);
        }

        Reader(Queue queue, Topic topic, String group, Predicate<PipelineRecord> mine, int inFlightMax) {
            this.consumer = queue.subscribe(topic, group, inFlightMax);
            this.mine = mine;
        }

        /** Whether anything came. */
        boolean read() {
            List<Queue.Delivery> came = consumer.poll(POLL);
            for (Queue.Delivery delivery : came) {
                if (!mine.test(delivery.record())) {
                    delivery.acknowledge();
                    continue;
                }
                own.add(delivery);
                if (acknowledging) {
                    delivery.acknowledge();
                }
            }
            return !came.isEmpty();
        }

        void readUntil(int count) {
            Names.await(count + " records have come", LONGEST, () -> {
                if (own.size() < count) {
                    read();
                }
                return own.size() >= count;
            });
        }

        void readWhileSomethingComes() {
            long quietSince = System.nanoTime();
            while (System.nanoTime() - quietSince < QUIET.toNanos()) {
                if (read()) {
                    quietSince = System.nanoTime();
                }
            }
        }

        List<PipelineRecord> records() {
            return own.stream().map(Queue.Delivery::record).toList();
        }

        List<Integer> seqs() {
            return records().stream().map(record -> ((ItemsPage) record).seq()).toList();
        }

        @Override
        public void close() {
            consumer.close();
        }
    }
}
