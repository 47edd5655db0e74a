package io.carryall.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.port.LedgerException;
import io.carryall.core.port.Queue;
import io.carryall.core.record.PipelineRecord;
import io.carryall.core.record.PipelineRecord.ScanRequest;
import io.carryall.core.record.Topic;
import io.carryall.testkit.fake.FakeQueue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class StepLoopTest {
    private static final PassId PASS = new PassId("m", 1);

    private final FakeQueue queue = new FakeQueue();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void every_record_is_handled_and_let_go() throws Exception {
        Set<String> handled = ConcurrentHashMap.newKeySet();
        CountDownLatch all = new CountDownLatch(50);
        publish(50);
        try (StepLoop loop = loop(record -> {
            handled.add(record.key());
            all.countDown();
        })) {
            loop.start();
            assertThat(all.await(120, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(handled).hasSize(50);
        assertThat(left()).isZero();
    }

    @Test
    void records_of_one_key_are_handled_one_after_another_in_their_order() throws Exception {
        List<Integer> handled = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger atOnce = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(100);
        for (int i = 1; i <= 100; i++) {
            queue.publish(new ScanRequest(PASS, new PairId("p"), i));
        }
        try (StepLoop loop = loop(record -> {
            assertThat(atOnce.incrementAndGet()).isEqualTo(1);
            handled.add(((ScanRequest) record).generation());
            atOnce.decrementAndGet();
            all.countDown();
        })) {
            loop.start();
            assertThat(all.await(120, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(handled).isEqualTo(IntStream.rangeClosed(1, 100).boxed().toList());
    }

    @Test
    void records_of_one_key_that_wait_are_handed_over_together_in_their_order_and_up_to_a_bound() throws Exception {
        Runs runs = new Runs(40, run -> { });
        IntStream.rangeClosed(1, 40).forEach(i -> queue.publish(new ScanRequest(PASS, new PairId("p"), i)));
        try (StepLoop loop = loop(runs, 40)) {
            loop.start();
            assertThat(runs.all.await(120, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(runs.handled.stream().flatMap(List::stream).toList()).isEqualTo(IntStream.rangeClosed(1, 40).boxed().toList());
        assertThat(runs.handled).allMatch(run -> run.size() <= 8).anyMatch(run -> run.size() == 8);
        assertThat(left()).isZero();
    }

    @Test
    void of_records_that_are_handed_over_together_only_the_one_that_no_handler_can_stand_is_passed_over() throws Exception {
        Runs runs = new Runs(19, run -> {
            if (run.contains(7)) {
                throw new IllegalStateException("a bug");
            }
        });
        IntStream.rangeClosed(1, 20).forEach(i -> queue.publish(new ScanRequest(PASS, new PairId("p"), i)));
        try (StepLoop loop = loop(runs, 40)) {
            loop.start();
            assertThat(runs.all.await(120, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(runs.handled.stream().flatMap(List::stream).toList()).isEqualTo(IntStream.rangeClosed(1, 20).filter(i -> i != 7).boxed().toList());
        assertThat(left()).isZero();
    }

    private static final class Runs implements StepLoop.Handler {
        private final List<List<Integer>> handled = Collections.synchronizedList(new ArrayList<>());
        private final CountDownLatch all;
        private final Consumer<List<Integer>> before;

        Runs(int expected, Consumer<List<Integer>> before) {
            this.all = new CountDownLatch(expected);
            this.before = before;
        }

        @Override
        public int runMax() {
            return 8;
        }

        @Override
        public void handle(PipelineRecord record) throws InterruptedException {
            handle(List.of(record));
        }

        @Override
        public void handle(List<PipelineRecord> run) {
            List<Integer> numbers = run.stream().map(record -> ((ScanRequest) record).generation()).toList();
            before.accept(numbers);
            handled.add(numbers);
            numbers.forEach(number -> all.countDown());
        }
    }

    @Test
    void a_record_is_tried_again_while_the_ledger_is_away() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(1);
        publish(1);
        try (StepLoop loop = loop(record -> {
            if (calls.incrementAndGet() < 4) {
                throw new LedgerException("away", null);
            }
            done.countDown();
        })) {
            loop.start();
            assertThat(done.await(120, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(left()).isZero();
        assertThat(registry.get("carryall.step.failures").tag("reason", "infrastructure").counter().count()).isEqualTo(3);
    }

    @Test
    void a_record_that_no_handler_can_stand_is_passed_over() throws Exception {
        CountDownLatch calls = new CountDownLatch(3);
        CountDownLatch other = new CountDownLatch(1);
        queue.publish(new ScanRequest(PASS, new PairId("bad"), 1));
        queue.publish(new ScanRequest(PASS, new PairId("good"), 1));
        try (StepLoop loop = loop(record -> {
            if (record.key().equals("bad")) {
                calls.countDown();
                throw new IllegalStateException("a bug");
            }
            other.countDown();
        })) {
            loop.start();
            assertThat(calls.await(120, TimeUnit.SECONDS)).isTrue();
            assertThat(other.await(120, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(left()).isZero();
    }

    @Test
    void what_is_being_handled_at_a_close_is_finished_and_what_is_not_comes_again() throws Exception {
        CountDownLatch running = new CountDownLatch(2);
        CountDownLatch go = new CountDownLatch(1);
        publish(9);
        StepLoop loop = loop(record -> {
            running.countDown();
            go.await();
        });
        loop.start();
        assertThat(running.await(120, TimeUnit.SECONDS)).isTrue();
        Thread closing = new Thread(loop::close);
        closing.start();
        while (closing.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        go.countDown();
        closing.join(120_000);
        assertThat(left()).isEqualTo(7);
    }

    @Test
    void what_waited_while_its_partition_moved_is_handled_once_where_it_comes_again() throws Exception {
        CountDownLatch running = new CountDownLatch(2);
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch all = new CountDownLatch(9 + 2);
        Map<String, Integer> handled = new ConcurrentHashMap<>();
        publish(9);
        try (StepLoop loop = loop(record -> {
            running.countDown();
            go.await();
            handled.merge(record.key(), 1, Integer::sum);
            all.countDown();
        })) {
            loop.start();
            assertThat(running.await(120, TimeUnit.SECONDS)).isTrue();
            queue.rebalance(Topic.SCANS, "g");
            go.countDown();
            assertThat(all.await(120, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(handled).hasSize(9);
        assertThat(handled.values()).as("only what was being handled is handled again").filteredOn(times -> times > 1).containsExactly(2, 2);
        assertThat(left()).isZero();
    }

    private StepLoop loop(StepLoop.Handler handler) {
        return loop(handler, 2);
    }

    private StepLoop loop(StepLoop.Handler handler, int aheadMax) {
        return new StepLoop(Step.SCAN, queue, Topic.SCANS, "g", 2, aheadMax, 20_000, new StepMetrics(registry), handler);
    }

    private void publish(int count) {
        for (int i = 0; i < count; i++) {
            queue.publish(new ScanRequest(PASS, new PairId("pair" + i), 1));
        }
    }

    private int left() {
        try (Queue.Consumer consumer = queue.subscribe(Topic.SCANS, "g", 100)) {
            return consumer.poll(Duration.ofMillis(100)).size();
        }
    }
}
