package io.carryall.scanner;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.item.SourceItem;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.record.PipelineRecord.ItemsPage;
import io.carryall.core.record.PipelineRecord.Outcome;
import io.carryall.core.record.Topic;
import io.carryall.runtime.PassGate;
import io.carryall.runtime.StepMetrics;
import io.carryall.testkit.fake.FakeClock;
import io.carryall.testkit.fake.FakeLedger;
import io.carryall.testkit.fake.FakeQueue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pages of four items. */
final class PagePublisherTest {
    private static final PassId PASS = new PassId("acme", 1);
    private static final FolderKey FOLDER = new FolderKey(new PairId("p"), 1, new FolderId("f"), 7);

    private final FakeLedger ledger = new FakeLedger();
    private final FakeQueue queue = new FakeQueue();
    private final FakeClock clock = new FakeClock();
    private final PagePublisher publisher = new PagePublisher(
            new Scanner.Parts(ledger, queue, null, null, new PassGate(ledger, clock), clock, new StepMetrics(new SimpleMeterRegistry()), new ScannerTest.Impatient()), PASS, FOLDER, "s", new TargetFolder("new/ann", "INBOX"), new Unconfirmed());

    @BeforeEach
    void startPass() {
        ledger.passes().create(PASS, "{}", true, Instant.EPOCH);
    }

    @Test
    void pages_that_come_fast_are_published_together_and_told_of_once() {
        items(1, 63);
        assertThat(pages()).isEmpty();

        items(64, 64);
        assertThat(pages()).extracting(ItemsPage::seq).isEqualTo(IntStream.range(0, 16).boxed().toList());
        assertThat(found()).containsExactly("found 64 640");

        items(65, 70);
        assertThat(publisher.finish()).isEqualTo(18);
        assertThat(pages().stream().flatMap(page -> page.items().stream()).map(SourceItem::uid).toList()).isEqualTo(IntStream.rangeClosed(1, 70).mapToObj(Long::valueOf).toList());
        assertThat(found()).containsExactly("found 64 640", "found 6 60");
    }

    @Test
    void what_a_slow_server_lists_is_published_before_there_are_many_pages_of_it() {
        items(1, 4);
        clock.advance(Duration.ofMillis(150));
        items(5, 8);
        assertThat(pages()).isEmpty();

        clock.advance(Duration.ofMillis(150));
        items(9, 12);

        assertThat(pages()).hasSize(3);
    }

    @Test
    void a_folder_without_items_has_no_page() {
        assertThat(publisher.finish()).isZero();
        assertThat(queue.published(Topic.ITEMS)).isEmpty();
        assertThat(found()).isEmpty();
    }

    private void items(int from, int to) {
        IntStream.rangeClosed(from, to).forEach(uid -> publisher.accept(new SourceItem(uid, 10, 1_700_000_000)));
    }

    private List<ItemsPage> pages() {
        return queue.published(Topic.ITEMS).stream().map(ItemsPage.class::cast).toList();
    }

    private List<String> found() {
        return queue.published(Topic.OUTCOMES).stream().map(Outcome.class::cast).map(outcome -> outcome.what() + " " + outcome.items() + " " + outcome.bytes()).toList();
    }
}
