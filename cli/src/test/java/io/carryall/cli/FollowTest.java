package io.carryall.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FollowTest {
    @TempDir
    Path directory;
    private Path file;
    private FakeControl control;
    private Thread command;
    private final List<CommandRun> runs = new ArrayList<>();

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
    void ctrl_c_between_two_passes_is_the_end_that_following_has() throws Exception {
        CommandRun run = interruptedWhen("the first pass has ended and nothing is due", () -> control.followed.contains("nextSeconds"));

        assertThat(run.status()).isZero();
        assertThat(run.json().path("state").asText()).isEqualTo("finished");
        assertThat(run.json().path("follow").asBoolean()).isTrue();
        assertThat(run.json().path("passes").asInt()).isEqualTo(1);
        assertThat(run.json().path("copied").asInt()).isEqualTo(1);
        assertThat(run.json().at("/pairs/0/source").asText()).isEqualTo("ann@old.example");
        assertThat(run.json().at("/pairs/0/lagSeconds").asDouble()).isPositive();
        assertThat(run.json().at("/pairs/0/pass").asInt()).isEqualTo(2);
        assertThat(control.interrupted).isFalse();
    }

    @Test
    void ctrl_c_during_a_pass_cuts_it() throws Exception {
        control.looksUntilEnd = Integer.MAX_VALUE;
        CommandRun run = interruptedWhen("the pass is shown", () -> control.requests.stream().filter(r -> r.endsWith("/passes/2")).count() > 2);

        assertThat(run.status()).isEqualTo(130);
        assertThat(run.json().path("state").asText()).isEqualTo("interrupted");
        assertThat(run.json().at("/cut/pass").asInt()).isEqualTo(2);
        assertThat(control.interrupted).isTrue();
    }

    @Test
    void ctrl_c_while_a_pass_that_was_cut_waits_to_be_gone_on_with_is_no_good_end() throws Exception {
        control.interrupted = true;
        CommandRun run = interruptedWhen("it was cut twice, and says only that it is there", () -> control.requests.stream().filter(r -> r.endsWith("/passes/2")).count() > 1
                && control.requests.get(control.requests.size() - 1).startsWith("PUT /api/migrations/acme-wave-1/followers/"));

        assertThat(run.status()).isEqualTo(130);
        assertThat(run.json().path("state").asText()).isEqualTo("interrupted");
        assertThat(run.json().path("passes").asInt()).isZero();
    }

    @Test
    void somebody_may_ask_it_to_stop_between_two_passes() throws Exception {
        start();
        Deadline.await("the first pass has ended", () -> control.followed.contains("nextSeconds"));
        control.stopFollowers = true;
        command.join(120_000);

        assertThat(runs).singleElement().satisfies(run -> assertThat(run.status()).isZero());
        assertThat(control.requests).anyMatch(request -> request.startsWith("DELETE /api/migrations/acme-wave-1/followers/"));
    }

    @Test
    void a_pass_that_was_paused_ends_it_with_3() throws Exception {
        control.result.put("state", "paused");
        start();
        command.join(120_000);

        assertThat(runs).singleElement().satisfies(run -> {
            assertThat(run.status()).isEqualTo(3);
            assertThat(run.json().path("state").asText()).isEqualTo("paused");
        });
    }

    @Test
    void a_mailbox_that_stops_ends_nothing_and_is_held_back() throws Exception {
        control.result = FakeControl.result("{'migration':'acme-wave-1','pass':2,'kind':'delta','state':'failed','error':{'reason':'login-refused','detail':'1 of 2'},'found':1,'migrated':1,'alreadyThere':0,'excluded':0,'failed':0,'pending':0,"
                + "'bytes':1,'seconds':0.5,'pairs':[{'source':'ann@old.example','target':'ann@new.example','state':'failed','error':{'reason':'login-refused','detail':'NO'},'found':0},"
                + "{'source':'bob@old.example','target':'bob@new.example','state':'finished','found':1,'migrated':1,'alreadyThere':0,'excluded':0,'failed':0,'pending':0}]}");
        CommandRun run = interruptedWhen("the second pass, over one of the two", () -> control.followed.contains("\"passes\":2") && control.followed.contains("nextSeconds"));

        assertThat(control.begun.path("mailboxes")).hasToString("[\"bob@old.example\"]");
        assertThat(run.status()).isEqualTo(3);
        assertThat(run.json().at("/pairs/0/heldBack/reason").asText()).isEqualTo("login-refused");
        assertThat(run.json().at("/pairs/0/heldBack/nextSeconds").asDouble()).isGreaterThan(1_000);
        assertThat(run.json().at("/pairs/0/lagSeconds").isNull()).isTrue();
        assertThat(run.json().at("/pairs/1/lagSeconds").isNumber()).isTrue();
    }

    @Test
    void a_migration_that_is_running_is_not_followed() throws Exception {
        control.conflict = "pass 2 is running since 10:00";
        start();
        command.join(120_000);

        assertThat(runs).singleElement().satisfies(run -> assertThat(run.status()).isEqualTo(1));
    }

    @Test
    void status_watch_tells_each_pass_in_one_line_while_it_is_followed_and_how_following_stands() throws Exception {
        control.followed = "{\"migration\":\"acme-wave-1\",\"passes\":2,\"copied\":1,\"lagSeconds\":8.1,\"pairs\":[{\"source\":\"ann@old.example\",\"lagSeconds\":8.1}]}";
        command = new Thread(() -> runs.add(CommandRun.of(Path.of("/nowhere"), MigrationFixture.ENVIRONMENT, "status", file.toString(), "--watch", "--server", control.url().toString())));
        command.start();
        Deadline.await("it has looked three times", () -> control.requests.stream().filter(request -> request.endsWith("/following")).count() > 3);
        command.interrupt();
        command.join(120_000);

        assertThat(runs).singleElement().satisfies(run -> {
            assertThat(run.out().lines()).singleElement().asString().startsWith("acme-wave-1 pass 2 (delta): 1 migrated").contains("lag 8 s");
            assertThat(run.err()).contains("acme-wave-1 is followed: 2 passes, 1 copied, lag 8 s");
        });
    }

    private void start() {
        command = new Thread(() -> runs.add(CommandRun.of(Path.of("/nowhere"), MigrationFixture.ENVIRONMENT, "run", file.toString(), "--follow", "--json", "--server", control.url().toString())));
        command.start();
    }

    private CommandRun interruptedWhen(String what, BooleanSupplier condition) throws Exception {
        start();
        Deadline.await(what, condition);
        command.interrupt();
        command.join(120_000);
        assertThat(runs).hasSize(1);
        return runs.get(0);
    }
}
