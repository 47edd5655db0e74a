package io.carryall.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carryall.core.item.Fingerprint;
import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PairName;
import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.migration.Filter;
import io.carryall.core.migration.MailServer;
import io.carryall.core.migration.MailboxPair;
import io.carryall.core.migration.MigrationSpec;
import io.carryall.core.migration.SpecChanges.Change;
import io.carryall.core.port.Items.Done;
import io.carryall.core.port.Items.Facts;
import io.carryall.core.port.Items.How;
import io.carryall.core.port.MailException;
import io.carryall.core.port.Passes;
import io.carryall.core.port.Passes.PassState;
import io.carryall.core.port.ServerAddress;
import io.carryall.core.record.PipelineRecord.Failure;
import io.carryall.core.record.PipelineRecord.LookRequest;
import io.carryall.core.record.Topic;
import io.carryall.core.register.Standing;
import io.carryall.json.MigrationJson;
import io.carryall.runtime.SystemClock;
import io.carryall.testkit.fake.FakeLedger;
import io.carryall.testkit.fake.FakeQueue;
import io.carryall.testkit.fake.Faults;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ControlTest {
    private static final ControlSettings SETTINGS = new ControlSettings(1_000, 500, 60_000, 100, 4, 8, 100, 200, true);
    private static final ControlSettings SWEEPING = new ControlSettings(1_000, 500, 300, 100, 4, 8, 100, 200, true);
    private static final String ANN = "ann@old.example";
    private static final String BOB = "bob@old.example";

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final FakeLedger ledger = new FakeLedger();
    private final FakeQueue queue = new FakeQueue();
    private final FakePipeline pipeline = new FakePipeline(ledger, queue);
    private final List<Control> controls = new ArrayList<>();
    private final Control control = control();

    private Control control() {
        return control(SETTINGS);
    }

    private Control control(ControlSettings settings) {
        Control made = new Control(ledger, queue, new SystemClock(), (spec, pair) -> {
            throw new MailException(MailException.Kind.UNREACHABLE, "no dry run here");
        }, meters, settings);
        controls.add(made);
        return made;
    }

    @AfterEach
    void stop() throws InterruptedException {
        controls.forEach(Control::close);
        pipeline.close();
    }

    @Test
    void a_full_pass_ends_with_every_item_migrated() throws Exception {
        pipeline.mailbox(ANN).with(3);
        pipeline.mailbox(BOB).with(2);
        Started started = control.start(spec(ANN, BOB), List.of(), false);
        assertThat(started).isEqualTo(new Started.Pass(new PassId("wave", 1), true, false));
        JsonNode result = ended(control, 1).get("result");
        assertThat(result.toString()).startsWith("{\"migration\":\"wave\",\"pass\":1,\"kind\":\"full\",\"state\":\"finished\",\"found\":5,\"migrated\":5,\"alreadyThere\":0,"
                + "\"excluded\":0,\"failed\":0,\"pending\":0,\"bytes\":500,\"seconds\":");
        JsonNode ann = withoutSeconds(result).get("pairs").get(0);
        assertThat(ann.toString()).isEqualTo("{\"source\":\"ann@old.example\",\"target\":\"ann@new.example\",\"kind\":\"full\",\"state\":\"finished\",\"found\":3,\"migrated\":3,"
                + "\"alreadyThere\":0,\"excluded\":0,\"failed\":0,\"pending\":0,\"bytes\":300,\"folders\":[{\"source\":\"INBOX\",\"target\":\"INBOX\",\"found\":3,\"migrated\":3,"
                + "\"alreadyThere\":0,\"excluded\":0,\"failed\":0,\"pending\":0,\"skipped\":false}],\"failures\":[],\"warnings\":[],\"excludedFolders\":[]}");
        assertThat(ledger.passes().newest("wave").orElseThrow().state()).isEqualTo(PassState.ENDED);
    }

    @Test
    void the_next_pass_is_a_delta_that_counts_what_was_there() throws Exception {
        pipeline.mailbox(ANN).with(3);
        control.start(spec(ANN), List.of(), false);
        ended(control, 1);
        pipeline.mailbox(ANN).with(1);
        control.start(spec(ANN), List.of(), false);
        JsonNode result = ended(control, 2).get("result");
        assertThat(result.get("kind").asText()).isEqualTo("delta");
        assertThat(result.get("pairs").get(0).get("kind").asText()).isEqualTo("delta");
        assertThat(counts(result)).isEqualTo("4 = 1 + 3 + 0 + 0 + 0");
    }

    @Test
    void a_pair_in_which_nothing_changed_is_told_from_its_scan_alone() throws Exception {
        pipeline.mailbox(ANN).with(3);
        control.start(spec(ANN), List.of(), false);
        ended(control, 1);
        pipeline.mailbox(ANN).stands = true;
        control.start(spec(ANN), List.of(), false);
        JsonNode result = withoutSeconds(ended(control, 2).get("result"));
        assertThat(result.toString()).isEqualTo("{\"migration\":\"wave\",\"pass\":2,\"kind\":\"delta\",\"state\":\"finished\",\"found\":3,\"migrated\":0,\"alreadyThere\":3,\"excluded\":0,\"failed\":0,\"pending\":0,\"bytes\":0,"
                + "\"pairs\":[{\"source\":\"ann@old.example\",\"target\":\"ann@new.example\",\"kind\":\"delta\",\"state\":\"finished\",\"found\":3,\"migrated\":0,\"alreadyThere\":3,\"excluded\":0,\"failed\":0,\"pending\":0,"
                + "\"bytes\":0,\"folders\":[{\"source\":\"INBOX\",\"target\":\"INBOX\",\"found\":3,\"migrated\":0,\"alreadyThere\":3,\"excluded\":0,\"failed\":0,\"pending\":0,\"skipped\":true}],\"failures\":[],\"warnings\":[],"
                + "\"excludedFolders\":[]}]}");
        assertThat(ledger.passes().pairEnd(new PassId("wave", 2), inbox(1).pair())).as("no more is written of it").isEmpty();
        assertThat(withoutSeconds(json(control(), 2).get("result"))).isEqualTo(result);
    }

    @Test
    void a_delta_pass_of_many_pairs_looks_at_them_together_and_follows_those_that_changed() throws Exception {
        String[] sources = new String[300];
        for (int i = 0; i < sources.length; i++) {
            sources[i] = "user" + i + "@old.example";
            pipeline.mailbox(sources[i]).with(1);
        }
        control.start(spec(sources), List.of(), false);
        ended(control, 1);
        for (int i = 0; i < sources.length; i++) {
            pipeline.mailbox(sources[i]).with(i % 50 == 0 ? 1 : 0).stands = i % 50 != 0;
        }
        control.start(spec(sources), List.of(), false);
        JsonNode result = ended(control, 2).get("result");
        assertThat(counts(result)).isEqualTo("306 = 6 + 300 + 0 + 0 + 0");
        assertThat(result.get("pairs")).hasSize(300).allSatisfy(pair -> assertThat(pair.get("state").asText()).isEqualTo("finished"));
        assertThat(queue.published(Topic.SCANS).stream().filter(LookRequest.class::isInstance).map(LookRequest.class::cast)).hasSizeLessThan(200)
                .flatExtracting(LookRequest::pairs).doesNotHaveDuplicates().hasSize(300);
    }

    @Test
    void a_resumed_pass_does_not_scan_again_what_stood() throws Exception {
        pipeline.mailbox(ANN).with(3);
        pipeline.mailbox(BOB).with(2);
        control.start(spec(ANN, BOB), List.of(), false);
        ended(control, 1);
        pipeline.mailbox(ANN).stands = true;
        pipeline.mailbox(BOB).hangs = true;
        control.start(spec(ANN, BOB), List.of(), false);
        until(() -> json(control, 2).at("/pairsEnded").asInt() == 1);
        control.interrupt(new PassId("wave", 2));
        pipeline.mailbox(ANN).with(1).stands = false;
        pipeline.mailbox(BOB).hangs = false;
        control.start(spec(ANN, BOB), List.of(), false);
        until(() -> json(control, 2).get("state").asText().equals("running"));
        pipeline.copyOpenPages();
        JsonNode result = ended(control, 2).get("result");
        assertThat(counts(result.get("pairs").get(0))).isEqualTo("3 = 0 + 3 + 0 + 0 + 0");
        assertThat(counts(result.get("pairs").get(1))).isEqualTo("2 = 0 + 2 + 0 + 0 + 0");
    }

    @Test
    void a_settled_folder_leaves_a_watermark() throws Exception {
        pipeline.mailbox(ANN).with(3);
        control.start(spec(ANN), List.of(), false);
        ended(control, 1);
        var pair = ledger.pairs().find(spec(ANN).nameOf(spec(ANN).mailboxes().get(0))).orElseThrow();
        assertThat(ledger.folders().watermarks(pair.id(), 1)).singleElement().satisfies(mark -> {
            assertThat(mark.status().messages()).isEqualTo(3);
            assertThat(mark.done()).isEqualTo(3);
        });
        assertThat(ledger.pairs().completedPasses(pair.id(), 1)).containsExactly(new PassId("wave", 1));
    }

    @Test
    void a_refused_item_is_listed_and_the_pass_is_finished() throws Exception {
        pipeline.mailbox(ANN).with(2).refused.put(2L, Reason.TOO_LARGE);
        control.start(spec(ANN), List.of(), false);
        JsonNode result = ended(control, 1).get("result");
        assertThat(result.get("state").asText()).isEqualTo("finished");
        assertThat(counts(result)).isEqualTo("2 = 1 + 0 + 0 + 1 + 0");
        assertThat(result.get("pairs").get(0).get("failures").toString())
                .isEqualTo("[{\"folder\":\"INBOX\",\"uid\":2,\"messageId\":\"<2@x>\",\"size\":100,\"reason\":\"too-large\",\"detail\":\"the server said no\",\"retryable\":false}]");
    }

    @Test
    void a_full_target_stops_its_pair_alone() throws Exception {
        pipeline.mailbox(ANN).with(2).parks = Reason.QUOTA;
        pipeline.mailbox(BOB).with(1);
        control.start(spec(ANN, BOB), List.of(), false);
        JsonNode answer = ended(control, 1);
        assertThat(answer.get("state").asText()).isEqualTo("failed");
        JsonNode result = answer.get("result");
        assertThat(result.get("error").toString()).isEqualTo("{\"reason\":\"quota\",\"detail\":\"1 of 2 pairs stopped; the first: no room\"}");
        assertThat(counts(result)).isEqualTo("3 = 1 + 0 + 0 + 0 + 2");
        assertThat(result.get("pairs").get(0).get("error").get("reason").asText()).isEqualTo("quota");
        assertThat(result.get("pairs").get(1).get("state").asText()).isEqualTo("finished");
    }

    @Test
    void a_scan_that_failed_stops_its_pair_with_its_reason() throws Exception {
        pipeline.mailbox(ANN).scanFails = new Failure(Reason.LOGIN_REFUSED, "wrong password");
        control.start(spec(ANN), List.of(), false);
        JsonNode pair = ended(control, 1).get("result").get("pairs").get(0);
        assertThat(pair.get("state").asText()).isEqualTo("failed");
        assertThat(pair.get("error").toString()).isEqualTo("{\"reason\":\"login-refused\",\"detail\":\"wrong password\"}");
    }

    @Test
    void a_migration_has_one_running_pass() throws Exception {
        pipeline.mailbox(ANN).with(1).hangs = true;
        control.start(spec(ANN), List.of(), false);
        Started second = control.start(spec(ANN), List.of(), false);
        assertThat(second).isInstanceOfSatisfying(Started.Running.class, running -> assertThat(running.detail()).startsWith("pass 1 of wave is running since 20"));
    }

    @Test
    void an_interrupted_pass_is_resumed_and_a_pair_that_had_finished_stays() throws Exception {
        pipeline.mailbox(ANN).with(2);
        pipeline.mailbox(BOB).with(1).hangs = true;
        control.start(spec(ANN, BOB), List.of(), false);
        until(() -> json(control, 1).get("pairsEnded").asInt() == 1);
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
    void who_follows_a_migration_stops_when_it_is_paused_between_two_passes() throws Exception {
        pipeline.mailbox(ANN).with(1);
        control.start(spec(ANN), List.of(), false);
        ended(control, 1);
        assertThat(control.followers().heard("wave", "f1", "{\"passes\":1}")).isFalse();
        assertThat(control.followers().told("wave")).contains("{\"passes\":1}");
        Thread follower = new Thread(() -> {
            while (!control.followers().heard("wave", "f1", "{}")) {
                Thread.onSpinWait();
            }
            control.followers().left("wave", "f1");
        });
        follower.start();
        assertThat(control.pause("wave")).isInstanceOf(Control.Paused.Pass.class);
        follower.join(5_000);
        assertThat(control.followers().told("wave")).isEmpty();
        assertThat(control.pause("wave")).isInstanceOf(Control.Paused.Nothing.class);
        assertThat(control.followers().heard("wave", "f2", "{}")).as("the next follower is not meant").isFalse();
    }

    @Test
    void of_two_that_follow_one_migration_each_hears_that_it_is_to_stop() {
        for (String id : List.of("f1", "f2")) {
            assertThat(control.followers().heard("wave", id, "{}")).isFalse();
        }
        assertThat(control.followers().heard("other", "f3", "{}")).isFalse();
        assertThat(control.followers().askToStop("wave")).isTrue();

        for (String id : List.of("f1", "f2", "f1")) {
            assertThat(control.followers().heard("wave", id, "{}")).as(id).isTrue();
        }
        assertThat(control.followers().heard("other", "f3", "{}")).isFalse();
    }

    @Test
    void pages_whose_records_were_lost_are_published_again() throws Exception {
        Control sweeping = control(SWEEPING);
        pipeline.mailbox(ANN).with(2).hangs = true;
        sweeping.start(spec(ANN), List.of(), false);
        until(() -> !queue.published(Topic.COPIES).isEmpty());
        pipeline.copyOpenPages();
        assertThat(counts(ended(sweeping, 1).get("result"))).isEqualTo("2 = 2 + 0 + 0 + 0 + 0");
    }

    @Test
    void a_scan_whose_request_was_lost_is_asked_for_again() throws Exception {
        Control sweeping = control(SWEEPING);
        pipeline.mailbox(ANN).with(2).requestsLost.set(1);
        sweeping.start(spec(ANN), List.of(), false);
        assertThat(counts(ended(sweeping, 1).get("result"))).isEqualTo("2 = 2 + 0 + 0 + 0 + 0");
        assertThat(queue.published(Topic.SCANS)).hasSize(2);
    }

    @Test
    void what_a_copier_sets_aside_because_it_has_not_heard_yet_that_the_pass_goes_on_stops_no_pair() throws Exception {
        pipeline.mailbox(ANN).with(2).parks = Reason.INTERRUPTED;
        control.start(spec(ANN), List.of(), false);
        until(() -> !queue.published(Topic.COPIES).isEmpty());
        pipeline.mailbox(ANN).parks = null;
        pipeline.copyOpenPages();
        assertThat(counts(ended(control, 1).get("result"))).isEqualTo("2 = 2 + 0 + 0 + 0 + 0");
    }

    @Test
    void retry_makes_what_was_refused_eligible_and_the_watermark_tells_the_next_scan() throws Exception {
        pipeline.mailbox(ANN).with(3).refused.putAll(Map.of(2L, Reason.TOO_LARGE, 3L, Reason.QUOTA));
        control.start(spec(ANN), List.of(), false);
        ended(control, 1);

        assertThat(control.operator().retry(spec(ANN), List.of(), retry(Reason.TOO_LARGE))).isInstanceOfSatisfying(Operator.Answer.Done.class,
                done -> assertThat(done.what()).isEqualTo(new Operator.Retried(Map.of(Reason.TOO_LARGE, 1L), Map.of(spec(ANN).mailboxes().get(0), 1L))));

        Facts large = ledger.items().facts(inbox(1), List.of(2L)).get(2L);
        assertThat(Standing.of(large, new PassId("wave", 2))).isEqualTo(Standing.OPEN);
        assertThat(ledger.folders().watermarks(inbox(1).pair(), 1)).singleElement().satisfies(mark -> assertThat(List.of(mark.failed(), mark.retry())).containsExactly(0L, 2L));
        assertThat(control.operator().retry(spec(ANN), List.of(), retry(Reason.AMBIGUOUS))).isEqualTo(new Operator.Answer.Done<>(new Operator.Retried(Map.of(), Map.of())));
    }

    private static Operator.Choice retry(Reason reason) {
        return new Operator.Choice(reason, null, Set.of(), false);
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
        assertThat(ledger.items().facts(inbox(1), List.of(2L)).get(2L).done().how()).isEqualTo(How.ACCEPTED);
        control.start(spec(ANN), List.of(), false);
        assertThat(counts(ended(control, 3).get("result"))).isEqualTo("5 = 0 + 4 + 0 + 1 + 0");
    }

    private static Operator.Answer<Operator.Retried> accepted(long items) {
        Map<MailboxPair, Long> pairs = items == 0 ? Map.of() : Map.of(spec(ANN).mailboxes().get(0), items);
        return new Operator.Answer.Done<>(new Operator.Retried(items == 0 ? Map.of() : Map.of(Reason.AMBIGUOUS, items), pairs));
    }

    @Test
    void retry_waits_for_the_end_of_a_pass() throws Exception {
        pipeline.mailbox(ANN).with(1).hangs = true;
        control.start(spec(ANN), List.of(), false);
        assertThat(control.operator().retry(spec(ANN), List.of(), retry(null))).isInstanceOfSatisfying(Operator.Answer.Refused.class, refused -> assertThat(refused.reason()).isEqualTo("running"));
        control.interrupt(new PassId("wave", 1));
        assertThat(control.operator().retry(spec(ANN), List.of(), retry(null))).isInstanceOfSatisfying(Operator.Answer.Refused.class, refused -> assertThat(refused.reason()).isEqualTo("unfinished"));
    }

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
        assertThat(ledger.pairs().get(inbox(1).pair()).orElseThrow().generation()).isEqualTo(1);
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
        assertThat(ledger.pairs().get(inbox(1).pair()).orElseThrow().generation()).isEqualTo(1);
    }

    @Test
    void a_pass_that_stopped_goes_on_with_a_pair_that_was_reset_in_its_new_generation() throws Exception {
        pipeline.mailbox(ANN).with(2);
        pipeline.mailbox(BOB).with(1).hangs = true;
        control.start(spec(ANN, BOB), List.of(), false);
        until(() -> json(control, 1).get("pairsEnded").asInt() == 1);
        control.interrupt(new PassId("wave", 1));
        assertThat(control.operator().reset(spec(ANN, BOB), control.operator().lookAtReset(spec(ANN, BOB), ANN))).isInstanceOf(Operator.Answer.Done.class);

        control.start(spec(BOB), List.of(), false);
        until(() -> queue.published(Topic.COPIES).size() == 1);
        pipeline.copyOpenPages();
        assertThat(counts(ended(control, 1).get("result"))).isEqualTo("3 = 3 + 0 + 0 + 0 + 0");
        assertThat(ledger.items().facts(inbox(2), List.of(1L, 2L))).hasSize(2);
    }

    @Test
    void a_pair_whose_domain_was_renamed_keeps_its_ledger_whether_the_list_was_edited_before_or_after() throws Exception {
        pipeline.mailbox(ANN).with(2);
        pipeline.mailbox(BOB).with(1);
        control.start(spec(ANN, BOB), List.of(), false);
        ended(control, 1);
        FolderKey before = inbox(1);
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
    void remap_is_refused_as_a_whole_where_a_new_name_has_a_ledger_of_its_own() throws Exception {
        ledger.pairs().named(spec(ANN).nameOf(spec(ANN).mailboxes().get(0)));
        ledger.pairs().named(spec(BOB).nameOf(spec(BOB).mailboxes().get(0)));
        ledger.pairs().named(new PairName("old", "bob@older.example", "new", "bob@new.example"));
        assertThat(control.operator().remap(spec(ANN, BOB), new Remapping("old.example", "older.example", Set.of(Remapping.Side.values())))).isInstanceOfSatisfying(Operator.Answer.Refused.class,
                refused -> assertThat(refused.detail()).contains("bob@older.example to bob@new.example has a ledger of its own"));
        assertThat(ledger.pairs().find(spec(ANN).nameOf(spec(ANN).mailboxes().get(0)))).isPresent();
    }

    private FolderKey inbox(int generation) {
        return new FolderKey(ledger.pairs().find(spec(ANN).nameOf(spec(ANN).mailboxes().get(0))).orElseThrow().id(), generation, new FolderId("inbox"), 7);
    }

    private void parkAll(Reason reason) {
        PassId pass = new PassId("wave", 1);
        String scan = ledger.folders().scanEnds(pass, inbox(1).pair(), 1).get(0).scan();
        ledger.pages().of(pass, inbox(1), scan).forEach(page -> ledger.pages().park(page.page().ref(), Instant.now(), reason, "the pass was paused"));
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
        Control first = control(installed);
        first.start(spec(ANN), List.of(), false);
        until(() -> ledger.pairs().find(spec(ANN).nameOf(spec(ANN).mailboxes().get(0))).isPresent());
        first.close();
        assertThat(ledger.passes().newest("wave").orElseThrow().state()).isEqualTo(PassState.RUNNING);
        pipeline.mailbox(ANN).hangs = false;
        Control second = control(installed);
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
        Control installed = control(new ControlSettings(300, 500, 60_000, 100, 4, 8, 100, 200, false));
        until(() -> ledger.passes().newest("wave").orElseThrow().state() == PassState.INTERRUPTED);
        assertThat(installed.start(spec(ANN, BOB), List.of(), false)).isEqualTo(new Started.Pass(new PassId("wave", 1), true, true));
        assertThat(counts(ended(installed, 1).get("result"))).isEqualTo("2 = 2 + 0 + 0 + 0 + 0");
    }

    @Test
    void a_fact_about_an_item_that_nobody_saw_is_told_in_the_result_and_counted() throws Exception {
        pipeline.mailbox(ANN).with(1);
        PairId pair = ledger.pairs().named(spec(ANN).nameOf(spec(ANN).mailboxes().get(0))).id();
        ledger.items().done(new FolderKey(pair, 1, new FolderId("inbox"), 7), List.of(new Done(99, new PassId("other", 1), How.COPIED, new Fingerprint(1, 0, "h", "c"), new TargetFolder("new/x", "INBOX"), 1, 1,
                Set.of(), Set.of())));
        control.start(spec(ANN), List.of(), false);
        JsonNode warning = ended(control, 1).get("result").get("pairs").get(0).get("warnings").get(0);
        assertThat(warning.get("what").asText()).isEqualTo("law-broken");
        assertThat(meters.counter("carryall.law.broken").count()).isEqualTo(1);
        assertThat(ledger.folders().watermarks(pair, 1)).isEmpty();
    }

    @Test
    void a_closed_embedded_control_leaves_its_pass_interrupted() throws Exception {
        pipeline.mailbox(ANN).with(2).hangs = true;
        control.start(spec(ANN), List.of(), false);
        control.close();
        assertThat(ledger.passes().newest("wave").orElseThrow().state()).isEqualTo(PassState.INTERRUPTED);
    }

    @Test
    void a_pass_over_a_part_of_the_list_has_that_part_alone() throws Exception {
        pipeline.mailbox(BOB).with(1);
        control.start(spec(ANN, BOB), List.of("BOB@old.example"), false);
        assertThat(ended(control, 1).get("result").get("pairs")).hasSize(1);
        assertThat(control.start(spec(ANN), List.of("eve@old.example"), false)).isInstanceOf(Started.Wrong.class);
    }

    @Test
    void a_pass_says_what_changed_in_the_migration_since_the_one_before() throws Exception {
        control.start(spec(ANN), List.of(), false);
        ended(control, 1);
        MigrationSpec before = spec(ANN, BOB);
        MigrationSpec wider = new MigrationSpec("wave", before.source(), before.target(), new Filter(Instant.EPOCH, null, null, null, null), null, null, null, null, false, null, before.mailboxes());
        Started started = control.start(wider, List.of(), false);
        List<Change> changes = List.of(new Change("filter.since", null, "1970-01-01T00:00:00Z"), new Change("mailbox", null, "bob@old.example to bob@new.example"));
        assertThat(started).isEqualTo(new Started.Pass(new PassId("wave", 2), false, false, changes));
        assertThat(ended(control, 2).at("/result/changes").toString()).isEqualTo("[{\"what\":\"filter.since\",\"before\":null,\"after\":\"1970-01-01T00:00:00Z\"},"
                + "{\"what\":\"mailbox\",\"before\":null,\"after\":\"bob@old.example to bob@new.example\"}]");
        assertThat(json(control(), 2).at("/result/changes")).as("told from the ledger").hasSize(2);
        assertThat(control.start(wider, List.of(BOB), false)).as("a part of the list is no change").isEqualTo(new Started.Pass(new PassId("wave", 3), false, false));
        ended(control, 3);
        assertThat(control.start(new MigrationSpec("wave", before.source(), before.target(), wider.filter(), null, null, null, null, false, null, spec(BOB).mailboxes()), List.of(), false))
                .isEqualTo(new Started.Pass(new PassId("wave", 4), false, false, List.of(new Change("mailbox", "ann@old.example to ann@new.example", null))));
        ended(control, 4);
    }

    @Test
    void the_second_of_two_migrations_with_the_same_pair_joins_in_and_says_so() throws Exception {
        pipeline.mailbox(ANN).with(2);
        MigrationSpec spec = spec(ANN);
        PassId other = new PassId("other", 1);
        ledger.passes().create(other, new KeptSpec().write(spec, false, KeptSpec.History.NONE), true, Instant.now());
        PairId pair = ledger.pairs().named(spec.nameOf(spec.mailboxes().get(0))).id();
        ledger.passes().putPairs(other, List.of(new Passes.PassPair(pair, 1, true, ANN, "ann@new.example", ANN, "ann@new.example", null, null)));
        control.start(spec, List.of(), false);
        JsonNode result = ended(control, 1).get("result");
        assertThat(result.get("state").asText()).isEqualTo("finished");
        assertThat(result.at("/pairs/0/warnings/0/what").asText()).isEqualTo("also-running");
        assertThat(result.at("/pairs/0/warnings/0/detail").asText()).contains("pass 1 of other");

        pipeline.mailbox(ANN).stands = true;
        control.start(spec, List.of(), false);
        assertThat(ended(control, 2).at("/result/pairs/0/warnings/0/what").asText()).as("also where nothing changed").isEqualTo("also-running");
        assertThat(json(control(), 2).at("/result/pairs/0/warnings/0/what").asText()).isEqualTo("also-running");
    }

    @Test
    void a_ledger_that_is_away_for_a_while_holds_the_pass_up_and_does_not_end_it() throws Exception {
        pipeline.mailbox(ANN).with(2);
        ledger.faults().once("folders.scanEnds", Faults.Fate.LOST_BEFORE);
        control.start(spec(ANN), List.of(), false);
        assertThat(ended(control, 1).get("state").asText()).isEqualTo("finished");
    }

    @Test
    void a_pass_of_many_pairs_ends() throws Exception {
        String[] sources = new String[2_000];
        for (int i = 0; i < sources.length; i++) {
            sources[i] = "user" + i + "@old.example";
            pipeline.mailbox(sources[i]).with(1);
        }
        control.start(spec(sources), List.of(), false);
        JsonNode running = json(control, 1);
        JsonNode result = ended(control, 1).get("result");
        assertThat(counts(result)).isEqualTo("2000 = 2000 + 0 + 0 + 0 + 0");
        assertThat(result.get("pairs")).hasSize(2_000);
        assertThat(running.get("result").get("pairs").size()).isLessThanOrEqualTo(200);
    }

    @Test
    void a_pass_that_ended_before_is_told_from_the_ledger() throws Exception {
        pipeline.mailbox(ANN).with(2);
        control.start(spec(ANN), List.of(), false);
        JsonNode first = withoutSeconds(ended(control, 1).get("result"));
        Control other = control();
        assertThat(withoutSeconds(json(other, 1).get("result"))).isEqualTo(first);
        assertThat(other.migrations()).containsExactly("wave");
    }

    private static MigrationSpec spec(String... sources) {
        MailServer old = new MailServer("old", new ServerAddress("old.example", 993, ServerAddress.Security.TLS, null), false, MailServer.Login.EACH_USER);
        MailServer next = new MailServer("new", new ServerAddress("new.example", 993, ServerAddress.Security.TLS, null), false, MailServer.Login.EACH_USER);
        List<MailboxPair> pairs = Arrays.stream(sources).map(source -> new MailboxPair(source, source.replace("old.", "new."), null, null, "run:source/" + source, "run:target/" + source)).toList();
        return new MigrationSpec("wave", old, next, null, null, null, null, null, false, null, pairs);
    }

    private static JsonNode json(Control control, int number) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        control.pass(new PassId("wave", number)).orElseThrow().write(out);
        return new ObjectMapper().readTree(out.toByteArray());
    }

    private static JsonNode ended(Control control, int number) throws Exception {
        until(() -> !json(control, number).get("state").asText().equals("running"));
        return json(control, number);
    }

    private static JsonNode withoutSeconds(JsonNode result) {
        ((ObjectNode) result).remove("seconds");
        return result;
    }

    private static String counts(JsonNode result) {
        List<String> right = List.of("migrated", "alreadyThere", "excluded", "failed", "pending").stream().map(name -> result.get(name).asText()).toList();
        return result.get("found").asText() + " = " + String.join(" + ", right);
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void until(Condition condition) throws Exception {
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("the time is up").isLessThan(deadline);
            Thread.sleep(10);
        }
    }
}
