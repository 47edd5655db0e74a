package io.carryall.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.junit.jupiter.api.Test;

import io.carryall.core.item.PairId;
import io.carryall.core.item.PairName;
import io.carryall.core.port.Pairs;

/** What every ledger promises of {@link Pairs}: one id for a pair whoever asks, its name, its generation, and which passes it completed. */
public interface PairsContract extends TestedLedger {
    @Test
    default void the_next_generation_of_a_pair_is_begun_by_one_alone_and_stays() throws Exception {
        Names names = new Names();
        Pairs.Pair pair = ledger().pairs().named(names.pairName());

        List<Boolean> begun = Names.atOnce(8, i -> (i % 2 == 0 ? ledger() : anotherLedger()).pairs().nextGeneration(pair.id(), 1));

        assertThat(begun).containsOnlyOnce(true);
        assertThat(ledger().pairs().named(names.pairName())).isEqualTo(new Pairs.Pair(pair.id(), pair.name(), 2));
        assertThat(anotherLedger().pairs().nextGeneration(pair.id(), 2)).isTrue();
        assertThat(anotherLedger().pairs().get(pair.id())).contains(new Pairs.Pair(pair.id(), pair.name(), 3));
        assertThat(ledger().pairs().nextGeneration(new PairId("nobody"), 1)).isFalse();
    }

    @Test
    default void a_renamed_pair_keeps_its_id_and_its_former_name_is_free() {
        Pairs.Pair pair = ledger().pairs().named(new Names().pairName());
        ledger().pairs().nextGeneration(pair.id(), 1);
        PairName next = new Names().pairName();

        assertThat(ledger().pairs().rename(pair.id(), pair.name(), next)).isTrue();
        assertThat(anotherLedger().pairs().rename(pair.id(), pair.name(), next)).isTrue();

        assertThat(anotherLedger().pairs().named(next)).isEqualTo(new Pairs.Pair(pair.id(), next, 2));
        assertThat(ledger().pairs().get(pair.id())).contains(new Pairs.Pair(pair.id(), next, 2));
        assertThat(ledger().pairs().find(pair.name())).isEmpty();
        assertThat(ledger().pairs().named(pair.name()).id()).isNotEqualTo(pair.id());
    }

    @Test
    default void a_pair_is_not_given_the_name_of_another_one() {
        Pairs.Pair pair = ledger().pairs().named(new Names().pairName());
        Pairs.Pair other = ledger().pairs().named(new Names().pairName());

        assertThat(ledger().pairs().rename(pair.id(), pair.name(), other.name())).isFalse();

        assertThat(anotherLedger().pairs().find(pair.name())).contains(pair);
        assertThat(anotherLedger().pairs().find(other.name())).contains(other);
    }

    @Test
    default void a_pair_that_is_new_gets_the_id_that_is_wanted_unless_it_is_anothers() {
        PairName name = new Names().pairName();
        PairId wanted = new PairId("w" + Long.toString(System.nanoTime(), Character.MAX_RADIX));

        assertThat(ledger().pairs().named(name, wanted)).isEqualTo(new Pairs.Pair(wanted, name, 1));

        assertThat(anotherLedger().pairs().named(name, new PairId("other"))).isEqualTo(new Pairs.Pair(wanted, name, 1));
        Pairs.Pair next = anotherLedger().pairs().named(new Names().pairName(), wanted);
        assertThat(next.id()).isNotEqualTo(wanted);
        assertThat(ledger().pairs().get(wanted)).contains(new Pairs.Pair(wanted, name, 1));
        assertThat(ledger().pairs().get(next.id())).contains(next);
    }

    @Test
    default void every_pair_is_walked_over_once_with_the_name_and_the_generation_that_it_has_now() {
        Pairs.Pair pair = ledger().pairs().named(new Names().pairName());
        Pairs.Pair other = ledger().pairs().named(new Names().pairName());
        PairName next = new Names().pairName();
        ledger().pairs().nextGeneration(pair.id(), 1);
        ledger().pairs().rename(pair.id(), pair.name(), next);

        List<Pairs.Pair> walked = new ArrayList<>();
        anotherLedger().pairs().forEach(walked::add);

        assertThat(walked).doesNotHaveDuplicates().contains(other, new Pairs.Pair(pair.id(), next, 2)).doesNotContain(pair);
        List<Pairs.Pair> some = new ArrayList<>();
        ledger().pairs().forEach(1, some::add);
        assertThat(some).hasSize(1);
        assertThat(walked).containsAll(some);
    }

    @Test
    default void a_pair_has_one_id_whoever_asks_and_whatever_the_case_of_its_addresses() {
        PairName name = new Names().pairName();
        assertThat(ledger().pairs().find(name)).isEmpty();

        Pairs.Pair made = ledger().pairs().named(name);
        PairName shouted = new PairName(name.sourceSystem().toUpperCase(Locale.ROOT), name.sourceMailbox().toUpperCase(Locale.ROOT), name.targetSystem(), name.targetMailbox());

        assertThat(made.generation()).isEqualTo(1);
        assertThat(anotherLedger().pairs().named(shouted)).isEqualTo(made);
        assertThat(anotherLedger().pairs().find(name)).contains(made);
        assertThat(anotherLedger().pairs().get(made.id())).contains(made);
        assertThat(ledger().pairs().named(new Names().pairName()).id()).isNotEqualTo(made.id());
    }

    @Test
    default void callers_at_once_get_the_same_pair() {
        PairName name = new Names().pairName();

        List<Pairs.Pair> got = Names.atOnce(8, i -> (i % 2 == 0 ? ledger() : anotherLedger()).pairs().named(name));

        assertThat(Set.copyOf(got)).hasSize(1);
        assertThat(ledger().pairs().get(got.get(0).id())).contains(got.get(0));
    }

    @Test
    default void completed_passes_belong_to_a_generation() {
        Names names = new Names();
        Pairs.Pair pair = ledger().pairs().named(names.pairName());

        assertThat(ledger().pairs().hasCompleted(pair.id(), 1)).isFalse();

        ledger().pairs().completed(pair.id(), 1, names.pass(1));
        ledger().pairs().completed(pair.id(), 1, names.pass(1));
        ledger().pairs().completed(pair.id(), 1, names.pass(2));

        assertThat(ledger().pairs().completedPasses(pair.id(), 1)).containsExactlyInAnyOrder(names.pass(1), names.pass(2));
        assertThat(ledger().pairs().completedPasses(pair.id(), 2)).isEmpty();
        assertThat(ledger().pairs().hasCompleted(pair.id(), 1)).isTrue();
        assertThat(ledger().pairs().hasCompleted(pair.id(), 2)).isFalse();
        assertThat(ledger().pairs().get(pair.id())).contains(new Pairs.Pair(pair.id(), pair.name(), 1, true));
        ledger().pairs().nextGeneration(pair.id(), 1);
        ledger().pairs().completed(pair.id(), 1, names.pass(3));
        assertThat(ledger().pairs().named(pair.name())).isEqualTo(new Pairs.Pair(pair.id(), pair.name(), 2, false));
        ledger().pairs().completed(pair.id(), 2, names.pass(4));
        ledger().pairs().completed(pair.id(), 1, names.pass(4));
        assertThat(anotherLedger().pairs().named(pair.name())).isEqualTo(new Pairs.Pair(pair.id(), pair.name(), 2, true));
    }
}
