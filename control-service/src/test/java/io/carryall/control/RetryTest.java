package io.carryall.control;

import static io.carryall.control.Installation.ANN;
import static io.carryall.control.Installation.counts;
import static io.carryall.control.Installation.ended;
import static io.carryall.control.Installation.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.migration.MailboxPair;
import io.carryall.core.port.Items.Facts;
import io.carryall.core.port.Items.How;
import io.carryall.core.register.Standing;
import io.carryall.testkit.fake.FakeLedger;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What an operator decides of items that failed. */
class RetryTest {
    @AutoClose
    private final Installation installation = new Installation();
    private final FakeLedger ledger = installation.ledger;
    private final FakePipeline pipeline = installation.pipeline;
    private final Control control = installation.control;

    @Test
    void retry_makes_what_was_refused_eligible_and_the_watermark_tells_the_next_scan() throws Exception {
        pipeline.mailbox(ANN).with(3).refused.putAll(Map.of(2L, Reason.TOO_LARGE, 3L, Reason.QUOTA));
        control.start(spec(ANN), List.of(), false);
        ended(control, 1);

        assertThat(control.operator().retry(spec(ANN), List.of(), retry(Reason.TOO_LARGE))).isInstanceOfSatisfying(Operator.Answer.Done.class,
                done -> assertThat(done.what()).isEqualTo(new Operator.Retried(Map.of(Reason.TOO_LARGE, 1L), Map.of(spec(ANN).mailboxes().get(0), 1L))));

        Facts large = ledger.items().facts(installation.inbox(ANN), List.of(2L)).get(2L);
        assertThat(Standing.of(large, new PassId("wave", 2))).isEqualTo(Standing.OPEN);
        assertThat(ledger.folders().watermarks(installation.inbox(ANN).pair(), 1)).singleElement().satisfies(mark -> assertThat(List.of(mark.failed(), mark.retry())).containsExactly(0L, 2L));
        assertThat(control.operator().retry(spec(ANN), List.of(), retry(Reason.AMBIGUOUS))).isEqualTo(new Operator.Answer.Done<>(new Operator.Retried(Map.of(), Map.of())));
    }

    @Test
    void what_an_operator_takes_for_arrived_is_already_there_from_then_on() throws Exception {
        pipeline.mailbox(ANN).with(5).refused.putAll(Map.of(2L, Reason.AMBIGUOUS, 3L, Reason.TOO_LARGE, 4L, Reason.AMBIGUOUS, 5L, Reason.AMBIGUOUS));
        control.start(spec(ANN), List.of(), false);
        assertThat(counts(ended(control, 1).get("result"))).isEqualTo("5 = 1 + 0 + 0 + 4 + 0");
        Operator.Choice one = new Operator.Choice(Reason.AMBIGUOUS, "INBOX", Set.of(2L, 3L), true);
        Operator.Choice rest = new Operator.Choice(Reason.AMBIGUOUS, null, Set.of(), true);

        assertThat(control.operator().retry(spec(ANN), List.of(), new Operator.Choice(Reason.AMBIGUOUS, "Sent", Set.of(), true))).isEqualTo(accepted(0));
        assertThat(control.operator().retry(spec(ANN), List.of(), one)).isEqualTo(accepted(1));
        assertThat(control.operator().retry(spec(ANN), List.of(), one)).isEqualTo(accepted(0));
        assertThat(control.operator().retry(spec(ANN), List.of(), rest)).isEqualTo(accepted(2));
        control.start(spec(ANN), List.of(), false);

        assertThat(counts(ended(control, 2).get("result"))).isEqualTo("5 = 0 + 4 + 0 + 1 + 0");
        assertThat(ledger.items().facts(installation.inbox(ANN), List.of(2L)).get(2L).done().how()).isEqualTo(How.ACCEPTED);
        control.start(spec(ANN), List.of(), false);
        assertThat(counts(ended(control, 3).get("result"))).isEqualTo("5 = 0 + 4 + 0 + 1 + 0");
    }

    @Test
    void retry_waits_for_the_end_of_a_pass() throws Exception {
        pipeline.mailbox(ANN).with(1).hangs = true;
        control.start(spec(ANN), List.of(), false);
        assertThat(control.operator().retry(spec(ANN), List.of(), retry(null))).isInstanceOfSatisfying(Operator.Answer.Refused.class, refused -> assertThat(refused.reason()).isEqualTo("running"));
        control.interrupt(new PassId("wave", 1));
        assertThat(control.operator().retry(spec(ANN), List.of(), retry(null))).isInstanceOfSatisfying(Operator.Answer.Refused.class, refused -> assertThat(refused.reason()).isEqualTo("unfinished"));
    }

    private static Operator.Choice retry(Reason reason) {
        return new Operator.Choice(reason, null, Set.of(), false);
    }

    private static Operator.Answer<Operator.Retried> accepted(long items) {
        Map<MailboxPair, Long> pairs = items == 0 ? Map.of() : Map.of(spec(ANN).mailboxes().get(0), items);
        return new Operator.Answer.Done<>(new Operator.Retried(items == 0 ? Map.of() : Map.of(Reason.AMBIGUOUS, items), pairs));
    }
}
