package io.carryall.core.flags;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.flags.FlagTurn.Flagged;
import io.carryall.core.flags.FlagTurn.Settled;
import io.carryall.core.flags.FlagTurn.Step;
import io.carryall.core.flags.FlagTurn.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class FlagTurnTest {
    private static final List<String> ALL = List.of("\\Seen", "\\Flagged", "Work");

    private FlagBase base = FlagBase.copied(Set.of(), Set.of());
    private FlagSet target = FlagSet.NONE;
    private long modSeq = 1;

    @Test
    void a_change_of_the_source_arrives() {
        Settled settled = carry("\\Seen");

        assertThat(target).isEqualTo(FlagSet.of("\\Seen"));
        assertThat(settled.carried()).isTrue();
        assertThat(settled.base().source()).isEqualTo(FlagSet.of("\\Seen"));
    }

    @Test
    void what_is_taken_away_on_the_source_is_taken_away_on_the_target() {
        carry("\\Seen", "Work");
        carry("Work");

        assertThat(target).isEqualTo(FlagSet.of("Work"));
    }

    @Test
    void what_the_target_s_user_changed_stays() {
        carry("\\Seen");
        user("\\Flagged");

        carry("\\Seen", "Work");

        assertThat(target).as("Seen was taken away, Flagged was set").isEqualTo(FlagSet.of("\\Flagged", "Work"));
    }

    @Test
    void a_change_that_both_made_belongs_to_the_target_s_user() {
        user("\\Seen");
        carry("\\Seen");

        carry();

        assertThat(target).isEqualTo(FlagSet.of("\\Seen"));
    }

    @Test
    void a_flag_that_the_user_took_away_is_not_set_again_however_often_the_source_changes() {
        carry("\\Seen");
        user();
        carry();
        carry("\\Seen");

        assertThat(target).isEqualTo(FlagSet.NONE);
    }

    @Test
    void a_flag_is_the_same_in_another_spelling_also_where_it_is_the_only_one() {
        assertThat(FlagSet.of("$Label").minus(FlagSet.of("$label"))).isEqualTo(FlagSet.NONE);
        base = new FlagBase(FlagSet.of("$Label"), FlagSet.of("$label"), FlagSet.of("$label"));
        target = FlagSet.of("$label");

        carry();
        carry("$Label");

        assertThat(target).as("taken away and set again by us, and not by the user").isEqualTo(FlagSet.of("$label"));
    }

    @Test
    void nothing_is_done_where_nothing_changed() {
        carry("\\Seen");

        Settled again = carry("\\seen", "\\Recent");

        assertThat(again.carried()).isFalse();
        assertThat(again.base()).isEqualTo(base);
    }

    @Test
    void what_was_stored_before_a_crash_is_ours_and_not_the_user_s() {
        base = ((Store) turn("\\Seen").meets(now(), flag -> true)).base();
        target = FlagSet.of("\\Seen");
        modSeq++;

        carry("\\Seen");
        carry();

        assertThat(target).isEqualTo(FlagSet.NONE);
    }

    @Test
    void what_was_stored_before_a_crash_is_taken_back_where_the_source_took_it_back_meanwhile() {
        base = ((Store) turn("\\Seen").meets(now(), flag -> true)).base();
        target = FlagSet.of("\\Seen");
        modSeq++;

        carry();

        assertThat(target).isEqualTo(FlagSet.NONE);
    }

    @Test
    void what_was_noted_and_not_stored_before_a_crash_is_stored() {
        base = ((Store) turn("\\Seen").meets(now(), flag -> true)).base();

        assertThat(carry("\\Seen").carried()).isTrue();
        assertThat(target).isEqualTo(FlagSet.of("\\Seen"));
    }

    @Test
    void a_change_of_the_user_between_look_and_store_is_met_by_the_next_look() {
        FlagTurn turn = turn("\\Seen", "Work");
        assertThat(turn.meets(now(), flag -> true)).isInstanceOf(Store.class);
        user("\\Seen");

        Store again = (Store) turn.meets(now(), flag -> true);

        assertThat(again.add()).isEqualTo(FlagSet.of("Work"));
    }

    @Test
    void what_the_target_does_not_hold_is_told_and_not_tried_again() {
        FlagTurn turn = turn("\\Seen", "Work");
        Store store = (Store) turn.meets(now(), flag -> flag.startsWith("\\"));
        target = store.add();
        modSeq++;
        Settled settled = (Settled) turn.meets(now(), flag -> flag.startsWith("\\"));

        assertThat(store.add()).isEqualTo(FlagSet.of("\\Seen"));
        assertThat(settled.refused()).isEqualTo(FlagSet.of("Work"));
        assertThat(new FlagTurn(settled.base(), FlagSet.of("\\Seen", "Work")).meets(now(), flag -> true)).isInstanceOf(Settled.class);
    }

    @Test
    void a_server_that_says_yes_and_stores_nothing_is_not_asked_for_ever() {
        FlagTurn turn = turn("Work");
        turn.meets(now(), flag -> true);

        Settled settled = (Settled) turn.meets(now(), flag -> true);

        assertThat(settled.refused()).isEqualTo(FlagSet.of("Work"));
        assertThat(settled.carried()).isFalse();
    }

    @Test
    void of_an_item_that_somebody_else_copied_both_sides_are_taken_as_they_are_and_later_changes_are_carried() {
        base = null;
        target = FlagSet.of("\\Flagged");

        carry("\\Seen");
        assertThat(target).isEqualTo(FlagSet.of("\\Flagged"));

        carry("Work");
        assertThat(target).isEqualTo(FlagSet.of("\\Flagged", "Work"));
    }

    /** Against a model: per flag, the target has what the source had last; what its user changed, and did not change back, stays. */
    @Test
    void whatever_happens_in_whatever_order_no_change_of_the_user_is_lost_and_every_other_arrives() {
        for (int seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            base = FlagBase.copied(Set.of(), Set.of());
            target = FlagSet.NONE;
            Set<String> users = new TreeSet<>();
            Set<String> touched = new TreeSet<>();
            FlagSet source = FlagSet.NONE;
            for (int i = 0; i < 12; i++) {
                String flag = ALL.get(random.nextInt(ALL.size()));
                switch (random.nextInt(4)) {
                    case 0 -> source = source.with(flag, !source.has(flag));
                    case 1 -> {
                        user(target.with(flag, !target.has(flag)).names().toArray(String[]::new));
                        touched.add(flag);
                        if (!users.add(flag)) {
                            users.remove(flag);
                        }
                    }
                    case 2 -> crash(source);
                    default -> carry(source.names().toArray(String[]::new));
                }
                FlagSet before = target;
                List<String> kept = new ArrayList<>(users);
                carry(source.names().toArray(String[]::new));
                for (String each : kept) {
                    assertThat(target.has(each)).as("seed %s: %s is the user's", seed, each).isEqualTo(before.has(each));
                }
                for (String each : ALL) {
                    if (!touched.contains(each)) {
                        assertThat(target.has(each)).as("seed %s: %s follows the source", seed, each).isEqualTo(source.has(each));
                    }
                }
            }
        }
    }

    /** Between noting and storing, or between storing and noting what came of it. */
    private void crash(FlagSet source) {
        Step step = new FlagTurn(base, source).meets(now(), flag -> true);
        if (step instanceof Store store) {
            base = store.base();
            if (modSeq % 2 == 0) {
                target = target.plus(store.add()).minus(store.remove());
            }
            modSeq++;
        }
    }

    private Flagged now() {
        return new Flagged(target, modSeq);
    }

    private FlagTurn turn(String... source) {
        return new FlagTurn(base, FlagSet.of(source));
    }

    private void user(String... flags) {
        target = FlagSet.of(flags);
        modSeq++;
    }

    private Settled carry(String... source) {
        FlagTurn turn = turn(source);
        Step step = turn.meets(now(), flag -> true);
        while (step instanceof Store store) {
            target = target.plus(store.add()).minus(store.remove());
            modSeq++;
            step = turn.meets(now(), flag -> true);
        }
        base = ((Settled) step).base();
        return (Settled) step;
    }
}
