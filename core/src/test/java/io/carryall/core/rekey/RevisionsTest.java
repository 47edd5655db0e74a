package io.carryall.core.rekey;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.item.SourceItem;
import io.carryall.core.rekey.Revisions.Draft;
import io.carryall.core.rekey.Revisions.Revision;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class RevisionsTest {

    @Test
    void a_draft_with_the_message_id_of_one_that_is_done_and_gone_is_its_revision() {
        assertThat(Revisions.of(List.of(draft(9, "<a>")), Map.of(5L, "<a>"), Set.of(5L)::contains, Set.of(9L)::contains)).containsExactly(new Revision(draft(9, "<a>"), 5));
    }

    @Test
    void where_both_are_present_the_new_one_is_an_item_of_its_own() {
        assertThat(Revisions.of(List.of(draft(9, "<a>")), Map.of(5L, "<a>"), Set.of(5L)::contains, Set.of(5L, 9L)::contains)).isEmpty();
    }

    @Test
    void one_that_was_never_copied_has_no_revisions() {
        assertThat(Revisions.of(List.of(draft(9, "<a>")), Map.of(5L, "<a>", 6L, "<b>"), Set.of(6L)::contains, Set.of(9L)::contains)).isEmpty();
    }

    @Test
    void the_newest_state_that_is_known_decides() {
        Map<Long, String> noted = Map.of(5L, "<a>", 9L, "<a>");
        assertThat(Revisions.of(List.of(draft(12, "<a>")), noted, Set.of(5L, 9L)::contains, Set.of(12L)::contains)).containsExactly(new Revision(draft(12, "<a>"), 9));
        assertThat(Revisions.of(List.of(draft(12, "<a>")), noted, Set.of(5L, 9L)::contains, Set.of(9L, 12L)::contains)).isEmpty();
    }

    @Test
    void of_two_new_ones_one_is_the_revision() {
        assertThat(Revisions.of(List.of(draft(12, "<a>"), draft(9, "<a>")), Map.of(5L, "<a>"), Set.of(5L)::contains, Set.of(9L, 12L)::contains)).containsExactly(new Revision(draft(9, "<a>"), 5));
    }

    private static Draft draft(long uid, String messageId) {
        return new Draft(new SourceItem(uid, 10, 20), messageId, "h");
    }
}
