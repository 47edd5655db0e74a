package io.carryall.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.testkit.dovecot.Dovecot;
import io.carryall.testkit.mail.MailboxSnapshot;
import io.carryall.testkit.net.FaultProxy;
import io.carryall.testkit.net.FaultProxy.Action;
import io.carryall.testkit.net.FaultProxy.Direction;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Two installed Carryalls, each with its own Kafka and its own services, of which neither knows the other: all that they share is the keyspace of one Cassandra, and the mailboxes that they are to move. */
@Tag("integration")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TwoInstallationsTest {
    private static final Map<String, String> QUICK = Map.of("CARRYALL_MAIL_INSTANCES", "4", "CARRYALL_COPIER_LEASE_MILLIS", "6000", "CARRYALL_COPIER_QUARANTINE_MILLIS", "8000", "CARRYALL_CONTROL_SWEEP_MILLIS", "5000");

    /** Less than a folder of generated mail. */
    private static final int SOME_OF_IT = 100_000;

    private final Dovecot source = Dovecot.started();
    private final Dovecot target = Dovecot.started();
    private Cluster one;
    private Cluster other;
    private ServiceProcess oneControl;
    private ServiceProcess otherControl;
    @TempDir
    private Path directory;
    @TempDir
    private Path otherDirectory;

    @BeforeAll
    void both_are_started() {
        one = Cluster.start();
        other = Cluster.onLedgerOf(one);
        oneControl = services(one);
        otherControl = services(other);
        Map<String, Integer> groups = Map.of("carryall-scanner", 1, "carryall-ledger", 1, "carryall-copier", 1);
        one.awaitReady(groups);
        other.awaitReady(groups);
    }

    private static ServiceProcess services(Cluster cluster) {
        List.of("scanner-service", "ledger-service", "copier-service").forEach(module -> cluster.start(module, List.of("-Xmx256m"), QUICK));
        return cluster.start("control-service", List.of("-Xmx256m"), QUICK);
    }

    @AfterAll
    void everything_is_stopped() {
        for (Cluster cluster : new Cluster[] {other, one}) {
            if (cluster != null) {
                cluster.close();
            }
        }
        source.close();
        target.close();
    }

    @Test
    void the_same_mailboxes_at_the_same_time_are_copied_once_and_one_of_the_two_says_that_it_joins_in() {
        List<String> names = names("at-once", 4);
        names.forEach(name -> box(source, name).generate(0, 150));
        // Slowly enough that the one is still at it when the other begins.
        Migration first = onOne("at-once", names).with("limits", "{ target: { bytes-per-second: 2MB } }");
        Migration second = onOther("at-once-too", names).with("limits", "{ target: { bytes-per-second: 2MB } }");

        CompletableFuture<Outcome> running = CompletableFuture.supplyAsync(first::run);
        Outcome joined = second.run().exits(0);
        Outcome begun = await(running).exits(0);

        assertThat(begun.migrated() + joined.migrated()).isEqualTo(600);
        Stream.of(begun, joined).forEach(outcome -> assertThat(outcome.json().path("found").asLong()).isEqualTo(600));
        assertThat(Stream.of(begun, joined).flatMap(outcome -> outcome.warnings().stream()).map(warning -> warning.path("what").asText())).isNotEmpty().containsOnly("also-running");
        assertOnce(names);
        second.run().exits(0).counts(0, 600, 0, 0);
        first.run().exits(0).counts(0, 600, 0, 0);
    }

    @Test
    void one_after_another_each_takes_what_the_other_copied_for_done_and_copies_what_is_new() {
        List<String> names = names("in-turn", 2);
        names.forEach(name -> box(source, name).fill("INBOX", 0, 10).fill("Work", 0, 5));
        onOne("in-turn", names).run().exits(0).counts(30, 0, 0, 0);

        Outcome there = onOther("in-turn-too", names).run().exits(0).counts(0, 30, 0, 0);
        assertThat(there.json().at("/pairs/0/kind").asText()).as("the pair's, in whatever migration it stands").isEqualTo("delta");
        assertThat(there.json().at("/pairs/0/folders/0/skipped").asBoolean()).isTrue();
        names.forEach(name -> box(source, name).fill("Work", 5, 2));
        onOther("in-turn-too", names).run().exits(0).counts(4, 30, 0, 0);

        onOne("in-turn", names).run().exits(0).counts(0, 34, 0, 0);
        assertOnce(names);
    }

    @Test
    void a_migration_that_one_installation_runs_is_refused_by_the_other_which_can_wait_for_its_end() {
        List<String> names = names("same", 1);
        names.forEach(name -> box(source, name).generate(0, 200));
        try (FaultProxy between = new FaultProxy(target.port())) {
            between.trapBytes(Direction.TO_SERVER, SOME_OF_IT, Action.HOLD);
            Migration first = onOne("same", names).toPort(between.port());
            Migration second = onOther("same", names).toPort(between.port());
            CompletableFuture<Outcome> running = CompletableFuture.supplyAsync(first::run);
            between.awaitSprung(1, Deadline.LONG);

            // It looks for a while whether whoever runs the pass is alive: it has to be held up as long.
            Outcome refused = second.run().exits(1);
            CompletableFuture<Outcome> waiting = CompletableFuture.supplyAsync(() -> second.run("--wait"));
            between.release();

            await(running).exits(0).counts(200, 0, 0, 0);
            assertThat(refused.json().at("/errors/0/message").asText()).contains("same", "pass 1", "running");
            Outcome waited = await(waiting).exits(0).counts(0, 200, 0, 0);
            assertThat(waited.json().path("pass").asInt()).isEqualTo(2);
        }
        assertOnce(names);
    }

    @Test
    void a_pass_is_brought_to_its_end_by_the_other_installation_when_the_services_of_the_one_are_killed() {
        List<String> names = names("left", 1);
        names.forEach(name -> box(source, name).generate(0, 900));
        try (FaultProxy between = new FaultProxy(target.port())) {
            leaveInTheMiddle(names, between);

            Outcome brought = onOther("left", names).toPort(between.port()).run("--wait").exits(0);

            assertThat(brought.json().path("found").asLong()).isEqualTo(900);
            assertThat(brought.failures()).isEmpty();
            onOne("left", names).toPort(between.port()).run().exits(0).counts(0, 900, 0, 0);
        }
        assertOnce(names);
    }

    private void leaveInTheMiddle(List<String> names, FaultProxy between) {
        between.trapBytes(Direction.TO_SERVER, SOME_OF_IT, Action.HOLD);
        Cluster third = Cluster.onLedgerOf(one);
        try {
            ServiceProcess control = services(third);
            third.awaitReady(Map.of("carryall-scanner", 1, "carryall-ledger", 1, "carryall-copier", 1));
            Migration begun = migration(directory, "left", control, names).toPort(between.port());
            CompletableFuture<Outcome> running = CompletableFuture.supplyAsync(begun::run);
            between.awaitSprung(1, Deadline.LONG);
            third.kill();
            assertThat(await(running).status()).isEqualTo(3);
        } finally {
            third.close();
            between.release();
        }
    }

    private static List<String> names(String stem, int count) {
        return IntStream.range(0, count).mapToObj(i -> stem + i).toList();
    }

    private static Box box(Dovecot server, String name) {
        return new Box(server, name + "@old.example");
    }

    private Migration onOne(String name, List<String> names) {
        return migration(directory, name, oneControl, names);
    }

    private Migration onOther(String name, List<String> names) {
        return migration(otherDirectory, name, otherControl, names);
    }

    private Migration migration(Path files, String name, ServiceProcess control, List<String> names) {
        Migration migration = Migration.installed(files, name, control.url()).from(source).to(target);
        names.forEach(each -> migration.pair(each + "@old.example", each + "@old.example"));
        return migration;
    }

    private static Outcome await(CompletableFuture<Outcome> running) {
        Deadline.await(Deadline.LONG, "the pass ends", running::isDone);
        return running.join();
    }

    private void assertOnce(List<String> names) {
        for (String name : names) {
            MailboxSnapshot left = box(source, name).look();
            assertThat(left.differencesOf(box(target, name).look())).as(name).isEmpty();
        }
    }
}
