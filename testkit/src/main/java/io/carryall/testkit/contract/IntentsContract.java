package io.carryall.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import io.carryall.core.item.Fingerprint;
import io.carryall.core.port.Intents;

/** What every ledger promises of {@link Intents}: what is about to be appended. */
public interface IntentsContract extends TestedLedger {
    @Test
    default void open_intents_come_in_order_of_epoch_and_group_within_the_epochs_asked_for() {
        Names names = new Names();
        List<Intents.Intent> all = List.of(intent(names, 2, 0), intent(names, 2, 1), intent(names, 2, 10), intent(names, 3, 0), intent(names, 10, 0));
        for (int i : new int[] {4, 2, 0, 3, 1}) {
            ledger().intents().open(all.get(i));
        }

        assertThat(anotherLedger().intents().open(names.target(), 2, 10)).containsExactlyElementsOf(all);
        assertThat(ledger().intents().open(names.target(), 3, 9)).containsExactly(all.get(3));
        assertThat(ledger().intents().open(new Names().target(), 0, 100)).isEmpty();
    }

    /** One that is not found is an item that is copied twice. */
    @Test
    default void open_intents_are_found_whatever_their_numbers() {
        Names names = new Names();
        List<Intents.Intent> all = List.of(intent(names, 2, 1_030), intent(names, 2, 9_000_000), intent(names, 3, 0), intent(names, 3, 5_000));
        all.forEach(ledger().intents()::open);

        assertThat(anotherLedger().intents().open(names.target(), 1, 5)).containsExactlyElementsOf(all);
    }

    @Test
    default void a_closed_intent_stays_closed_even_when_its_line_is_written_again() {
        Names names = new Names();
        Intents.Intent first = intent(names, 2, 0);
        ledger().intents().open(first);
        ledger().intents().open(intent(names, 2, 1));

        ledger().intents().close(names.target(), 2, 0);
        ledger().intents().close(names.target(), 2, 0);
        anotherLedger().intents().open(first);

        assertThat(anotherLedger().intents().open(names.target(), 0, 5)).containsExactly(intent(names, 2, 1));
    }

    private static Intents.Intent intent(Names names, long epoch, int group) {
        List<Intents.Item> items = LongStream.rangeClosed(1, 200).mapToObj(uid -> new Intents.Item(4_294_967_000L + uid, new Fingerprint(uid, 1_700_000_000L, "h" + uid, "c" + uid), uid % 2 == 0 ? Set.of() : Set.of("\\Seen", "todo"))).toList();
        return new Intents.Intent(names.target(), epoch, group, names.pass(1), names.folder(), 4_294_967_295L, 17, items);
    }
}
