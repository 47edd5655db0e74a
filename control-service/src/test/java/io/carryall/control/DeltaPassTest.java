package io.carryall.control;

import static io.carryall.control.Installation.ANN;
import static io.carryall.control.Installation.BOB;
import static io.carryall.control.Installation.counts;
import static io.carryall.control.Installation.ended;
import static io.carryall.control.Installation.json;
import static io.carryall.control.Installation.spec;
import static io.carryall.control.Installation.until;
import static io.carryall.control.Installation.withoutSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carryall.core.item.Fingerprint;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PassId;
import io.carryall.core.item.SourceItem;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Items.Done;
import io.carryall.core.port.Items.How;
import io.carryall.core.record.FolderStatus;
import io.carryall.core.record.PipelineRecord.CopyPage;
import io.carryall.core.record.PipelineRecord.FolderEnd;
import io.carryall.core.record.PipelineRecord.LookRequest;
import io.carryall.core.record.PipelineRecord.ScanEnd;
import io.carryall.core.record.Topic;
import io.carryall.testkit.fake.FakeLedger;
import io.carryall.testkit.fake.FakeQueue;
import io.carryall.testkit.fake.Faults;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Passes over pairs that completed one before. */
class DeltaPassTest {
    @AutoClose
    private final Installation installation = new Installation();
    private final FakeLedger ledger = installation.ledger;
    private final FakeQueue queue = installation.queue;
    private final FakePipeline pipeline = installation.pipeline;
    private final Control control = installation.control;

    @Test
    void the_next_pass_is_a_delta_that_counts_what_was_there() throws Exception {
        pipeline.mailbox(ANN).with(3);
        control.start(spec(ANN), List.of(), false);
        ended(control, 1);
        pipeline.mailbox(ANN).with(1);
        control.start(spec(ANN), List.of(), false);
        JsonNode result = ended(control, 2).get("result");
        assertThat(result.get("kind").asText()).isEqualTo("delta");
        assertThat(result.get("pairs").get(0).get("kind").asText()).isEqualTo("delta");
        assertThat(counts(result)).isEqualTo("4 = 1 + 3 + 0 + 0 + 0");
    }

    @Test
    void a_pair_in_which_nothing_changed_is_told_from_its_scan_alone() throws Exception {
        pipeline.mailbox(ANN).with(3);
        control.start(spec(ANN), List.of(), false);
        ended(control, 1);
        pipeline.mailbox(ANN).stands = true;
        control.start(spec(ANN), List.of(), false);
        JsonNode result = withoutSeconds(ended(control, 2).get("result"));
        assertThat(result.toString()).isEqualTo("{\"migration\":\"wave\",\"pass\":2,\"kind\":\"delta\",\"state\":\"finished\",\"found\":3,\"migrated\":0,\"alreadyThere\":3,\"excluded\":0,\"failed\":0,\"pending\":0,\"bytes\":0,"
                + "\"pairs\":[{\"source\":\"ann@old.example\",\"target\":\"ann@new.example\",\"kind\":\"delta\",\"state\":\"finished\",\"found\":3,\"migrated\":0,\"alreadyThere\":3,\"excluded\":0,\"failed\":0,\"pending\":0,"
                + "\"bytes\":0,\"folders\":[{\"source\":\"INBOX\",\"target\":\"INBOX\",\"found\":3,\"migrated\":0,\"alreadyThere\":3,\"excluded\":0,\"failed\":0,\"pending\":0,\"skipped\":true}],\"failures\":[],\"warnings\":[],"
                + "\"excludedFolders\":[]}]}");
        assertThat(ledger.passes().pairEnd(new PassId("wave", 2), installation.inbox(ANN).pair())).as("no more is written of it").isEmpty();
        assertThat(withoutSeconds(json(installation.control(), 2).get("result"))).isEqualTo(result);
    }

    @Test
    void an_older_scan_that_counts_as_the_newest_by_the_clock_of_who_wrote_it_down_loses_and_doubles_nothing() throws Exception {
        pipeline.mailbox(ANN).with(3).hangs = true;
        control.start(spec(ANN), List.of(), false);
        until(() -> !queue.published(Topic.SCANS).isEmpty());
        until(() -> ledger.folders().scanEnds(new PassId("wave", 1), installation.inbox(ANN).pair(), 1).size() == 1);
        olderScan(new PassId("wave", 1), installation.inbox(ANN), 2);
        JsonNode first = ended(control, 1).get("result");
        assertThat(first.get("state").asText()).isEqualTo("finished");
        assertThat(counts(first)).as("what it did not meet counts as gone until the next pass").isEqualTo("3 = 2 + 0 + 0 + 1 + 0");
        assertThat(first.findValuesAsText("reason")).containsExactly("vanished");
        assertThat(ledger.folders().watermarks(installation.inbox(ANN).pair(), 1)).singleElement().satisfies(mark -> assertThat(mark.status().uidNext()).as("the next scan begins where the older one saw the end").isEqualTo(3));

        pipeline.mailbox(ANN).hangs = false;
        assertThat(counts(installation.run(2, ANN))).isEqualTo("3 = 1 + 2 + 0 + 0 + 0");
        assertThat(installation.done(ANN)).containsExactly(1L, 2L, 3L);
    }

    /** All that it found is copied; its end is written down last. */
    private void olderScan(PassId pass, FolderKey folder, int items) {
        List<SourceItem> found = LongStream.rangeClosed(1, items).mapToObj(uid -> new SourceItem(uid, 100, 0)).toList();
        TargetFolder target = new TargetFolder("new/ann@new.example", "INBOX");
        CopyPage page = new CopyPage(pass, folder, "older", 0, target, found);
        ledger.items().seen(folder, "older", found);
        ledger.pages().put(page);
        ledger.folders().folderEnded(new FolderEnd(pass, folder, "older", new FolderStatus(folder.uidValidity(), items + 1, 0, items), 1));
        ledger.items().done(folder, found.stream().map(item -> new Done(item.uid(), pass, How.COPIED, new Fingerprint(100, 0, "h", "c" + item.uid()), target, 1, item.uid(), Set.of(), Set.of())).toList());
        ledger.pages().settled(page.ref());
        ledger.folders().scanEnded(new ScanEnd(pass, folder.pair(), folder.generation(), "older", List.of(folder.folder()), List.of(), List.of(), List.of(), null));
    }

    @Test
    void a_delta_pass_of_many_pairs_looks_at_them_together_and_follows_those_that_changed() throws Exception {
        String[] sources = new String[300];
        for (int i = 0; i < sources.length; i++) {
            sources[i] = "user" + i + "@old.example";
            pipeline.mailbox(sources[i]).with(1);
        }
        control.start(spec(sources), List.of(), false);
        ended(control, 1);
        for (int i = 0; i < sources.length; i++) {
            pipeline.mailbox(sources[i]).with(i % 50 == 0 ? 1 : 0).stands = i % 50 != 0;
        }
        control.start(spec(sources), List.of(), false);
        JsonNode result = ended(control, 2).get("result");
        assertThat(counts(result)).isEqualTo("306 = 6 + 300 + 0 + 0 + 0");
        assertThat(result.get("pairs")).hasSize(300).allSatisfy(pair -> assertThat(pair.get("state").asText()).isEqualTo("finished"));
        // As many as are named and as there is room for at the time, which is a matter of threads: AskingTest says with how many records.
        assertThat(queue.published(Topic.SCANS).stream().filter(LookRequest.class::isInstance).map(LookRequest.class::cast)).hasSizeLessThan(300)
                .flatExtracting(LookRequest::pairs).doesNotHaveDuplicates().hasSize(300);
    }

    @Test
    void pairs_that_are_asked_after_before_their_scan_has_ended_are_told_from_it_all_the_same() throws Exception {
        ControlSettings impatient = new ControlSettings(1_000, 20, 60_000, 100, 4, 8, 100, 200, true);
        Control asking = installation.control(impatient);
        pipeline.mailbox(ANN).with(3);
        pipeline.mailbox(BOB).with(2);
        asking.start(spec(ANN, BOB), List.of(), false);
        ended(asking, 1);
        pipeline.mailbox(ANN).stands = true;
        pipeline.mailbox(BOB).with(1);
        CountDownLatch asked = new CountDownLatch(10);
        ledger.faults().plan(call -> {
            if (call.equals("folders.scanEnds")) {
                asked.countDown();
            } else if (call.equals("folders.scanEnded")) {
                await(asked);
            }
            return Faults.Fate.WORKS;
        });
        asking.start(spec(ANN, BOB), List.of(), false);
        assertThat(counts(ended(asking, 2).get("result"))).isEqualTo("6 = 1 + 5 + 0 + 0 + 0");
        assertThat(ledger.passes().pairEnd(new PassId("wave", 2), installation.inbox(ANN).pair())).as("no more is written of it").isEmpty();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
