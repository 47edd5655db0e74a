package io.carryall.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class OffsetWindowTest {
    private final OffsetWindow window = new OffsetWindow();

    @Test
    void nothing_is_committed_before_the_first_record_is_finished() {
        OffsetWindow.Entry first = window.delivered(40);
        OffsetWindow.Entry second = window.delivered(41);
        window.finish(second);
        assertThat(window.toCommit()).isEqualTo(-1);
        window.finish(first);
        assertThat(window.toCommit()).isEqualTo(42);
        assertThat(window.size()).isZero();
    }

    @Test
    void offsets_that_a_partition_leaves_out_do_not_hold_it_up() {
        OffsetWindow.Entry first = window.delivered(40);
        OffsetWindow.Entry second = window.delivered(47);
        window.finish(first);
        assertThat(window.toCommit()).isEqualTo(41);
        window.finish(second);
        assertThat(window.toCommit()).isEqualTo(48);
    }

    @Test
    void what_is_committed_is_not_committed_again() {
        window.finish(window.delivered(0));
        window.committed(1);
        assertThat(window.toCommit()).isEqualTo(-1);
    }

    @Test
    void finishing_twice_counts_once() {
        OffsetWindow.Entry entry = window.delivered(0);
        assertThat(window.finish(entry)).isTrue();
        assertThat(window.finish(entry)).isFalse();
    }

    @Test
    void after_the_partition_moved_an_acknowledgement_means_nothing() {
        OffsetWindow.Entry entry = window.delivered(0);
        window.close();
        window.finish(entry);
        assertThat(window.toCommit()).isEqualTo(-1);
    }
}
