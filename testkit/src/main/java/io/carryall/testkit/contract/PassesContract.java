package io.carryall.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import io.carryall.core.item.PairId;
import io.carryall.core.port.Passes.PassPair;
import io.carryall.core.port.Passes;

/** What every ledger promises of {@link Passes}: what a pass was created with, the states it goes through, its pairs and their ends. */
public interface PassesContract extends TestedLedger {
    @Test
    default void a_pass_is_created_once_and_keeps_what_it_was_created_with() {
        Names names = new Names();
        Instant started = Instant.parse("2026-01-02T03:04:05.678Z");

        assertThat(ledger().passes().create(names.pass(1), "{\"a\":\"ä\"}", true, started)).isTrue();
        assertThat(anotherLedger().passes().create(names.pass(1), "{}", false, started.plusSeconds(9))).isFalse();

        assertThat(anotherLedger().passes().get(names.pass(1))).contains(new Passes.Pass(names.pass(1), Passes.PassState.RUNNING, "{\"a\":\"ä\"}", true, started));
        assertThat(ledger().passes().get(names.pass(2))).isEmpty();
    }

    @Test
    default void the_newest_pass_is_the_one_with_the_highest_number() {
        Names names = new Names();
        assertThat(ledger().passes().newest(names.migration())).isEmpty();
        for (int number : new int[] {1, 2, 9, 10}) {
            ledger().passes().create(names.pass(number), "{}", number == 1, Instant.EPOCH);
        }

        assertThat(ledger().passes().newest(names.migration()).orElseThrow().id()).isEqualTo(names.pass(10));
        assertThat(ledger().passes().migrations()).contains(names.migration());
    }

    @Test
    default void a_pass_moves_only_from_the_state_it_is_in() {
        Names names = new Names();
        ledger().passes().create(names.pass(1), "{}", true, Instant.EPOCH);

        assertThat(ledger().passes().move(names.pass(1), Passes.PassState.RUNNING, Passes.PassState.PAUSED)).isTrue();
        assertThat(anotherLedger().passes().move(names.pass(1), Passes.PassState.RUNNING, Passes.PassState.ENDED)).isFalse();

        assertThat(ledger().passes().get(names.pass(1)).orElseThrow().state()).isEqualTo(Passes.PassState.PAUSED);
        assertThat(ledger().passes().move(names.pass(2), Passes.PassState.RUNNING, Passes.PassState.ENDED)).as("a pass that is not there").isFalse();
    }

    @Test
    default void a_pass_has_the_pairs_that_were_put_however_often() {
        Names names = new Names();
        List<Passes.PassPair> pairs = IntStream.range(0, 300).mapToObj(i -> new Passes.PassPair(new PairId(names.pair().value() + i), 1 + i % 3, i % 2 == 0, "a" + i + "@old.example", "a" + i + "@new.example",
                i % 5 == 0 ? "login" + i : null, null, i % 2 == 0 ? "env:SOURCE_" + i : null, null)).toList();

        ledger().passes().putPairs(names.pass(1), pairs);
        ledger().passes().putPairs(names.pass(1), pairs.subList(0, 10));

        List<Passes.PassPair> found = new ArrayList<>();
        anotherLedger().passes().forEachPair(names.pass(1), found::add);
        assertThat(found).containsExactlyInAnyOrderElementsOf(pairs);
        assertThat(ledger().passes().pair(names.pass(1), pairs.get(7).pair())).contains(pairs.get(7));
        assertThat(ledger().passes().pair(names.pass(2), pairs.get(7).pair())).isEmpty();
    }

    @Test
    default void the_end_of_a_pair_is_overwritten_when_it_ends_again() {
        Names names = new Names();
        assertThat(ledger().passes().pairEnd(names.pass(1), names.pair())).isEmpty();

        ledger().passes().pairEnded(names.pass(1), names.pair(), "{\"state\":\"failed\"}");
        ledger().passes().pairEnded(names.pass(1), names.pair(), "{\"state\":\"finished\"}");

        assertThat(anotherLedger().passes().pairEnd(names.pass(1), names.pair())).contains("{\"state\":\"finished\"}");
    }
}
