package io.carryall.core.register;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.item.SourceItem;
import io.carryall.core.migration.ItemFilter;
import io.carryall.core.port.Items.Done;
import io.carryall.core.port.Items.Facts;
import io.carryall.core.port.Items.Failed;
import io.carryall.core.port.Items.How;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class RegisterTest {
    private static final PassId NOW = new PassId("m", 3);
    private static final PassId BEFORE = new PassId("m", 2);

    @Test
    void what_has_no_facts_is_copied_in_the_order_of_the_page() {
        List<SourceItem> page = List.of(item(1, 10), item(2, 20), item(3, 30));
        Register register = Register.of(page, Map.of(), ItemFilter.EVERYTHING, NOW);
        assertThat(register.toCopy()).isEqualTo(new Register.Part<>(page, 60));
    }

    @Test
    void what_is_done_is_not_copied_again_whatever_else_is_said_of_it() {
        Register register = Register.of(List.of(item(1, 10)), Map.of(1L, new Facts(done(1), List.of(failed(1, BEFORE, Reason.QUOTA)))), new ItemFilter(null, null, 5L), NOW);
        assertThat(register.alreadyThere()).isEqualTo(new Register.Part<>(1, 10));
        assertThat(register.toCopy().items()).isEmpty();
    }

    @Test
    void what_the_filter_leaves_out_is_excluded_also_when_it_failed_before() {
        Map<Long, Facts> facts = Map.of(2L, new Facts(null, List.of(failed(2, BEFORE, Reason.TOO_LARGE))));
        Register register = Register.of(List.of(item(1, 10), item(2, 10)), facts, new ItemFilter(null, null, 5L), NOW);
        assertThat(register.excluded()).isEqualTo(new Register.Part<>(2, 20));
        assertThat(register.failed().items()).isZero();
    }

    @Test
    void a_failure_that_another_pass_may_mend_is_tried_again_and_one_of_this_pass_is_not() {
        Map<Long, Facts> facts = Map.of(
                1L, new Facts(null, List.of(failed(1, BEFORE, Reason.QUOTA))),
                2L, new Facts(null, List.of(failed(2, NOW, Reason.QUOTA))),
                3L, new Facts(null, List.of(failed(3, BEFORE, Reason.TOO_LARGE))));
        Register register = Register.of(List.of(item(1, 10), item(2, 10), item(3, 10)), facts, ItemFilter.EVERYTHING, NOW);
        assertThat(register.toCopy().items()).extracting(SourceItem::uid).containsExactly(1L);
        assertThat(register.failed().items()).isEqualTo(2);
    }

    @Test
    void an_item_without_a_date_is_never_left_out_for_its_date() {
        SourceItem undated = new SourceItem(1, 10, SourceItem.NO_DATE);
        Register register = Register.of(List.of(undated), Map.of(), new ItemFilter(Instant.parse("2024-01-01T00:00:00Z"), null, null), NOW);
        assertThat(register.toCopy().items()).containsExactly(undated);
    }

    private static SourceItem item(long uid, long bytes) {
        return new SourceItem(uid, bytes, 1_600_000_000);
    }

    private static Done done(long uid) {
        return new Done(uid, BEFORE, How.COPIED, null, null, 0, 0, Set.of(), Set.of());
    }

    private static Failed failed(long uid, PassId pass, Reason reason) {
        return new Failed(uid, pass, reason, "", reason.retryable(), null, 10);
    }
}
