package io.carryall.control;

import static io.carryall.control.Installation.ANN;
import static io.carryall.control.Installation.BOB;
import static io.carryall.control.Installation.counts;
import static io.carryall.control.Installation.ended;
import static io.carryall.control.Installation.json;
import static io.carryall.control.Installation.spec;
import static io.carryall.control.Installation.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PairName;
import io.carryall.core.item.PassId;
import io.carryall.core.migration.MailboxPair;
import io.carryall.core.migration.MigrationSpec;
import io.carryall.core.port.Passes.PassPair;
import io.carryall.core.record.Topic;
import io.carryall.json.MigrationJson;
import io.carryall.testkit.fake.FakeLedger;
import io.carryall.testkit.fake.FakeQueue;
import io.carryall.testkit.fake.Faults;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What an operator does to pairs between passes: forget what was migrated of them, or give them new names. */
class ResetAndRemapTest {
    @AutoClose
    private final Installation installation = new Installation();
    private final FakeLedger ledger = installation.ledger;
    private final FakeQueue queue = installation.queue;
    private final FakePipeline pipeline = installation.pipeline;
    private final Control control = installation.control;

    @Test
    void a_pair_that_was_reset_is_copied_from_nothing() throws Exception {
        pipeline.mailbox(ANN).with(3);
        pipeline.mailbox(BOB).with(1);
        control.start(spec(ANN, BOB), List.of(), false);
        ended(control, 1);

        List<Operator.Resettable> found = control.operator().lookAtReset(spec(ANN, BOB), "ANN@old.example");
        assertThat(found).extracting(Operator.Resettable::messages).containsExactly(3L);
        assertThat(control.operator().reset(spec(ANN, BOB), found)).isInstanceOf(Operator.Answer.Done.class);
        assertThat(control.operator().reset(spec(ANN, BOB), found)).isInstanceOf(Operator.Answer.Refused.class);

        control.start(spec(ANN, BOB), List.of(), false);
        JsonNode result = ended(control, 2).get("result");
        assertThat(counts(result)).isEqualTo("4 = 3 + 1 + 0 + 0 + 0");
        assertThat(result.get("pairs").findValuesAsText("kind")).containsExactly("full", "delta");
    }

    @Test
    void a_pair_of_a_running_pass_cannot_be_reset_from_any_migration() throws Exception {
        pipeline.mailbox(ANN).with(1).hangs = true;
        control.start(spec(ANN), List.of(), false);
        until(() -> !control.operator().lookAtReset(spec(ANN), ANN).isEmpty());
        MigrationSpec other = new MigrationJson().read(new MigrationJson().write(spec(ANN)).replace("\"wave\"", "\"second\""));
        assertThat(control.operator().reset(other, control.operator().lookAtReset(other, ANN))).isInstanceOfSatisfying(Operator.Answer.Refused.class,
                refused -> assertThat(refused.detail()).startsWith("pass 1 of wave is running since"));
        assertThat(ledger.pairs().get(installation.inbox(ANN).pair()).orElseThrow().generation()).isEqualTo(1);
    }

    @Test
    void a_pair_cannot_be_reset_while_a_pass_whose_pairs_are_still_being_found_may_have_it() throws Exception {
        pipeline.mailbox(ANN).with(1);
        control.start(spec(ANN), List.of(), false);
        ended(control, 1);
        List<Operator.Resettable> agreed = control.operator().lookAtReset(spec(ANN), ANN);
        ledger.faults().plan(call -> call.equals("passes.putPairs") ? Faults.Fate.LOST_BEFORE : Faults.Fate.WORKS);
        MigrationSpec second = new MigrationJson().read(new MigrationJson().write(spec(ANN)).replace("\"wave\"", "\"second\""));
        control.start(second, List.of(), false);

        assertThat(control.operator().reset(spec(ANN), agreed)).isInstanceOf(Operator.Answer.Refused.class);
        assertThat(ledger.pairs().get(installation.inbox(ANN).pair()).orElseThrow().generation()).isEqualTo(1);
    }

    @Test
    void a_pass_that_stopped_goes_on_with_a_pair_that_was_reset_in_its_new_generation() throws Exception {
        pipeline.mailbox(ANN).with(2);
        pipeline.mailbox(BOB).with(1).hangs = true;
        control.start(spec(ANN, BOB), List.of(), false);
        until(() -> json(control, 1).get("pairsEnded").asInt() == 1 && json(control, 1).at("/result/found").asInt() == 3);
        control.interrupt(new PassId("wave", 1));
        assertThat(control.operator().reset(spec(ANN, BOB), control.operator().lookAtReset(spec(ANN, BOB), ANN))).isInstanceOf(Operator.Answer.Done.class);

        control.start(spec(BOB), List.of(), false);
        until(() -> queue.published(Topic.COPIES).size() == 1);
        pipeline.copyOpenPages();
        assertThat(counts(ended(control, 1).get("result"))).isEqualTo("3 = 3 + 0 + 0 + 0 + 0");
        assertThat(ledger.items().facts(installation.inbox(ANN), List.of(1L, 2L))).hasSize(2);
    }

    @Test
    void a_pair_whose_domain_was_renamed_keeps_its_ledger_whether_the_list_was_edited_before_or_after() throws Exception {
        pipeline.mailbox(ANN).with(2);
        pipeline.mailbox(BOB).with(1);
        control.start(spec(ANN, BOB), List.of(), false);
        ended(control, 1);
        FolderKey before = installation.inbox(ANN);
        String annNow = "ann@older.example";
        MigrationSpec edited = spec(ANN, BOB).withMailboxes(List.of(new MailboxPair(annNow, "ann@new.example", null, null, null, null), spec(BOB).mailboxes().get(0)));

        Operator.Answer<List<Operator.Remapped>> answer = control.operator().remap(edited, new Remapping("OLD.example", "older.example", Set.of(Remapping.Side.SOURCE)));

        assertThat(answer).isInstanceOfSatisfying(Operator.Answer.Done.class, done -> assertThat((List<Operator.Remapped>) done.what()).extracting(Operator.Remapped::listed).containsExactly(true, false));
        assertThat(ledger.pairs().find(edited.nameOf(edited.mailboxes().get(0))).orElseThrow().id()).isEqualTo(before.pair());
        assertThat(ledger.pairs().find(spec(ANN).nameOf(spec(ANN).mailboxes().get(0)))).isEmpty();
        // again: nothing is left to do
        assertThat(control.operator().remap(edited, new Remapping("old.example", "older.example", Set.of(Remapping.Side.values())))).isEqualTo(new Operator.Answer.Done<>(List.of()));
    }

    @Test
    void a_pass_that_stopped_goes_on_with_a_pair_that_was_renamed_under_its_new_name() throws Exception {
        String annNow = "married@old.example";
        pipeline.mailbox(ANN).with(2).hangs = true;
        pipeline.mailbox(BOB).with(1).hangs = true;
        control.start(spec(ANN, BOB), List.of(), false);
        until(() -> json(control, 1).at("/result/found").asInt() == 3);
        control.interrupt(new PassId("wave", 1));
        PairId ann = installation.pair(ANN).id();
        MigrationSpec edited = spec(ANN, BOB).withMailboxes(List.of(new MailboxPair(annNow, "ann@new.example", null, null, "run:source/" + annNow, "run:target/" + annNow), spec(BOB).mailboxes().get(0)));
        assertThat(control.operator().remap(edited, new Remapping(ANN, annNow, Set.of(Remapping.Side.SOURCE)))).isInstanceOf(Operator.Answer.Done.class);

        assertThat(control.start(edited, List.of(), false)).isEqualTo(new Started.Pass(new PassId("wave", 1), true, true, List.of()));
        until(() -> queue.published(Topic.COPIES).size() == 2);
        assertThat(ledger.passes().pair(new PassId("wave", 1), ann).orElseThrow()).isEqualTo(new PassPair(ann, 1, true, annNow, "ann@new.example", annNow, "ann@new.example", "run:source/" + annNow, "run:target/" + annNow));
        pipeline.copyOpenPages();
        JsonNode result = ended(control, 1).get("result");
        assertThat(counts(result)).isEqualTo("3 = 3 + 0 + 0 + 0 + 0");
        assertThat(result.get("pairs").findValuesAsText("source")).contains(annNow).doesNotContain(ANN);
    }

    @Test
    void a_pass_that_goes_on_for_other_mailboxes_goes_on_with_a_pair_that_was_renamed_under_its_new_name() throws Exception {
        pipeline.mailbox(ANN).with(2).hangs = true;
        pipeline.mailbox(BOB).with(1).hangs = true;
        control.start(spec(ANN, BOB), List.of(), false);
        until(() -> json(control, 1).at("/result/found").asInt() == 3);
        control.interrupt(new PassId("wave", 1));
        PairId ann = installation.pair(ANN).id();
        assertThat(control.operator().remap(spec(ANN, BOB), new Remapping(ANN, "married@old.example", Set.of(Remapping.Side.SOURCE)))).isInstanceOf(Operator.Answer.Done.class);

        control.start(spec(BOB), List.of(), false);
        until(() -> queue.published(Topic.COPIES).size() == 2);
        assertThat(ledger.passes().pair(new PassId("wave", 1), ann).orElseThrow())
                .isEqualTo(new PassPair(ann, 1, true, "married@old.example", "ann@new.example", "married@old.example", "ann@new.example", "run:source/" + ANN, "run:target/" + ANN));
    }

    @Test
    void remap_is_refused_as_a_whole_where_a_new_name_has_a_ledger_of_its_own() throws Exception {
        ledger.pairs().named(spec(ANN).nameOf(spec(ANN).mailboxes().get(0)));
        ledger.pairs().named(spec(BOB).nameOf(spec(BOB).mailboxes().get(0)));
        ledger.pairs().named(new PairName("old", "bob@older.example", "new", "bob@new.example"));
        assertThat(control.operator().remap(spec(ANN, BOB), new Remapping("old.example", "older.example", Set.of(Remapping.Side.values())))).isInstanceOfSatisfying(Operator.Answer.Refused.class,
                refused -> assertThat(refused.detail()).contains("bob@older.example to bob@new.example has a ledger of its own"));
        assertThat(ledger.pairs().find(spec(ANN).nameOf(spec(ANN).mailboxes().get(0)))).isPresent();
    }
}
