package io.carryall.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.migration.Limits;
import io.carryall.core.migration.MailServer;
import io.carryall.core.migration.MailServer.Login;
import io.carryall.core.migration.MigrationSpec;
import io.carryall.core.port.MailException;
import io.carryall.core.port.MailException.Kind;
import io.carryall.core.port.Passes.PassPair;
import io.carryall.core.port.ServerAddress;
import io.carryall.core.port.ServerAddress.Security;
import io.carryall.core.port.SourceSession;
import io.carryall.testkit.fake.FakeClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ConnectionsTest {
    private final CountingMail mail = new CountingMail();
    private final FakeClock clock = new FakeClock();
    private final Logins logins = new Logins(new Secrets(Path.of("/nowhere"), Map.of("PW", "secret")::get));
    private final Connections connections = new Connections(mail, logins, clock, ConnectionsConfig.DEFAULT, ConnectionsListener.NONE);

    @AfterEach
    void close() {
        connections.close();
    }

    @Test
    void what_comes_back_is_used_again_for_the_same_mailbox() {
        open("ann").close();
        open("ann").close();
        assertThat(mail.count()).isEqualTo(1);
    }

    @Test
    void a_mailbox_gets_no_more_connections_than_its_limit() {
        open("ann");
        open("ann");
        assertThat(source("ann")).isInstanceOf(Acquired.Busy.class);
        open("bob");
    }

    @Test
    void a_host_gets_no_more_connections_than_its_limit() {
        open("ann");
        open("bob");
        open("cid");
        assertThat(source("dan")).isInstanceOf(Acquired.Busy.class);
    }

    @Test
    void an_idle_connection_makes_room_for_another_mailbox() {
        open("ann").close();
        open("bob");
        open("cid");
        open("dan");
        assertThat(mail.opened.get(0).closed).isTrue();
    }

    @Test
    void whoever_waits_gets_what_comes_back() throws Exception {
        Pooled<SourceSession> first = open("ann");
        open("ann");
        CompletableFuture<Acquired<SourceSession>> waiting = CompletableFuture.supplyAsync(() -> connections.source(pass(Login.EACH_USER), pair("ann"), Duration.ofMinutes(1)));
        first.close();
        assertThat(waiting.get(120, TimeUnit.SECONDS)).isInstanceOf(Acquired.Open.class);
    }

    @Test
    void a_refused_login_is_tried_once_in_a_pass() {
        mail.failure = new MailException(Kind.LOGIN_REFUSED, "no");
        assertRefused(source("ann"));
        assertRefused(source("ann"));
        assertThat(mail.count()).isEqualTo(1);
        mail.failure = null;
        open("bob");
    }

    @Test
    void an_administrator_who_is_always_refused_is_given_up() {
        mail.failure = new MailException(Kind.LOGIN_REFUSED, "no");
        PassContext pass = pass(new Login(Login.As.ADMIN, "root", "env:PW", null));
        for (int i = 0; i < 10; i++) {
            assertRefused(connections.source(pass, pair("user" + i), Duration.ZERO));
        }
        assertThat(mail.count()).isEqualTo(3);
    }

    @Test
    void an_administrator_who_got_in_before_is_not_given_up_for_some_mailboxes() {
        PassContext pass = pass(new Login(Login.As.ADMIN, "root", "env:PW", null));
        assertThat(connections.source(pass, pair("good"), Duration.ZERO)).isInstanceOf(Acquired.Open.class);
        mail.failure = new MailException(Kind.LOGIN_REFUSED, "no");
        for (int i = 0; i < 5; i++) {
            assertRefused(connections.source(pass, pair("bad" + i), Duration.ZERO));
        }
        assertThat(mail.count()).isEqualTo(6);
    }

    @Test
    void a_host_that_asks_for_patience_is_left_alone_by_all() {
        mail.failure = new MailException(Kind.TRY_LATER, "busy", 7_000, null);
        assertThat(source("ann")).isEqualTo(new Acquired.Busy<>(7_000, true));
        assertThat(source("bob")).isEqualTo(new Acquired.Busy<>(7_000, true));
        assertThat(mail.count()).isEqualTo(1);
        mail.failure = null;
        clock.advance(Duration.ofMillis(7_000));
        open("bob");
    }

    @Test
    void a_mailbox_that_is_never_let_in_for_now_does_not_keep_the_others_of_its_host_out() {
        mail.failures.put("broken", new MailException(Kind.TRY_LATER, "NO [UNAVAILABLE]"));
        int gotIn = 0;
        for (int second = 0; second < 600; second++) {
            source("broken");
            if (source("user" + second) instanceof Acquired.Open<SourceSession> open) {
                gotIn++;
                open.connection().close();
            }
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(gotIn).isGreaterThan(590);
        assertThat(mail.count("broken")).as("tried less and less often, once a minute at last").isBetween(8L, 15L);
        mail.failures.clear();
        clock.advance(Duration.ofMinutes(1));
        open("broken").close();
    }

    @Test
    void a_mailbox_whose_commands_are_always_put_off_does_not_keep_the_others_of_its_host_out() {
        int gotIn = 0;
        for (int second = 0; second < 600; second++) {
            if (source("broken") instanceof Acquired.Open<SourceSession> open) {
                open.connection().broken(new MailException(Kind.TRY_LATER, "NO [INUSE]"));
            }
            if (source("user" + second) instanceof Acquired.Open<SourceSession> open) {
                gotIn++;
                open.connection().close();
            }
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(gotIn).isGreaterThan(590);
        assertThat(mail.count("broken")).isBetween(8L, 15L);
    }

    @Test
    void a_mailbox_that_may_have_fewer_connections_than_we_want_keeps_on_using_those_that_it_has() {
        Pooled<SourceSession> only = open("ann");
        mail.failures.put("ann", new MailException(Kind.TRY_LATER, "NO [LIMIT]"));
        assertThat(source("ann")).isEqualTo(new Acquired.Busy<>(5_000, true));
        only.close();
        clock.advance(Duration.ofSeconds(5));
        Pooled<SourceSession> again = open("ann");
        clock.advance(Duration.ofSeconds(5));
        assertThat(source("ann")).isEqualTo(new Acquired.Busy<>(5_000, true));
        again.close();
        open("ann");
        open("bob");
    }

    @Test
    void a_host_that_puts_off_everybody_is_asked_by_one_at_a_time() {
        mail.failure = new MailException(Kind.TRY_LATER, "busy");
        for (int second = 0; second < 60; second++) {
            for (int user = 0; user < 20; user++) {
                source("user" + user);
            }
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(mail.count()).isEqualTo(12);
    }

    @Test
    void a_host_out_of_reach_is_tried_less_and_less_often() {
        mail.failure = new MailException(Kind.UNREACHABLE, "gone");
        assertThat(source("ann")).isEqualTo(new Acquired.Unavailable<>(Reason.UNREACHABLE, "gone", 250, 0));
        source("ann");
        assertThat(mail.count()).isEqualTo(1);
        clock.advance(Duration.ofMillis(250));
        assertThat(source("bob")).isEqualTo(new Acquired.Unavailable<>(Reason.UNREACHABLE, "gone", 500, 250));
        mail.failure = null;
        clock.advance(Duration.ofMillis(500));
        open("ann");
    }

    @Test
    void a_broken_connection_is_closed_and_makes_room() {
        open("ann").broken(new MailException(Kind.UNREACHABLE, "cut"));
        assertThat(mail.opened.get(0).closed).isTrue();
        open("ann");
        open("ann");
    }

    @Test
    void a_secret_that_cannot_be_read_is_a_refused_login_and_leaves_no_connection_behind() {
        PassPair pair = new PassPair(new PairId("p"), 1, true, "ann", "ann", "ann", "ann", "env:NONE", null);
        assertRefused(connections.source(pass(Login.EACH_USER), pair, Duration.ZERO));
        assertThat(mail.count()).isZero();
        open("ann");
        open("ann");
    }

    @Test
    void bytes_beyond_the_limit_have_to_wait() {
        Pooled<SourceSession> connection = open("ann");
        assertThat(connection.spend(1_000)).isZero();
        assertThat(connection.spend(500)).isEqualTo(500);
        clock.advance(Duration.ofMillis(500));
        assertThat(connection.spend(250)).isEqualTo(250);
    }

    private Pooled<SourceSession> open(String mailbox) {
        Acquired<SourceSession> acquired = source(mailbox);
        assertThat(acquired).isInstanceOf(Acquired.Open.class);
        return ((Acquired.Open<SourceSession>) acquired).connection();
    }

    private Acquired<SourceSession> source(String mailbox) {
        return connections.source(pass(Login.EACH_USER), pair(mailbox), Duration.ZERO);
    }

    private static void assertRefused(Acquired<SourceSession> acquired) {
        assertThat(acquired).isInstanceOfSatisfying(Acquired.Unavailable.class, unavailable -> assertThat(unavailable.reason()).isEqualTo(Reason.LOGIN_REFUSED));
    }

    private static PassPair pair(String mailbox) {
        return new PassPair(new PairId("p"), 1, true, mailbox, mailbox, null, null, "env:PW", "env:PW");
    }

    private static PassContext pass(Login login) {
        MailServer server = new MailServer("s", new ServerAddress("host", 143, Security.NONE, null), false, login);
        MigrationSpec spec = new MigrationSpec("m", server, server, null, null, null, null, null, false, new Limits(new Limits.Side(3, 2, 1_000), null), null);
        return new PassContext(new PassId("m", 1), spec, true, false);
    }
}
