package io.carryall.control;

import static io.carryall.control.Installation.ANN;
import static io.carryall.control.Installation.BOB;
import static io.carryall.control.Installation.counts;
import static io.carryall.control.Installation.ended;
import static io.carryall.control.Installation.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.carryall.core.flags.FlagBase;
import io.carryall.core.flags.FlagSet;
import io.carryall.core.item.Fingerprint;
import io.carryall.core.item.FolderId;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Intents;
import io.carryall.core.port.Items;
import io.carryall.core.port.Leases.Lease;
import io.carryall.core.port.LedgerException;
import io.carryall.runtime.SystemClock;
import io.carryall.testkit.fake.Faults;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    private static final FolderId INBOX = new FolderId("inbox");

    @TempDir
    Path directory;
    private final List<Installation> installations = new ArrayList<>();

    private Installation installation() {
        Installation made = new Installation();
        installations.add(made);
        return made;
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (Installation installation : installations) {
            installation.close();
        }
    }

    @Test
    void what_one_installation_migrated_is_already_there_for_another_that_took_its_journal_in() throws Exception {
        Installation from = installation();
        from.pipeline.mailbox(ANN).with(4).refused.put(2L, Reason.TOO_LARGE);
        from.run(1, ANN);
        Installation into = installation();

        Map<String, Object> result = into.take(from.exported(directory));

        assertThat(result).containsEntry("merged", 1L).containsEntry("done", 3L).containsEntry("failed", 1L).containsEntry("seen", 4L).containsEntry("conflicts", 0L);
        into.pipeline.mailbox(ANN).with(5).refused.put(2L, Reason.TOO_LARGE);
        JsonNode run = into.run(1, ANN);
        assertThat(counts(run)).isEqualTo("5 = 1 + 3 + 0 + 1 + 0");
        assertThat(run.at("/pairs/0/kind").asText()).isEqualTo("delta");
        assertThat(run.at("/pairs/0/warnings")).isEmpty();
    }

    @Test
    void a_journal_that_is_taken_in_twice_changes_nothing_the_second_time() throws Exception {
        Installation from = installation();
        from.pipeline.mailbox(ANN).with(4).refused.put(2L, Reason.TOO_LARGE);
        from.run(1, ANN);
        Installation into = installation();
        into.take(from.exported(directory));
        var marks = into.ledger.folders().watermarks(into.pair(ANN).id(), 1);

        Map<String, Object> again = into.take(from.exported(directory));

        assertThat(again).containsEntry("unchanged", 1L).containsEntry("done", 0L).containsEntry("alreadyKnown", 3L).containsEntry("failed", 0L).containsEntry("seen", 0L);
        assertThat(into.ledger.folders().watermarks(into.pair(ANN).id(), 1)).isEqualTo(marks).hasSize(1);
        assertThat(from.take(into.exported(directory))).containsEntry("unchanged", 1L);
    }

    @Test
    void what_was_carried_of_flags_goes_along_and_nothing_that_is_known_is_overwritten() throws Exception {
        Installation from = installation();
        from.pipeline.mailbox(ANN).with(3);
        from.run(1, ANN);
        FlagBase there = new FlagBase(FlagSet.of("\\Seen"), FlagSet.of("\\Seen"), FlagSet.of("\\Seen"));
        from.ledger.items().flags(from.inbox(ANN), 4, 2, List.of(new Items.FollowedFlags(1, new PassId("wave", 1), there, Items.Followed.CARRIED, FlagSet.NONE),
                new Items.FollowedFlags(2, new PassId("wave", 1), there, Items.Followed.CARRIED, FlagSet.NONE)));
        Installation into = installation();
        into.take(from.exported(directory));
        FlagBase here = new FlagBase(FlagSet.NONE, FlagSet.NONE, FlagSet.NONE);
        into.ledger.items().flags(into.inbox(ANN), 1, 0, List.of(new Items.FollowedFlags(2, new PassId("wave", 1), here, Items.Followed.SAME, FlagSet.NONE)));

        into.take(from.exported(directory));

        Map<Long, Items.FollowedFlags> flags = into.ledger.items().flags(into.inbox(ANN), List.of(1L, 2L, 3L));
        assertThat(flags).containsOnlyKeys(1L, 2L);
        assertThat(flags.get(1L).base()).isEqualTo(there);
        assertThat(flags.get(2L).base()).isEqualTo(here);
    }

    @Test
    void one_mailbox_can_be_exported_alone() throws Exception {
        Installation from = installation();
        from.pipeline.mailbox(ANN).with(2);
        from.pipeline.mailbox(BOB).with(3);
        from.run(1, ANN, BOB);
        Installation into = installation();

        assertThat(into.take(from.exported(directory, "BOB@old.example"))).containsEntry("pairs", 1L).containsEntry("done", 3L);
        assertThat(from.control.journal().knows(BOB)).isTrue();
        assertThat(from.control.journal().knows("eve@old.example")).isFalse();
        assertThat(into.ledger.pairs().find(spec(ANN).nameOf(spec(ANN).mailboxes().get(0)))).isEmpty();
    }

    @Test
    void a_pair_of_a_pass_that_runs_is_left_alone_and_said_to_be_busy() throws Exception {
        Installation from = installation();
        from.pipeline.mailbox(ANN).with(2);
        from.pipeline.mailbox(BOB).with(3);
        from.run(1, ANN, BOB);
        Installation into = installation();
        into.pipeline.mailbox(ANN).with(2).hangs = true;
        into.control.start(spec(ANN), List.of(), false);
        long deadline = System.nanoTime() + 180_000_000_000L;
        PairId ann = into.ledger.pairs().named(spec(ANN).nameOf(spec(ANN).mailboxes().get(0))).id();
        while (into.ledger.folders().scanEnds(new PassId("wave", 1), ann, 1).isEmpty()) {
            assertThat(System.nanoTime()).as("the pass has its pair").isLessThan(deadline);
        }

        Map<String, Object> result = into.take(from.exported(directory));

        assertThat(result).containsEntry("busy", 1L).containsEntry("merged", 1L).containsEntry("done", 3L);
        assertThat(result.get("pairsTold").toString()).contains("import the file again");
        assertThat(into.done(BOB)).containsExactly(1L, 2L, 3L);
        into.control.interrupt(new PassId("wave", 1));
        assertThat(into.take(from.exported(directory))).containsEntry("busy", 0L).containsEntry("done", 2L);
    }

    @Test
    void a_pass_that_begins_while_a_journal_is_taken_in_waits_for_its_end() throws Exception {
        Installation into = installation();
        into.pipeline.mailbox(ANN).with(2);
        PassLease importing = PassLease.take(into.ledger.again().leases(), JournalImport.LEASE, Holder.thisProcess(false), new SystemClock(), 1_000).orElseThrow();
        ScheduledExecutorService renewing = Executors.newSingleThreadScheduledExecutor();
        renewing.scheduleWithFixedDelay(importing::renew, 50, 50, TimeUnit.MILLISECONDS);
        into.control.start(spec(ANN), List.of(), false);
        into.control.pass(new PassId("wave", 1)).orElseThrow().awaitNewerThan(Long.MAX_VALUE, 1_000);
        assertThat(into.ledger.pairs().find(spec(ANN).nameOf(spec(ANN).mailboxes().get(0)))).isEmpty();

        renewing.shutdownNow();
        assertThat(renewing.awaitTermination(120, TimeUnit.SECONDS)).isTrue();
        importing.release();

        assertThat(counts(ended(into.control, 1).get("result"))).isEqualTo("2 = 2 + 0 + 0 + 0 + 0");
    }

    @Test
    void no_pass_begins_after_an_import_that_broke_off_until_one_was_whole() throws Exception {
        Installation from = installation();
        from.pipeline.mailbox(ANN).with(2);
        from.run(1, ANN);
        Path file = from.exported(directory);
        Installation into = installation();
        into.ledger.faults().once("items.done", Faults.Fate.LOST_BEFORE);

        assertThatThrownBy(() -> into.take(file)).isInstanceOf(LedgerException.class);

        assertThat(into.control.start(spec(ANN), List.of(), false)).isInstanceOfSatisfying(Started.Wrong.class, wrong -> assertThat(wrong.errors()).singleElement().asString().contains("import the file again"));
        assertThat(into.take(file)).containsEntry("done", 2L);
        into.pipeline.mailbox(ANN).with(2);
        assertThat(counts(into.run(1, ANN))).isEqualTo("2 = 0 + 2 + 0 + 0 + 0");
    }

    @Test
    void what_is_in_doubt_there_is_in_doubt_here_until_somebody_looks() throws Exception {
        Installation from = installation();
        from.pipeline.mailbox(ANN).with(2);
        from.run(1, ANN);
        TargetFolder target = new TargetFolder("new/ann@new.example", "INBOX");
        Lease lease = from.ledger.leases().take(target, null, "copier").lease();
        Intents.Intent open = new Intents.Intent(target, lease.epoch(), 1, new PassId("wave", 1), from.inbox(ANN), 70, 12, List.of(new Intents.Item(3, new Fingerprint(1, 2, "h", "c"), Set.of("\\Seen"))));
        from.ledger.intents().open(open);
        from.ledger.items().claim(target, 70, Map.of(12L, from.inbox(ANN).item(3), 13L, from.inbox(ANN).item(9)));
        Installation into = installation();
        into.take(from.exported(directory));

        Lease there = into.ledger.leases().read(target).orElseThrow();
        assertThat(there.isFree()).isTrue();
        List<Intents.Intent> opened = into.ledger.intents().open(target, there.settledEpoch() + 1, there.epoch());
        assertThat(opened).singleElement().satisfies(intent -> {
            assertThat(intent.source()).isEqualTo(into.inbox(ANN));
            assertThat(intent.items()).isEqualTo(open.items());
            assertThat(intent.uidNextLow()).isEqualTo(12);
            assertThat(intent.targetUidValidity()).isEqualTo(70);
        });
        assertThat(into.ledger.items().claimed(target, 70, 12)).isEqualTo(Map.of(12L, into.inbox(ANN).item(3), 13L, into.inbox(ANN).item(9)));
        into.ledger.items().done(into.inbox(ANN), List.of(new Items.Done(3, new PassId("wave", 2), Items.How.SETTLED, new Fingerprint(1, 2, "h", "c"), target, 70, 12, Set.of(), Set.of())));
        into.take(from.exported(directory));
        assertThat(into.ledger.leases().read(target)).contains(there);
    }

    @Test
    void what_a_reset_forgot_does_not_come_back_and_a_reset_there_is_one_here() throws Exception {
        Installation from = installation();
        from.pipeline.mailbox(ANN).with(2);
        from.run(1, ANN);
        Path before = from.exported(directory);
        Installation into = installation();
        into.take(before);
        from.ledger.pairs().nextGeneration(from.pair(ANN).id(), 1);

        assertThat(into.take(from.exported(directory))).containsEntry("unchanged", 1L);
        assertThat(into.pair(ANN).generation()).isEqualTo(2);
        Map<String, Object> result = into.take(before);

        assertThat(result).containsEntry("refused", 1L);
        assertThat(result.get("pairsTold").toString()).contains("was reset here");
        assertThat(into.done(ANN)).isEmpty();
    }

    @Test
    void a_reset_there_is_none_here_while_the_pair_is_left_out() throws Exception {
        Installation from = installation();
        from.pipeline.mailbox(ANN).with(2);
        from.run(1, ANN);
        Installation into = installation();
        into.take(from.exported(directory));
        from.ledger.pairs().nextGeneration(from.pair(ANN).id(), 1);
        TargetFolder target = new TargetFolder("new/ann@new.example", "INBOX");
        from.ledger.folders().put(from.pair(ANN).id(), 2, into.ledger.folders().of(into.pair(ANN).id(), 1).get(0));
        from.ledger.intents().open(new Intents.Intent(target, from.ledger.leases().take(target, null, "copier").lease().epoch(), 1, new PassId("wave", 2), from.inbox(ANN), 70, 12,
                List.of(new Intents.Item(3, new Fingerprint(1, 2, "h", "c"), Set.of()))));
        PassLease writing = PassLease.take(into.ledger.again().leases(), target, Holder.thisProcess(false), new SystemClock(), 1_000).orElseThrow();
        ScheduledExecutorService renewing = Executors.newSingleThreadScheduledExecutor();
        renewing.scheduleWithFixedDelay(writing::renew, 50, 50, TimeUnit.MILLISECONDS);

        assertThat(into.take(from.exported(directory))).containsEntry("busy", 1L);
        assertThat(into.pair(ANN).generation()).as("else all of it would be copied again").isEqualTo(1);

        renewing.shutdownNow();
        assertThat(renewing.awaitTermination(120, TimeUnit.SECONDS)).isTrue();
        writing.release();
        assertThat(into.take(from.exported(directory))).containsEntry("busy", 0L).containsEntry("inDoubt", 1L);
        assertThat(into.pair(ANN).generation()).isEqualTo(2);
    }

    @Test
    void items_that_both_copied_are_told_and_new_facts_take_the_watermark_back() throws Exception {
        Installation from = installation();
        from.pipeline.mailbox(ANN).with(5);
        from.run(1, ANN);
        Installation into = installation();
        into.pipeline.mailbox(ANN).with(3);
        into.run(1, ANN);

        Map<String, Object> result = into.take(from.exported(directory));

        assertThat(result).containsEntry("done", 2L);
        assertThat(into.done(ANN)).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(into.ledger.folders().watermarks(into.pair(ANN).id(), 1)).singleElement().satisfies(mark -> assertThat(mark.status().uidValidity()).isZero());
        into.pipeline.mailbox(ANN).with(2);
        assertThat(counts(into.run(2, ANN))).isEqualTo("5 = 0 + 5 + 0 + 0 + 0");
    }
}
