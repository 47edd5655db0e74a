package io.carryall.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.fold.PairEnd;
import io.carryall.core.item.FolderId;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.port.Passes.PassPair;
import io.carryall.core.record.PipelineRecord.ScanEnd;
import io.carryall.core.record.PipelineRecord.StandingFolder;
import io.carryall.testkit.fake.FakeLedger;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PairRowsTest {
    private static final PassId PASS = new PassId("wave", 2);
    private static final FolderId INBOX = new FolderId("inbox");

    private final FakeLedger ledger = new FakeLedger();

    @Test
    void of_pairs_looked_at_together_it_is_told_which_stood_and_of_which_no_scan_has_ended() {
        PassPair stood = pair("stood");
        PassPair twice = pair("twice");
        PassPair changed = pair("changed");
        PassPair waits = pair("waits");
        ledger.folders().scanEnded(standing(stood, "a"));
        ledger.folders().scanEnded(standing(twice, "a"));
        ledger.folders().scanEnded(standing(twice, "b"));
        ledger.folders().scanEnded(new ScanEnd(PASS, changed.pair(), 1, "a", List.of(INBOX), List.of(), List.of(), List.of(), null));
        assertThat(new PairRows(ledger, PASS).firstEnds(List.of(stood, twice, changed, waits)))
                .isEqualTo(Map.of(stood.pair(), new PairEnd.Stood(standing(stood, "a")), waits.pair(), new PairEnd.Running()));
    }

    private static PassPair pair(String id) {
        return new PassPair(new PairId(id), 1, false, id, id, id, id, null, null);
    }

    private static ScanEnd standing(PassPair pair, String scan) {
        return new ScanEnd(PASS, pair.pair(), 1, scan, List.of(), List.of(INBOX), List.of(), List.of(), null, List.of(new StandingFolder("INBOX", "INBOX", 2, 2, 0)));
    }
}
