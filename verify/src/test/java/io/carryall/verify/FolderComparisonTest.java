package io.carryall.verify;

import static io.carryall.verify.Example.bare;
import static io.carryall.verify.Example.compare;
import static io.carryall.verify.Example.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.verify.Example.Said;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FolderComparisonTest {
    private static final Example A = message("a");
    private static final Example B = message("b");
    private static final Example C = message("c");

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void the_same_messages_in_another_order_match(boolean bodies) {
        assertThat(compare(List.of(A, B, C), List.of(C, A, B), bodies)).isEqualTo(Said.NOTHING);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void two_empty_folders_match(boolean bodies) {
        assertThat(compare(List.of(), List.of(), bodies)).isEqualTo(Said.NOTHING);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void what_the_target_lacks_is_missing(boolean bodies) {
        assertThat(compare(List.of(A, B, C), List.of(A, C), bodies)).isEqualTo(new Said(List.of(2L), List.of(), List.of(), List.of()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everything_is_missing_from_an_empty_target(boolean bodies) {
        assertThat(compare(List.of(A, B), List.of(), bodies)).isEqualTo(new Said(List.of(1L, 2L), List.of(), List.of(), List.of()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void what_only_the_target_has_is_extra(boolean bodies) {
        assertThat(compare(List.of(A), List.of(A, B), bodies)).isEqualTo(new Said(List.of(), List.of(), List.of(), List.of(2L)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_second_copy_is_doubled(boolean bodies) {
        assertThat(compare(List.of(A, B), List.of(A, B, A), bodies)).isEqualTo(new Said(List.of(), List.of(3L), List.of(), List.of()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_second_copy_with_another_date_and_other_flags_is_doubled_too(boolean bodies) {
        assertThat(compare(List.of(A), List.of(A.later(60).withFlags(), A), bodies)).isEqualTo(new Said(List.of(), List.of(1L), List.of(), List.of()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void true_duplicates_stay_two(boolean bodies) {
        assertThat(compare(List.of(A, A), List.of(A, A), bodies)).isEqualTo(Said.NOTHING);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void of_true_duplicates_one_can_be_missing(boolean bodies) {
        assertThat(compare(List.of(A, A), List.of(A), bodies)).isEqualTo(new Said(List.of(2L), List.of(), List.of(), List.of()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void three_of_what_the_source_has_twice_is_one_doubled(boolean bodies) {
        assertThat(compare(List.of(A, A), List.of(A, A, A), bodies)).isEqualTo(new Said(List.of(), List.of(3L), List.of(), List.of()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void one_missing_and_another_doubled_are_both_told(boolean bodies) {
        assertThat(compare(List.of(A, B), List.of(A, A), bodies)).isEqualTo(new Said(List.of(2L), List.of(2L), List.of(), List.of()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void another_body_under_the_same_message_id_is_different_by_its_bytes(boolean bodies) {
        assertThat(compare(List.of(A, B), List.of(A.body("somebody wrote this anew"), B), bodies)).isEqualTo(new Said(List.of(), List.of(), List.of("1 BYTES"), List.of()));
    }

    @Test
    void a_body_of_the_same_length_is_seen_only_with_bodies() {
        Example forged = A.body("body of z");
        assertThat(compare(List.of(A), List.of(forged), false)).isEqualTo(Said.NOTHING);
        assertThat(compare(List.of(A), List.of(forged), true)).isEqualTo(new Said(List.of(), List.of(), List.of("1 BYTES"), List.of()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void an_altered_copy_beside_the_right_one_is_extra(boolean bodies) {
        assertThat(compare(List.of(A), List.of(A, A.body("something else altogether")), bodies)).isEqualTo(new Said(List.of(), List.of(), List.of(), List.of(2L)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void other_flags_differ(boolean bodies) {
        assertThat(compare(List.of(A, B), List.of(A.withFlags("\\Seen", "\\Flagged"), B), bodies)).isEqualTo(new Said(List.of(), List.of(), List.of("1 FLAGS"), List.of()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void flags_differ_neither_by_case_nor_by_recent(boolean bodies) {
        assertThat(compare(List.of(A.withFlags("\\Seen", "$Forwarded", "\\Recent")), List.of(A.withFlags("$forwarded", "\\seen")), bodies)).isEqualTo(Said.NOTHING);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void another_date_differs_from_a_second_on(boolean bodies) {
        assertThat(compare(List.of(A, B), List.of(A.later(1), B), bodies)).isEqualTo(new Said(List.of(), List.of(), List.of("1 DATE"), List.of()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_message_without_a_readable_date_has_no_wrong_one(boolean bodies) {
        assertThat(compare(List.of(A.undated(), bare("x").undated()), List.of(A, bare("x")), bodies)).isEqualTo(Said.NOTHING);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void one_message_may_differ_in_several_aspects(boolean bodies) {
        assertThat(compare(List.of(A), List.of(A.body("altered, and longer").withFlags().later(5)), bodies).different()).containsExactly("1 BYTES", "1 FLAGS", "1 DATE");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void of_two_copies_the_one_with_the_right_flags_is_the_message(boolean bodies) {
        assertThat(compare(List.of(A), List.of(A.withFlags(), A), bodies)).isEqualTo(new Said(List.of(), List.of(1L), List.of(), List.of()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void line_ends_that_a_server_made_canonical_are_no_difference(boolean bodies) {
        assertThat(compare(List.of(A.bareLineFeeds(), B), List.of(A, B), bodies)).isEqualTo(Said.NOTHING);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_copy_with_other_line_ends_is_doubled(boolean bodies) {
        assertThat(compare(List.of(A), List.of(A, A.bareLineFeeds()), bodies)).isEqualTo(new Said(List.of(), List.of(2L), List.of(), List.of()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void messages_without_headers_are_told_apart(boolean bodies) {
        assertThat(compare(List.of(bare("one"), bare("four"), bare("seven").later(7)), List.of(bare("seven").later(7), bare("one"), bare("four")), bodies)).isEqualTo(Said.NOTHING);
        assertThat(compare(List.of(bare("one"), bare("four").later(3)), List.of(bare("one")), bodies)).isEqualTo(new Said(List.of(2L), List.of(), List.of(), List.of()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void messages_without_headers_of_the_same_size_and_other_dates_are_not_each_other(boolean bodies) {
        assertThat(compare(List.of(bare("one")), List.of(bare("two").later(9)), bodies)).isEqualTo(new Said(List.of(1L), List.of(), List.of(), List.of(1L)));
        assertThat(compare(List.of(bare("one")), List.of(bare("one").later(9)), bodies)).isEqualTo(new Said(List.of(), List.of(), List.of("1 DATE"), List.of()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void what_the_filter_leaves_out_is_not_missing(boolean bodies) {
        assertThat(compare(List.of(A, B.leftOut()), List.of(A), bodies)).isEqualTo(Said.NOTHING);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void what_the_filter_leaves_out_and_the_target_has_is_neither_extra_nor_different(boolean bodies) {
        assertThat(compare(List.of(A, B.leftOut()), List.of(A, B.withFlags()), bodies)).isEqualTo(Said.NOTHING);
    }

    @Test
    void a_matching_folder_leaves_no_doubt() {
        FlagSets flagSets = new FlagSets();
        FolderComparison comparison = FolderComparison.compare(Example.entries(flagSets, List.of(A, B)), Example.entries(flagSets, List.of(A, B)), false);
        assertThat(comparison.doubtfulSource().isEmpty() && comparison.doubtfulTarget().isEmpty()).isTrue();
    }

    @Test
    void only_what_could_be_each_other_is_doubtful() {
        FlagSets flagSets = new FlagSets();
        Entries source = Example.entries(flagSets, List.of(A.bareLineFeeds(), B.later(1), C.later(2)));
        Entries target = Example.entries(flagSets, List.of(C.later(2), A, message("other").later(3)));
        FolderComparison comparison = FolderComparison.compare(source, target, false);
        assertThat(comparison.doubtfulSource().stream()).containsExactly(0);
        assertThat(comparison.doubtfulTarget().stream()).containsExactly(1);
    }

    @Test
    void keywords_that_the_target_cannot_store_are_taken_out_of_the_question() {
        FlagSets flagSets = new FlagSets();
        int asked = flagSets.id(java.util.Set.of("\\Seen", "$MDNSent", "Holiday"));
        int stored = flagSets.id(java.util.Set.of("\\Seen", "$MDNSent"));
        assertThat(flagSets.lacksKeyword(stored, asked)).isTrue();
        assertThat(flagSets.storable(asked, "$mdnsent"::equals)).isEqualTo(stored);
    }
}
