package io.carryall.core.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.port.Passes;
import io.carryall.core.port.Passes.PassPair;
import io.carryall.core.record.PipelineRecord.LookRequest;
import io.carryall.core.record.PipelineRecord.ScanRequest;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AskingTest {
    private static final PassId PASS = new PassId("wave", 2);
    private static final List<PassPair> MANY = IntStream.range(0, 3_000).mapToObj(i -> pair("p" + i, 1)).toList();

    @Test
    void nothing_is_asked_for_where_no_pair_waits() {
        assertThat(Asking.of(PASS, List.of(), List.of())).isEmpty();
    }

    @Test
    void a_scan_is_asked_for_of_one_pair_in_its_generation() {
        assertThat(Asking.of(PASS, List.of(), List.of(pair("a", 1), pair("b", 3)))).containsExactly(
                new Asking(new ScanRequest(PASS, new PairId("a"), 1), List.of(new PairId("a"))), new Asking(new ScanRequest(PASS, new PairId("b"), 3), List.of(new PairId("b"))));
    }

    @Test
    void pairs_that_are_looked_at_together_lie_together_and_are_no_more_than_a_look_takes() {
        assertThat(Asking.of(PASS, MANY, List.of())).allSatisfy(asking -> {
            assertThat(((LookRequest) asking.request()).pairs()).isEqualTo(asking.pairs()).hasSizeLessThanOrEqualTo(LookRequest.PAIRS_MAX);
            assertThat(asking.pairs().stream().map(Passes::groupOf).distinct()).hasSize(1);
        });
    }

    @Test
    void each_pair_is_asked_for_once_and_with_few_records() {
        List<Asking> all = Asking.of(PASS, MANY, List.of());
        assertThat(all).flatExtracting(Asking::pairs).containsExactlyInAnyOrderElementsOf(MANY.stream().map(PassPair::pair).toList());
        assertThat(all).hasSizeLessThanOrEqualTo(MANY.size() / LookRequest.PAIRS_MAX + Passes.GROUPS);
    }

    private static PassPair pair(String id, int generation) {
        return new PassPair(new PairId(id), generation, false, id, id, id, id, null, null);
    }
}
