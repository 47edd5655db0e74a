package io.carryall.control;

import static io.carryall.control.Installation.ANN;
import static io.carryall.control.Installation.counts;
import static io.carryall.control.Installation.ended;
import static io.carryall.control.Installation.spec;
import static io.carryall.control.Installation.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.item.Reason;
import io.carryall.core.record.Topic;
import io.carryall.testkit.fake.FakeLedger;
import io.carryall.testkit.fake.FakeQueue;
import io.carryall.testkit.fake.Faults;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What is lost on its way, late or away for a while holds a pass up, and neither ends it nor stops a pair. */
class HeldUpPassTest {
    private static final ControlSettings SWEEPING = new ControlSettings(1_000, 500, 2_000, 100, 4, 8, 100, 200, true);

    @AutoClose
    private final Installation installation = new Installation();
    private final FakeLedger ledger = installation.ledger;
    private final FakeQueue queue = installation.queue;
    private final FakePipeline pipeline = installation.pipeline;
    private final Control control = installation.control;

    @Test
    void pages_whose_records_were_lost_are_published_again() throws Exception {
        Control sweeping = installation.control(SWEEPING);
        pipeline.mailbox(ANN).with(2).hangs = true;
        sweeping.start(spec(ANN), List.of(), false);
        until(() -> !queue.published(Topic.COPIES).isEmpty());
        pipeline.copyOpenPages();
        assertThat(counts(ended(sweeping, 1).get("result"))).isEqualTo("2 = 2 + 0 + 0 + 0 + 0");
    }

    @Test
    void a_scan_whose_request_was_lost_is_asked_for_again() throws Exception {
        Control sweeping = installation.control(SWEEPING);
        pipeline.mailbox(ANN).with(2).requestsLost.set(1);
        sweeping.start(spec(ANN), List.of(), false);
        assertThat(counts(ended(sweeping, 1).get("result"))).isEqualTo("2 = 2 + 0 + 0 + 0 + 0");
        assertThat(queue.published(Topic.SCANS)).hasSizeGreaterThan(1);
    }

    @Test
    void what_a_copier_sets_aside_because_it_has_not_heard_yet_that_the_pass_goes_on_stops_no_pair() throws Exception {
        pipeline.mailbox(ANN).with(2).parks = Reason.INTERRUPTED;
        control.start(spec(ANN), List.of(), false);
        until(() -> !queue.published(Topic.COPIES).isEmpty());
        pipeline.mailbox(ANN).parks = null;
        pipeline.copyOpenPages();
        assertThat(counts(ended(control, 1).get("result"))).isEqualTo("2 = 2 + 0 + 0 + 0 + 0");
    }

    @Test
    void a_ledger_that_is_away_for_a_while_holds_the_pass_up_and_does_not_end_it() throws Exception {
        pipeline.mailbox(ANN).with(2);
        ledger.faults().once("folders.scanEnds", Faults.Fate.LOST_BEFORE);
        control.start(spec(ANN), List.of(), false);
        assertThat(ended(control, 1).get("state").asText()).isEqualTo("finished");
    }
}
