package io.carryall.control;

import static io.carryall.control.Installation.ANN;
import static io.carryall.control.Installation.BOB;
import static io.carryall.control.Installation.counts;
import static io.carryall.control.Installation.ended;
import static io.carryall.control.Installation.json;
import static io.carryall.control.Installation.spec;
import static io.carryall.control.Installation.withoutSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carryall.core.item.Fingerprint;
import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.migration.Filter;
import io.carryall.core.migration.MigrationSpec;
import io.carryall.core.migration.SpecChanges.Change;
import io.carryall.core.port.Items.Done;
import io.carryall.core.port.Items.How;
import io.carryall.core.port.Passes.PassState;
import io.carryall.core.port.Passes;
import io.carryall.core.record.PipelineRecord.Failure;
import io.carryall.testkit.fake.FakeLedger;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What a pass comes to, and what is told of it. */
class PassTest {
    @AutoClose
    private final Installation installation = new Installation();
    private final FakeLedger ledger = installation.ledger;
    private final FakePipeline pipeline = installation.pipeline;
    private final SimpleMeterRegistry meters = installation.meters;
    private final Control control = installation.control;

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
    void a_settled_folder_leaves_a_watermark() throws Exception {
        pipeline.mailbox(ANN).with(3);
        control.start(spec(ANN), List.of(), false);
        ended(control, 1);
        var pair = installation.pair(ANN);
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
        assertThat(json(installation.control(), 2).at("/result/changes")).as("told from the ledger").hasSize(2);
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
        assertThat(json(installation.control(), 2).at("/result/pairs/0/warnings/0/what").asText()).isEqualTo("also-running");
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
        Control other = installation.control();
        assertThat(withoutSeconds(json(other, 1).get("result"))).isEqualTo(first);
        assertThat(other.migrations()).containsExactly("wave");
    }
}
