package io.carryall.core.rekey;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.item.Fingerprint;
import io.carryall.core.item.Fingerprinter;
import io.carryall.core.item.PassId;
import io.carryall.core.item.SourceItem;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Items.Done;
import io.carryall.core.port.Items.How;
import io.carryall.core.rekey.Rekey.Match;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class RekeyTest {
    private static final PassId THEN = new PassId("acme", 1);
    private static final PassId NOW = new PassId("acme", 2);
    private static final TargetFolder TARGET = new TargetFolder("new/ann", "INBOX");
    private static final String NO_HEADERS = Fingerprinter.ofHeaderLines(new byte[0], 0).fingerprint().headers();

    private final Rekey rekey = new Rekey();

    @Test
    void an_item_is_recognised_by_size_date_and_headers_and_inherits_where_it_went() {
        Done former = done(17, "a", 700);
        rekey.former(0, former);

        Match match = rekey.item(item(1, "a"), "h-a").orElseThrow();

        assertThat(match.state()).isZero();
        assertThat(match.formerUid()).isEqualTo(17);
        assertThat(match.heirOf(former, NOW)).contains(new Done(1, NOW, How.REKEYED, former.fingerprint(), TARGET, 9, 700, Set.of("\\Seen"), Set.of()));
        assertThat(rekey.recognised()).isEqualTo(1);
        assertThat(rekey.unknown()).isZero();
    }

    @Test
    void of_equal_items_as_many_are_recognised_as_were_done_in_their_order() {
        rekey.former(0, done(5, "a", 700));
        rekey.former(0, done(6, "a", 701));

        assertThat(rekey.item(item(1, "a"), "h-a").orElseThrow().formerUid()).isEqualTo(5);
        assertThat(rekey.item(item(2, "a"), "h-a").orElseThrow().formerUid()).isEqualTo(6);
        assertThat(rekey.item(item(3, "a"), "h-a")).isEmpty();
        assertThat(rekey.doubtful()).isEmpty();
        assertThat(rekey.recognised()).isEqualTo(2);
        assertThat(rekey.unknown()).isEqualTo(1);
    }

    @Test
    void what_an_attempt_before_inherited_is_not_inherited_again() {
        rekey.already(heir(1, "a", 700));
        rekey.former(0, done(5, "a", 700));
        rekey.former(0, done(6, "a", 701));

        assertThat(rekey.item(item(1, "a"), "h-a")).isEmpty();
        assertThat(rekey.item(item(2, "a"), "h-a").orElseThrow().formerUid()).isEqualTo(6);
        assertThat(rekey.item(item(3, "a"), "h-a")).isEmpty();
        assertThat(rekey.recognised()).isEqualTo(2);
    }

    @Test
    void a_copy_that_two_facts_name_is_passed_on_once() {
        rekey.former(0, done(5, "a", 700));
        rekey.former(0, done(6, "a", 700));

        assertThat(rekey.item(item(1, "a"), "h-a").orElseThrow().formerUid()).isEqualTo(5);
        assertThat(rekey.item(item(2, "a"), "h-a")).as("there is one copy of the two").isEmpty();
    }

    @Test
    void the_same_holds_where_the_target_tells_no_uids() {
        rekey.already(heir(1, "a", 0));
        rekey.already(heir(2, "a", 0));
        rekey.former(0, done(5, "a", 0));
        rekey.former(0, done(6, "a", 0));
        rekey.former(0, done(7, "a", 0));

        assertThat(rekey.item(item(3, "a"), "h-a").orElseThrow().formerUid()).isEqualTo(7);
        assertThat(rekey.item(item(4, "a"), "h-a")).isEmpty();
    }

    @Test
    @Timeout(60)
    void as_many_of_one_and_the_same_message_as_a_folder_holds_are_counted_in_no_time() {
        int many = 300_000;
        for (int uid = 1; uid <= many; uid++) {
            rekey.former(0, done(uid, "a", 0));
        }

        for (int uid = 1; uid <= many; uid++) {
            assertThat(rekey.item(item(uid, "a"), "h-a")).isPresent();
        }
        assertThat(rekey.item(item(many + 1, "a"), "h-a")).isEmpty();
    }

    @Test
    void what_passed_from_one_former_state_to_the_next_counts_once_and_older_states_know_what_was_away_meanwhile() {
        rekey.former(0, heir(1, "a", 700));
        rekey.former(1, done(5, "a", 700));
        rekey.former(1, done(6, "b", 701));

        assertThat(rekey.item(item(11, "a"), "h-a").orElseThrow()).satisfies(match -> assertThat(match.state()).isZero());
        assertThat(rekey.item(item(12, "a"), "h-a")).isEmpty();
        assertThat(rekey.item(item(13, "b"), "h-b").orElseThrow()).satisfies(match -> {
            assertThat(match.state()).isEqualTo(1);
            assertThat(match.formerUid()).isEqualTo(6);
        });
    }

    @Test
    void a_state_without_facts_between_two_others_is_counted() {
        rekey.former(2, done(5, "a", 700));
        assertThat(rekey.item(item(11, "a"), "h-a").orElseThrow().state()).isEqualTo(2);
    }

    @Test
    void where_size_or_date_differ_contents_decide() {
        rekey.former(0, done(5, "a", 700));
        rekey.former(0, done(6, "b", 701));
        SourceItem restored = new SourceItem(1, 99, 88);
        SourceItem edited = new SourceItem(2, 98, 88);
        SourceItem stranger = item(3, "c");

        assertThat(rekey.item(restored, "h-a")).isEmpty();
        assertThat(rekey.item(edited, "h-b")).isEmpty();
        assertThat(rekey.item(stranger, "h-c")).isEmpty();
        assertThat(rekey.doubtful()).containsExactly(restored, edited);
        assertThat(rekey.content(restored, "c-a").orElseThrow().heirOf(done(5, "a", 700), NOW)).isPresent();
        assertThat(rekey.content(edited, "c-other")).isEmpty();
        assertThat(rekey.recognised()).isEqualTo(1);
        assertThat(rekey.unknown()).isEqualTo(2);
    }

    @Test
    void messages_without_identifying_headers_are_recognised_by_their_contents_alone() {
        Done bare = new Done(5, THEN, How.COPIED, new Fingerprint(10, 20, NO_HEADERS, "c-x"), TARGET, 9, 700, Set.of(), Set.of());
        rekey.former(0, bare);
        SourceItem same = new SourceItem(1, 10, 20);

        assertThat(rekey.item(same, NO_HEADERS)).isEmpty();
        assertThat(rekey.doubtful()).containsExactly(same);
        assertThat(rekey.content(same, "c-y")).isEmpty();
        assertThat(rekey.content(same, "c-x").orElseThrow().heirOf(bare, NOW)).isPresent();
    }

    @Test
    void a_match_that_the_fact_itself_does_not_bear_out_is_none() {
        rekey.former(0, done(5, "a", 700));
        Match match = rekey.item(item(1, "a"), "h-a").orElseThrow();

        assertThat(match.heirOf(done(5, "b", 700), NOW)).isEmpty();
        rekey.misled();
        assertThat(rekey.recognised()).isZero();
        assertThat(rekey.unknown()).isEqualTo(1);
    }

    @Test
    void a_large_folder_is_recognised_whole() {
        int many = 200_000;
        for (int i = 1; i <= many; i++) {
            rekey.former(0, done(i, "m" + i, i));
        }
        long inOrder = 0;
        for (int i = 1; i <= many; i++) {
            Optional<Match> match = rekey.item(item(i + 7, "m" + i), "h-m" + i);
            inOrder += match.isPresent() && match.get().formerUid() == i ? 1 : 0;
        }
        assertThat(inOrder).isEqualTo(many);
    }

    private static Done done(long uid, String what, long targetUid) {
        return new Done(uid, THEN, How.COPIED, print(what), TARGET, 9, targetUid, Set.of("\\Seen"), Set.of());
    }

    private static Done heir(long uid, String what, long targetUid) {
        return new Done(uid, THEN, How.REKEYED, print(what), TARGET, 9, targetUid, Set.of(), Set.of());
    }

    private static Fingerprint print(String what) {
        SourceItem item = item(1, what);
        return new Fingerprint(item.sizeBytes(), item.dateEpochSecond(), "h-" + what, "c-" + what);
    }

    private static SourceItem item(long uid, String what) {
        return new SourceItem(uid, 100 + what.hashCode(), 1_700_000_000L);
    }
}
