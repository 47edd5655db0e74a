package io.carryall.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carryall.core.migration.MigrationSpec;
import io.carryall.json.MigrationJson;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunCommandTest {
    @TempDir
    Path directory;
    private Path file;
    private FakeControl control;

    @BeforeEach
    void control() throws Exception {
        file = MigrationFixture.write(directory);
        control = new FakeControl("secret-token");
    }

    @AfterEach
    void close() {
        control.close();
    }

    @Test
    void the_result_is_printed_exactly_as_the_service_gave_it() {
        CommandRun run = run("--json");

        assertThat(run.status()).isZero();
        assertThat(run.json()).isEqualTo(control.result);
        assertThat(run.out().strip()).hasLineCount(1);
    }

    @Test
    void the_service_gets_the_migration_with_references_and_never_a_secret() {
        run("--json", "--mailbox", "ANN@old.example", "--dry-run");

        MigrationSpec spec = new MigrationJson().read(control.begun.get("spec").toString());
        assertThat(spec.migration()).isEqualTo("acme-wave-1");
        assertThat(spec.mailboxes()).extracting("sourceSecret").containsExactly("env:ANN", "env:ANN");
        assertThat(control.begun.get("mailboxes")).hasToString("[\"ann@old.example\"]");
        assertThat(control.begun.get("dryRun").asBoolean()).isTrue();
        assertThat(control.begun.toString()).doesNotContain("ann's").doesNotContain("master's");
    }

    @Test
    void people_get_a_table_and_what_needs_attention() {
        control.result = FakeControl.result("{'migration':'acme-wave-1','pass':2,'kind':'delta','state':'finished','found':3,'migrated':1,'alreadyThere':1,'excluded':0,'failed':1,'pending':0,'bytes':812345,'seconds':3.4,"
                + "'pairs':[{'source':'ann@old.example','target':'ann@new.example','kind':'delta','state':'finished','found':3,'migrated':1,'alreadyThere':1,'excluded':0,'failed':1,'pending':0,"
                + "'failures':[{'folder':'Se\u202ent','uid':17,'messageId':'<x@y>','size':91234567,'reason':'too-large','detail':'NO \\u001b[2Jtoo big','retryable':false}],'warnings':[],"
                + "'excludedFolders':[{'source':'Trash','messages':12}]}]}");
        CommandRun run = run();

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.out()).contains("ann@old.example", "uid 17 91.2 MB <x@y>: too-large: NO \\u001b[2Jtoo big", "left out: Trash with 12 messages",
                "acme-wave-1, pass 2 (delta): finished. 3 found = 1 migrated + 1 already there + 0 excluded + 1 failed + 0 pending; 812.3 KB in 3.4 s");
        assertThat(run.out()).doesNotContain("\u001b").doesNotContain("\u202e");
        assertThat(run.err()).contains("pass 2 (delta) begins");
    }

    @Test
    void quiet_means_no_word_on_standard_error() {
        assertThat(run("--quiet").err()).isEmpty();
    }

    @Test
    void a_migration_that_is_running_exits_with_1_and_says_which_pass() {
        control.conflict = "pass 2 of acme-wave-1 is running since 10:00";
        CommandRun run = run("--json");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.json().at("/errors/0/message").asText()).isEqualTo("pass 2 of acme-wave-1 is running since 10:00");
    }

    @Test
    void with_wait_it_begins_when_the_running_pass_has_ended() {
        control.conflict = "pass 1 is running";
        control.onPass = () -> {
            if (control.requests.stream().filter("POST /api/passes"::equals).count() > 1) {
                control.conflict = null;
            }
        };
        CommandRun run = run("--wait");

        assertThat(run.status()).isZero();
        assertThat(run.err()).contains("pass 1 is running; waiting for its end");
    }

    @Test
    void what_the_service_finds_wrong_exits_with_1() {
        control.wrong = "no such secret env:ANN";

        assertThat(run("--json").json().at("/errors/0/message").asText()).isEqualTo("no such secret env:ANN");
    }

    @Test
    void a_mailbox_that_is_not_in_the_list_is_wrong() {
        CommandRun run = run("--json", "--mailbox", "nobody");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.json().at("/errors/0/message").asText()).contains("nobody");
        assertThat(control.requests).isEmpty();
    }

    @Test
    void ctrl_c_stops_the_pass_and_prints_what_stands() throws Exception {
        control.looksUntilEnd = Integer.MAX_VALUE;
        List<CommandRun> runs = new ArrayList<>();
        Interruption[] interruption = new Interruption[1];
        Thread command = new Thread(() -> {
            interruption[0] = Interruption.ofThisThread();
            runs.add(run("--json"));
        });
        command.start();
        Deadline.await("the pass is followed", () -> control.requests.stream().filter(r -> r.startsWith("GET /api/migrations")).count() > 2);
        interruption[0].request();
        command.join(120_000);

        assertThat(runs).singleElement().satisfies(run -> {
            assertThat(run.status()).isEqualTo(130);
            assertThat(run.json().get("state").asText()).isEqualTo("interrupted");
        });
        assertThat(control.interrupted).isTrue();
    }

    @Test
    void a_stack_that_ends_in_the_middle_of_a_pass_exits_with_3_and_what_was_last_heard_of_it() {
        control.looksUntilEnd = 9;
        control.looksUntilLost = 2;
        ((ObjectNode) control.result.path("pairs").get(0)).put("state", "running");
        CommandRun run = run("--json");

        assertThat(run.status()).isEqualTo(3);
        assertThat(run.json().path("state").asText()).isEqualTo("failed");
        assertThat(run.json().at("/error/detail").asText()).contains("no such pass");
        assertThat(run.json().path("pass").asInt()).isEqualTo(2);
        assertThat(run.json().path("found").asInt()).isEqualTo(3);
        assertThat(run.json().at("/pairs/0/state").asText()).isEqualTo("interrupted");
    }

    @Test
    void a_service_out_of_reach_exits_with_3_and_a_result_that_says_so() {
        control.close();
        CommandRun run = run("--json");

        assertThat(run.status()).isEqualTo(3);
        assertThat(run.json().get("state").asText()).isEqualTo("failed");
        assertThat(run.json().at("/error/reason").asText()).isEqualTo("unreachable");
        assertThat(List.of("found", "migrated", "alreadyThere", "excluded", "failed", "pending", "bytes")).allMatch(count -> run.json().path(count).asLong(-1) == 0);
    }

    @Test
    void status_shows_one_migration_or_all() {
        assertThat(command("status", "--json").json().at("/migrations/0/migration").asText()).isEqualTo("acme-wave-1");
        assertThat(command("status", file.toString(), "--json").json()).isEqualTo(control.result);
        assertThat(command("status").out()).contains("acme-wave-1").contains("already there");
        assertThat(command("status", file.toString(), "--mailbox", "nobody", "--json").json().get("pairs")).isEmpty();
    }

    private CommandRun run(String... options) {
        List<String> args = new ArrayList<>(List.of("run", file.toString()));
        args.addAll(List.of(options));
        return command(args.toArray(String[]::new));
    }

    private CommandRun command(String... args) {
        List<String> all = new ArrayList<>(List.of("--server", control.url().toString()));
        all.addAll(List.of(args));
        return CommandRun.of(directory, MigrationFixture.ENVIRONMENT, all.toArray(String[]::new));
    }
}
