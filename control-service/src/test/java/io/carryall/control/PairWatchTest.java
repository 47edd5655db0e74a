package io.carryall.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.control.PairWatch.Ended;
import io.carryall.core.fold.FolderCounts;
import io.carryall.core.item.FolderId;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.port.Passes.PassPair;
import io.carryall.core.record.PipelineRecord.Outcome;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PairWatchTest {
    private static final PassPair PAIR = new PassPair(new PairId("p1"), 1, false, "ann", "ann", "ann", "ann", null, null);
    private static final long POLL_MILLIS = 3_000;

    private final PairWatch watch = new PairWatch(PAIR, Set.of(), null, 60_000);

    @Test
    void a_pair_waits_until_something_is_asked_for_and_is_not_looked_at_before() {
        assertThat(watch.isWaiting()).isTrue();
        assertThat(watch.beginLook(Long.MAX_VALUE)).isFalse();
        watch.requested(0, POLL_MILLIS);
        assertThat(watch.isWaiting()).isFalse();
        assertThat(watch.isScanning()).isTrue();
    }

    @Test
    void a_pair_of_which_nothing_is_heard_is_looked_at_after_a_while_and_again_a_while_later() {
        watch.requested(0, POLL_MILLIS);
        assertThat(watch.beginLook(2_999)).isFalse();
        assertThat(watch.beginLook(3_000)).isTrue();
        watch.endLook(3_010, 10, POLL_MILLIS);
        assertThat(watch.beginLook(6_009)).isFalse();
        assertThat(watch.beginLook(6_010)).isTrue();
    }

    @Test
    void one_look_at_a_time() {
        watch.requested(0, 0);
        assertThat(watch.beginLook(1)).isTrue();
        assertThat(watch.beginLook(2)).isFalse();
    }

    @Test
    void a_pair_that_was_heard_of_is_looked_at_as_soon_as_it_has_rested_from_the_look_before() {
        watch.requested(0, 0);
        watch.beginLook(0);
        watch.endLook(100, 100, POLL_MILLIS);
        assertThat(watch.heard(outcome("page-settled"), 110)).isTrue();
        assertThat(watch.beginLook(599)).isFalse();
        assertThat(watch.beginLook(600)).isTrue();
    }

    @Test
    void what_only_feeds_figures_wakes_nobody() {
        watch.requested(0, POLL_MILLIS);
        assertThat(watch.heard(outcome("found"), 10)).isFalse();
        assertThat(watch.beginLook(20)).isFalse();
        assertThat(watch.counts().found()).isEqualTo(5);
    }

    @Test
    void a_pair_is_scanned_when_the_end_of_its_scan_was_heard_of() {
        watch.requested(0, POLL_MILLIS);
        watch.heard(outcome("scan-end"), 10);
        assertThat(watch.isScanning()).isFalse();
        assertThat(watch.isScanned()).isTrue();
        assertThat(watch.isGoing()).isTrue();
    }

    @Test
    void a_pair_that_may_stand_is_asked_for_as_any_other_when_the_question_was_lost() {
        watch.mayStand();
        assertThat(watch.isFirst()).isTrue();
        watch.requested(0, POLL_MILLIS);
        watch.notRequested();
        assertThat(watch.isWaiting()).isTrue();
        assertThat(watch.isFirst()).isFalse();
    }

    @Test
    void a_pair_is_swept_when_nothing_was_heard_of_it_since_it_was_asked_for() {
        watch.requested(0, POLL_MILLIS);
        watch.heard(outcome("found"), 30_000);
        assertThat(watch.beginSweep(60_000)).isFalse();
        assertThat(watch.beginSweep(90_000)).isTrue();
    }

    @Test
    void a_pair_that_ended_is_left_alone_and_tells_what_was_folded() {
        watch.requested(0, 0);
        watch.heard(outcome("found"), 0);
        watch.ended(new Ended("finished", null, new FolderCounts(7, 7, 0, 0, 0, 0, 700)), null);
        assertThat(watch.beginLook(Long.MAX_VALUE)).isFalse();
        assertThat(watch.beginSweep(Long.MAX_VALUE)).isFalse();
        assertThat(watch.isWaiting() || watch.isScanning() || watch.isGoing()).isFalse();
        assertThat(watch.counts().found()).isEqualTo(7);
    }

    @Test
    void folders_are_known_to_be_settled_in_the_scan_that_decides_alone() {
        watch.settledIn("a").add(new FolderId("inbox"));
        assertThat(watch.settledIn("a")).hasSize(1);
        assertThat(watch.settledIn("b")).isEmpty();
    }

    private static Outcome outcome(String what) {
        return new Outcome(new PassId("wave", 1), PAIR.pair(), new FolderId("inbox"), "copy", what, 5, 500, null);
    }
}
