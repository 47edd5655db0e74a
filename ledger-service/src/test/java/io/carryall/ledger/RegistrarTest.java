package io.carryall.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carryall.core.item.Fingerprint;
import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.item.SourceItem;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.migration.Filter;
import io.carryall.core.migration.MailServer;
import io.carryall.core.migration.MailServer.Login;
import io.carryall.core.migration.MigrationSpec;
import io.carryall.core.port.Items.Done;
import io.carryall.core.port.Items.How;
import io.carryall.core.port.LedgerException;
import io.carryall.core.port.Pages.Page;
import io.carryall.core.port.ServerAddress;
import io.carryall.core.port.ServerAddress.Security;
import io.carryall.core.record.FolderStatus;
import io.carryall.core.record.PipelineRecord;
import io.carryall.core.record.PipelineRecord.CopyPage;
import io.carryall.core.record.PipelineRecord.FolderEnd;
import io.carryall.core.record.PipelineRecord.ItemsPage;
import io.carryall.core.record.PipelineRecord.Outcome;
import io.carryall.core.record.PipelineRecord.ScanEnd;
import io.carryall.core.record.Topic;
import io.carryall.json.MigrationJson;
import io.carryall.runtime.PassContexts;
import io.carryall.runtime.Step;
import io.carryall.runtime.StepLoop;
import io.carryall.runtime.StepMetrics;
import io.carryall.testkit.fake.FakeLedger;
import io.carryall.testkit.fake.FakeQueue;
import io.carryall.testkit.fake.Faults.Fate;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RegistrarTest {
    private static final PassId PASS = new PassId("acme", 2);
    private static final FolderKey FOLDER = new FolderKey(new PairId("p1"), 1, new FolderId("f"), 7);
    private static final TargetFolder TARGET = new TargetFolder("new/ann", "INBOX");

    private final FakeLedger ledger = new FakeLedger();
    private final FakeQueue queue = new FakeQueue();
    private final StepMetrics metrics = new StepMetrics(new SimpleMeterRegistry());
    private final Registrar registrar = new Registrar(ledger, queue, new PassContexts(ledger), metrics);

    @BeforeEach
    void startPass() {
        MailServer server = new MailServer("s", new ServerAddress("h", 143, Security.NONE, null), true, Login.EACH_USER);
        MigrationSpec spec = new MigrationSpec("acme", server, server, new Filter(null, null, null, null, 1_000L), null, null, null, null, false, null, null);
        ledger.passes().create(PASS, new MigrationJson().write(spec), true, Instant.now());
        ledger.items().done(FOLDER, List.of(new Done(2, new PassId("acme", 1), How.COPIED, new Fingerprint(10, 0, "h", "c"), TARGET, 1, 1, Set.of(), Set.of())));
    }

    @Test
    void a_page_is_written_down_and_what_is_to_be_copied_is_published() {
        registrar.handle(page(0, item(1, 10), item(2, 10), item(3, 2_000), item(4, 20)));

        List<SourceItem> seen = new ArrayList<>();
        ledger.items().forEachSeen(FOLDER, seen::add);
        assertThat(seen).hasSize(4);
        CopyPage copy = new CopyPage(PASS, FOLDER, "s", 0, TARGET, List.of(item(1, 10), item(4, 20)));
        assertThat(queue.published(Topic.COPIES)).containsExactly(copy);
        assertThat(pages()).containsExactly(new Page(copy, false, null));
        assertThat(outcomes()).containsExactlyInAnyOrder("to-copy 2 30", "already-there 1 10", "excluded 1 2000");
    }

    @Test
    void a_page_of_which_nothing_is_to_be_copied_is_settled_at_once() {
        registrar.handle(page(0, item(2, 10), item(3, 2_000)));
        assertThat(queue.published(Topic.COPIES)).isEmpty();
        assertThat(pages()).singleElement().satisfies(page -> assertThat(page.settled()).isTrue());
        assertThat(outcomes()).contains("page-settled 2 2010");
    }

    @Test
    void a_page_that_came_before_and_whose_items_another_pass_has_copied_since_is_settled() {
        queue.faults().once("publish", Fate.LOST_BEFORE);
        assertThatThrownBy(() -> registrar.handle(page(0, item(1, 10)))).isInstanceOf(CompletionException.class);
        ledger.items().done(FOLDER, List.of(new Done(1, new PassId("other", 1), How.COPIED, new Fingerprint(10, 0, "h", "c"), TARGET, 1, 2, Set.of(), Set.of())));

        registrar.handle(page(0, item(1, 10)));

        assertThat(pages()).singleElement().satisfies(page -> assertThat(page.settled()).isTrue());
    }

    @Test
    void pages_that_come_together_are_registered_as_if_each_came_alone() {
        ItemsPage ofAnotherScan = new ItemsPage(PASS, FOLDER, "t", 0, TARGET, List.of(item(1, 10)));
        FolderEnd end = new FolderEnd(PASS, FOLDER, "t", new FolderStatus(7, 8, 0, 7), 1);
        registrar.handle(List.of(page(0, item(1, 10), item(2, 10)), page(1, item(2, 10), item(3, 2_000)), page(2, item(4, 20)), page(2, item(4, 20)), ofAnotherScan, end));

        CopyPage first = new CopyPage(PASS, FOLDER, "s", 0, TARGET, List.of(item(1, 10)));
        CopyPage third = new CopyPage(PASS, FOLDER, "s", 2, TARGET, List.of(item(4, 20)));
        assertThat(queue.published(Topic.COPIES)).containsExactly(first, third, third, new CopyPage(PASS, FOLDER, "t", 0, TARGET, List.of(item(1, 10))));
        assertThat(pages()).containsExactly(new Page(first, false, null), new Page(new CopyPage(PASS, FOLDER, "s", 1, TARGET, List.of()), true, null), new Page(third, false, null));
        List<SourceItem> seen = new ArrayList<>();
        ledger.items().forEachSeen(FOLDER, seen::add);
        assertThat(seen).containsExactly(item(1, 10), item(2, 10), item(3, 2_000), item(4, 20));
        assertThat(ledger.folders().folderEnds(PASS, FOLDER.pair(), 1, "t")).containsExactly(end);
        assertThat(outcomes()).containsExactlyInAnyOrder("to-copy 3 50", "already-there 2 20", "excluded 1 2000", "page-settled 2 2010", "to-copy 1 10", "folder-end 0 0");
    }

    @Test
    void a_page_that_comes_twice_is_registered_twice_to_the_same_effect() {
        registrar.handle(page(0, item(1, 10)));
        registrar.handle(page(0, item(1, 10)));
        assertThat(pages()).hasSize(1);
        assertThat(queue.published(Topic.COPIES)).hasSize(2);
    }

    @Test
    void the_ends_of_folders_and_scans_are_written_down() {
        FolderEnd folderEnd = new FolderEnd(PASS, FOLDER, "s", new FolderStatus(7, 5, 0, 4), 1);
        ScanEnd scanEnd = new ScanEnd(PASS, FOLDER.pair(), 1, "s", List.of(FOLDER.folder()), List.of(), List.of(), List.of(), null);
        registrar.handle(folderEnd);
        registrar.handle(scanEnd);
        assertThat(ledger.folders().folderEnds(PASS, FOLDER.pair(), 1, "s")).containsExactly(folderEnd);
        assertThat(ledger.folders().scanEnds(PASS, FOLDER.pair(), 1)).containsExactly(scanEnd);
    }

    @Test
    void what_is_not_durable_is_not_let_go() {
        ledger.faults().once("pages.put", Fate.LOST_BEFORE);
        assertThatThrownBy(() -> registrar.handle(page(0, item(1, 10)))).isInstanceOf(LedgerException.class);
        assertThat(queue.published(Topic.COPIES)).isEmpty();
        queue.faults().once("publish", Fate.LOST_BEFORE);
        assertThatThrownBy(() -> registrar.handle(page(0, item(1, 10)))).isInstanceOf(CompletionException.class);
    }

    @Test
    void every_page_of_the_topic_reaches_the_ledger_while_it_fails_now_and_then() throws Exception {
        int[] calls = new int[1];
        ledger.faults().plan(call -> {
            synchronized (calls) {
                return ++calls[0] % 7 == 0 ? Fate.LOST_AFTER : Fate.WORKS;
            }
        });
        for (int seq = 0; seq < 20; seq++) {
            queue.publish(page(seq, item(100 + seq, 10)));
        }
        StepLoop loop = new StepLoop(Step.REGISTER, queue, Topic.ITEMS, "g", 4, 4, 10_000, metrics, registrar);
        loop.start();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
        FakeLedger calm = ledger.again();
        while (calm.pages().of(PASS, FOLDER, "s").size() < 20) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            Thread.onSpinWait();
        }
        loop.close();
    }

    private static ItemsPage page(int seq, SourceItem... items) {
        return new ItemsPage(PASS, FOLDER, "s", seq, TARGET, List.of(items));
    }

    private static SourceItem item(long uid, long bytes) {
        return new SourceItem(uid, bytes, 1_700_000_000);
    }

    private List<Page> pages() {
        return ledger.pages().of(PASS, FOLDER, "s");
    }

    private List<String> outcomes() {
        List<String> told = new ArrayList<>();
        for (PipelineRecord record : queue.published(Topic.OUTCOMES)) {
            Outcome outcome = (Outcome) record;
            told.add(outcome.what() + " " + outcome.items() + " " + outcome.bytes());
        }
        return told;
    }
}
