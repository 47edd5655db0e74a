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
import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Passes.PassState;
import io.carryall.core.record.Topic;
import io.carryall.json.MigrationJson;
import io.carryall.testkit.fake.FakeLedger;
import io.carryall.testkit.fake.FakeQueue;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Passes that stop before their end, and go on here or elsewhere. */
class ResumedPassTest {
    @AutoClose
    private final Installation installation = new Installation();
    private final FakeLedger ledger = installation.ledger;
    private final FakeQueue queue = installation.queue;
    private final FakePipeline pipeline = installation.pipeline;
    private final Control control = installation.control;

    @Test
    void a_resumed_pass_does_not_scan_again_what_stood() throws Exception {
        pipeline.mailbox(ANN).with(3);
        pipeline.mailbox(BOB).with(2);
        control.start(spec(ANN, BOB), List.of(), false);
        ended(control, 1);
        pipeline.mailbox(ANN).stands = true;
        pipeline.mailbox(BOB).hangs = true;
        control.start(spec(ANN, BOB), List.of(), false);
        until(() -> json(control, 2).at("/pairsEnded").asInt() == 1 && json(control, 2).at("/result/found").asInt() == 5);
        control.interrupt(new PassId("wave", 2));
        pipeline.mailbox(ANN).with(1).stands = false;
        pipeline.mailbox(BOB).hangs = false;
        control.start(spec(ANN, BOB), List.of(), false);
        until(() -> queue.published(Topic.COPIES).size() == 1);
        pipeline.copyOpenPages();
        JsonNode result = ended(control, 2).get("result");
        assertThat(counts(result.get("pairs").get(0))).isEqualTo("3 = 0 + 3 + 0 + 0 + 0");
        assertThat(counts(result.get("pairs").get(1))).isEqualTo("2 = 0 + 2 + 0 + 0 + 0");
    }

    @Test
    void an_interrupted_pass_is_resumed_and_a_pair_that_had_finished_stays() throws Exception {
        pipeline.mailbox(ANN).with(2);
        pipeline.mailbox(BOB).with(1).hangs = true;
        control.start(spec(ANN, BOB), List.of(), false);
        until(() -> json(control, 1).get("pairsEnded").asInt() == 1 && json(control, 1).at("/result/found").asInt() == 3);
        control.interrupt(new PassId("wave", 1));
        JsonNode stopped = json(control, 1);
        assertThat(stopped.get("state").asText()).isEqualTo("interrupted");
        assertThat(counts(stopped.get("result"))).isEqualTo("3 = 2 + 0 + 0 + 0 + 1");
        assertThat(ledger.passes().newest("wave").orElseThrow().state()).isEqualTo(PassState.INTERRUPTED);

        pipeline.mailbox(ANN).with(5);
        pipeline.mailbox(BOB).hangs = false;
        assertThat(control.start(spec(ANN, BOB), List.of(), false)).isEqualTo(new Started.Pass(new PassId("wave", 1), true, true));
        until(() -> queue.published(Topic.COPIES).size() == 1);
        pipeline.copyOpenPages();
        JsonNode result = ended(control, 1).get("result");
        assertThat(result.get("state").asText()).isEqualTo("finished");
        assertThat(counts(result)).isEqualTo("3 = 3 + 0 + 0 + 0 + 0");
    }

    @Test
    void a_paused_pass_says_so_and_resume_goes_on_with_what_the_ledger_holds_open() throws Exception {
        pipeline.mailbox(ANN).with(2).hangs = true;
        control.start(spec(ANN), List.of(), false);
        until(() -> json(control, 1).get("result").get("found").asInt() == 2);
        assertThat(control.pause("wave")).isInstanceOf(Control.Paused.Pass.class);
        JsonNode paused = json(control, 1);
        assertThat(paused.get("state").asText()).isEqualTo("paused");
        assertThat(paused.get("result").get("pairs").get(0).get("state").asText()).isEqualTo("paused");
        assertThat(ledger.passes().newest("wave").orElseThrow().state()).isEqualTo(PassState.PAUSED);
        // as the copiers do with what they had at hand
        parkAll(Reason.INTERRUPTED);

        assertThat(control.resume(spec(ANN))).isEqualTo(new Started.Pass(new PassId("wave", 1), true, true));
        until(() -> queue.published(Topic.COPIES).size() == 1);
        assertThat(queue.published(Topic.SCANS)).hasSize(1);
        until(() -> counts(json(control, 1).get("result")).equals("2 = 0 + 0 + 0 + 0 + 2"));
        assertThat(json(control, 1).at("/progress/register/toCopy").asInt()).as("what is left of it is told, so that nobody takes it for nearly done").isEqualTo(2);
        pipeline.copyOpenPages();
        assertThat(counts(ended(control, 1).get("result"))).isEqualTo("2 = 2 + 0 + 0 + 0 + 0");
    }

    @Test
    void there_is_nothing_to_pause_or_to_resume_where_no_pass_is_under_way() throws Exception {
        assertThat(control.pause("wave")).isInstanceOf(Control.Paused.Nothing.class);
        assertThat(control.resume(spec(ANN))).isInstanceOf(Started.NothingToResume.class);
        pipeline.mailbox(ANN).with(1);
        control.start(spec(ANN), List.of(), false);
        ended(control, 1);
        assertThat(control.pause("wave")).isInstanceOf(Control.Paused.Nothing.class);
        assertThat(control.resume(spec(ANN))).isInstanceOf(Started.NothingToResume.class);
        assertThat(ledger.passes().newest("wave").orElseThrow().id().number()).isEqualTo(1);
    }

    @Test
    void a_closed_embedded_control_leaves_its_pass_interrupted() throws Exception {
        pipeline.mailbox(ANN).with(2).hangs = true;
        control.start(spec(ANN), List.of(), false);
        control.close();
        assertThat(ledger.passes().newest("wave").orElseThrow().state()).isEqualTo(PassState.INTERRUPTED);
    }

    @Test
    void a_pass_whose_driver_died_is_resumed_when_its_lease_has_run_out() throws Exception {
        pipeline.mailbox(ANN).with(2);
        ledger.passes().create(new PassId("wave", 1), new MigrationJson().write(spec(ANN).withMailboxes(List.of())), true, Instant.now());
        ledger.leases().take(new TargetFolder("migration/wave", ""), null, "elsewhere/1/2/3");
        assertThat(control.start(spec(ANN), List.of(), false)).isEqualTo(new Started.Pass(new PassId("wave", 1), true, true));
        assertThat(counts(ended(control, 1).get("result"))).isEqualTo("2 = 2 + 0 + 0 + 0 + 0");
    }

    @Test
    void an_installed_control_service_goes_on_with_what_another_one_left() throws Exception {
        ControlSettings installed = new ControlSettings(1_000, 500, 60_000, 100, 4, 8, 100, 200, false);
        pipeline.mailbox(ANN).with(2).hangs = true;
        Control first = installation.control(installed);
        first.start(spec(ANN), List.of(), false);
        until(() -> ledger.pairs().find(spec(ANN).nameOf(spec(ANN).mailboxes().get(0))).isPresent());
        first.close();
        assertThat(ledger.passes().newest("wave").orElseThrow().state()).isEqualTo(PassState.RUNNING);
        pipeline.mailbox(ANN).hangs = false;
        Control second = installation.control(installed);
        until(() -> queue.published(Topic.COPIES).size() == 1 || ledger.passes().newest("wave").orElseThrow().state() == PassState.ENDED);
        pipeline.copyOpenPages();
        until(() -> ledger.passes().newest("wave").orElseThrow().state() == PassState.ENDED);
        assertThat(counts(ended(second, 1).get("result"))).isEqualTo("2 = 2 + 0 + 0 + 0 + 0");
    }

    @Test
    void a_pass_whose_list_was_not_written_down_whole_waits_for_the_next_run() throws Exception {
        pipeline.mailbox(ANN).with(1);
        pipeline.mailbox(BOB).with(1);
        ledger.passes().create(new PassId("wave", 1), new KeptSpec().write(spec(ANN, BOB), false, KeptSpec.History.NONE), true, Instant.now());
        Control installed = installation.control(new ControlSettings(300, 500, 60_000, 100, 4, 8, 100, 200, false));
        until(() -> ledger.passes().newest("wave").orElseThrow().state() == PassState.INTERRUPTED);
        assertThat(installed.start(spec(ANN, BOB), List.of(), false)).isEqualTo(new Started.Pass(new PassId("wave", 1), true, true));
        assertThat(counts(ended(installed, 1).get("result"))).isEqualTo("2 = 2 + 0 + 0 + 0 + 0");
    }

    private void parkAll(Reason reason) {
        PassId pass = new PassId("wave", 1);
        String scan = ledger.folders().scanEnds(pass, installation.inbox(ANN).pair(), 1).get(0).scan();
        ledger.pages().of(pass, installation.inbox(ANN), scan).forEach(page -> ledger.pages().park(page.page().ref(), Instant.now(), reason, "the pass was paused"));
    }
}
