package io.carryall.copier;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.copier.Mailboxes.Places;
import io.carryall.core.migration.Limits;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlotsTest {
    private final List<String> granted = new ArrayList<>();

    @Test
    void a_mailbox_uses_no_more_connections_than_its_limit_and_delays_no_other() {
        Slots slots = new Slots(10);
        ask(slots, "ann 1", "ann");
        ask(slots, "ann 2", "ann");
        ask(slots, "ann 3", "ann");
        ask(slots, "bob 1", "bob");

        assertThat(granted).containsExactly("ann 1", "ann 2", "bob 1");
        slots.release(places("ann"));
        assertThat(granted).containsExactly("ann 1", "ann 2", "bob 1", "ann 3");
    }

    @Test
    void a_host_uses_no_more_connections_than_its_limit() {
        Slots slots = new Slots(100);
        for (int i = 0; i < 12; i++) {
            ask(slots, "folder " + i, "user " + i);
        }

        assertThat(granted).hasSize(8);
    }

    @Test
    void a_wish_that_was_taken_back_is_never_granted() {
        Slots slots = new Slots(1);
        ask(slots, "first", "ann");
        slots.request(this, places("bob"), () -> granted.add("second"));

        assertThat(slots.withdraw(this)).isTrue();
        slots.release(places("ann"));
        assertThat(granted).containsExactly("first");
    }

    private void ask(Slots slots, String name, String mailbox) {
        slots.request(name, places(mailbox), () -> granted.add(name));
    }

    private static Places places(String mailbox) {
        return new Places("old", "old/" + mailbox, "new", "new/" + mailbox, Limits.DEFAULT);
    }
}
