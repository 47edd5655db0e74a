package io.carryall.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.item.FolderId;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.port.Passes.PassPair;
import io.carryall.core.record.PipelineRecord.ScanEnd;
import io.carryall.core.record.PipelineRecord.StandingFolder;
import io.carryall.testkit.fake.FakeLedger;
import java.util.List;
import org.junit.jupiter.api.Test;

class PairEndsTest {
    private static final PassId PASS = new PassId("wave", 2);
    private static final FolderId INBOX = new FolderId("inbox");
    private static final PassPair PAIR = new PassPair(new PairId("p1"), 1, false, "ann", "ann", "ann", "ann", null, null);
    private static final ScanEnd STANDS = new ScanEnd(PASS, PAIR.pair(), 1, "a", List.of(), List.of(INBOX), List.of(), List.of(), null, List.of(new StandingFolder("INBOX", "INBOX", 3, 3, 0)));
    private static final ScanEnd FOUND = new ScanEnd(PASS, PAIR.pair(), 1, "b", List.of(INBOX), List.of(), List.of(), List.of(), null);

    private final FakeLedger ledger = new FakeLedger();
    private final PairEnds ends = new PairEnds(ledger, new ResultJson());

    @Test
    void a_pair_that_stood_had_ended_when_its_pass_goes_on() {
        assertThat(beforeGoingOn(STANDS)).isTrue();
    }

    @Test
    void a_pass_that_goes_on_sees_to_what_a_scan_found_beside_the_look_that_said_that_nothing_had_changed() {
        assertThat(beforeGoingOn(STANDS, FOUND)).isFalse();
        ledger.passes().pairEnded(PASS, PAIR.pair(), "{}");
        assertThat(beforeGoingOn(STANDS, FOUND)).as("it was seen to").isTrue();
    }

    @Test
    void a_pair_that_ended_keeps_its_result_when_a_late_look_writes_its_row() {
        ledger.folders().scanEnded(STANDS);
        ledger.folders().scanEnded(FOUND);
        assertThat(ends.of(PASS, PAIR, false)).isPresent();
    }

    private boolean beforeGoingOn(ScanEnd... scans) {
        return ends.beforeGoingOn(PASS, PAIR, List.of(scans), false).isPresent();
    }
}
