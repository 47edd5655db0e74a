package io.carryall.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carryall.testkit.dovecot.Dovecot;
import io.carryall.testkit.mail.Mail;
import io.carryall.testkit.net.FaultProxy;
import io.carryall.testkit.net.FaultProxy.Action;
import io.carryall.testkit.net.FaultProxy.Direction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bad items never stop good ones, and bad mailboxes no others. */
@Tag("integration")
final class BadItemsTest {

    @TempDir
    Path directory;

    private static Mail large(String subject, int bytes) {
        return Mail.of(("From: a@old.example\r\nSubject: " + subject + "\r\nMessage-ID: <" + subject + "@old.example>\r\n\r\n" + "0123456789abcde\r\n".repeat(bytes / 17)).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void messages_that_the_target_finds_too_large_fail_alone() {
        try (Dovecot target = Dovecot.builder().maxMessageBytes(100_000).start()) {
            Box source = Box.source("large").fill("INBOX", 0, 5).append("INBOX", large("huge-1", 150_000)).fill("INBOX", 5, 3).append("INBOX", large("huge-2", 150_000)).fill("INBOX", 8, 2).fill("Sent", 0, 2);
            Migration migration = Migration.of(directory, "large").to(target).pair("large@old.example", "large@new.example");

            Outcome run = migration.run().exits(2).counts(12, 0, 0, 2);

            assertThat(run.failures()).hasSize(2).allSatisfy(failure -> {
                assertThat(failure.path("reason").asText()).isEqualTo("too-large");
                assertThat(failure.path("folder").asText()).isEqualTo("INBOX");
                assertThat(failure.path("size").asLong()).isBetween(140_000L, 151_000L);
                assertThat(failure.path("detail").asText()).isNotBlank();
                assertThat(failure.path("retryable").asBoolean()).isFalse();
            });
            assertThat(run.failures()).extracting(failure -> failure.path("uid").asLong() + failure.path("messageId").asText()).containsExactlyInAnyOrder("6<huge-1@old.example>", "10<huge-2@old.example>");
            assertThat(new Box(target, "large@new.example").messages()).isEqualTo(12);
            assertThat(source.messages()).isEqualTo(14);
            // They are not tried again by themselves, and still told.
            Outcome again = migration.run().exits(2).counts(0, 12, 0, 2);
            assertThat(again.failures()).hasSize(2);
        }
    }

    @Test
    void a_message_that_the_source_cannot_deliver_fails_alone_and_is_tried_again_by_the_next_run() {
        // What the server says of this one can't be parsed, however it is asked for.
        try (MaskingProxy garbled = new MaskingProxy(Installation.shared().source().port()).mask("* 4 FETCH (UID 4 FLAGS (", "* 4 FETCH (UID 4 FLAGS \"")) {
            Box.source("broken").fill("INBOX", 0, 7);
            Migration migration = Migration.of(directory, "broken").fromPort(garbled.port()).pair("broken@old.example", "broken@new.example");

            Outcome run = migration.run().exits(2).counts(6, 0, 0, 1);

            assertThat(run.failures()).hasSize(1).allSatisfy(failure -> {
                assertThat(failure.path("uid").asLong()).isEqualTo(4);
                assertThat(failure.path("reason").asText()).isEqualTo("unreadable");
                assertThat(failure.path("retryable").asBoolean()).isTrue();
            });
            assertThat(Box.target("broken").messages()).isEqualTo(6);
            migration.from(Installation.shared().source()).verifiedAfter(Migration::run).exits(0).counts(1, 6, 0, 0);
        }
    }

    @Test
    void a_message_that_vanishes_between_scan_and_copy_is_told_and_is_no_failure_of_the_pass() {
        try (FaultProxy between = new FaultProxy(Installation.shared().source().port())) {
            Box source = Box.source("vanish").fill("INBOX", 0, 6);
            between.trapBeforeText(Direction.TO_SERVER, "BODY.PEEK[]", Action.HOLD);
            CompletableFuture<Outcome> run = CompletableFuture.supplyAsync(() -> Migration.of(directory, "vanish").fromPort(between.port()).pair("vanish@old.example", "vanish@new.example").run());
            between.awaitSprung(1, Deadline.LONG);
            source.use(imap -> {
                imap.select("INBOX");
                imap.expunge("3");
            });
            between.release();

            Outcome outcome = run.join().exits(0).counts(5, 0, 0, 1);
            assertThat(outcome.failures()).hasSize(1).allSatisfy(failure -> {
                assertThat(failure.path("reason").asText()).isEqualTo("vanished");
                assertThat(failure.path("uid").asLong()).isEqualTo(3);
            });
            assertThat(source.look().items("INBOX")).extracting(item -> item.messageId()).containsExactlyElementsOf(Box.target("vanish").messageIds("INBOX"));
        }
    }

    @Test
    void a_full_quota_parks_its_pair_alone_and_the_next_run_goes_on() {
        Dovecot target = Installation.shared().target();
        target.quota("full@new.example", 60_000);
        Box.source("full").append("INBOX", large("q1", 25_000), large("q2", 25_000), large("q3", 25_000), large("q4", 25_000));
        Box.source("roomy").fill("INBOX", 0, 5);
        Migration migration = Migration.of(directory, "quota").pair("full@old.example", "full@new.example").pair("roomy@old.example", "roomy@new.example");

        Outcome run = migration.run().exits(3);

        assertThat(run.pair("full@old.example").path("state").asText()).isEqualTo("failed");
        assertThat(run.pair("full@old.example").at("/error/reason").asText()).isEqualTo("quota");
        assertThat(run.pair("full@old.example").at("/error/detail").asText()).isNotBlank();
        assertThat(run.pair("full@old.example").path("pending").asLong()).isPositive();
        assertThat(run.pair("roomy@old.example").path("state").asText()).isEqualTo("finished");
        assertThat(Box.target("roomy").messages()).isEqualTo(5);

        target.quota("full@new.example", 10_000_000);
        long before = run.pair("full@old.example").path("migrated").asLong();
        migration.verifiedAfter(Migration::run).exits(0).counts(4 - before, 5 + before, 0, 0);
    }

    @Test
    void a_refused_login_is_tried_once_and_stops_its_pair_alone() {
        Dovecot source = Installation.shared().source();
        Box.source("locked").fill("INBOX", 0, 3);
        Box.source("open").fill("INBOX", 0, 4);
        source.refuse("locked@old.example");
        long before = refusals(source.log());
        Migration migration = Migration.of(directory, "login").pair("locked@old.example", "locked@new.example").pair("open@old.example", "open@new.example");

        Outcome run = migration.run().exits(3);

        JsonNode locked = run.pair("locked@old.example");
        assertThat(locked.path("state").asText()).isEqualTo("failed");
        assertThat(locked.at("/error/reason").asText()).isEqualTo("login-refused");
        assertThat(run.pair("open@old.example").path("migrated").asLong()).isEqualTo(4);
        Deadline.await(Deadline.LONG, source::log, () -> refusals(source.log()) > before);
        assertThat(refusals(source.log())).as(source.log()).isEqualTo(before + 1);

        source.accept("locked@old.example");
        migration.verifiedAfter(Migration::run).exits(0).counts(3, 4, 0, 0);
    }

    @Test
    void a_login_that_the_target_refuses_stops_its_pair_alone() {
        Dovecot target = Installation.shared().target();
        Box.source("noentry").fill("INBOX", 0, 3);
        Box.source("entry").fill("INBOX", 0, 4);
        target.refuse("noentry@new.example");
        Migration migration = Migration.of(directory, "entry").pair("noentry@old.example", "noentry@new.example").pair("entry@old.example", "entry@new.example");

        Outcome run = migration.run().exits(3);

        assertThat(run.pair("noentry@old.example").at("/error/reason").asText()).isEqualTo("login-refused");
        assertThat(run.pair("entry@old.example").path("migrated").asLong()).isEqualTo(4);
        target.accept("noentry@new.example");
        migration.verifiedAfter(Migration::run).exits(0).counts(3, 4, 0, 0);
    }

    private static long refusals(String log) {
        return log.lines().filter(line -> line.contains("auth: Info: User found from deny passdb")).count();
    }

    @Test
    void a_server_out_of_reach_stops_its_pairs_and_the_next_run_goes_on() {
        try (FaultProxy away = new FaultProxy(Installation.shared().target().port())) {
            Box.source("away").fill("INBOX", 0, 5);
            Box.source("awaytoo").fill("INBOX", 0, 5);
            away.refuse(true);
            Migration migration = Migration.of(directory, "away").toPort(away.port()).pair("away@old.example", "away@new.example").pair("awaytoo@old.example", "awaytoo@new.example");

            Outcome run = migration.run().exits(3);

            run.json().path("pairs").forEach(pair -> assertThat(pair.at("/error/reason").asText()).as(pair.toString()).isEqualTo("unreachable"));
            away.refuse(false);
            migration.verifiedAfter(Migration::run).exits(0).counts(10, 0, 0, 0);
        }
    }

    @Test
    void a_connection_that_is_cut_in_the_middle_costs_nothing() {
        try (FaultProxy source = new FaultProxy(Installation.shared().source().port()); FaultProxy target = new FaultProxy(Installation.shared().target().port())) {
            Box box = Box.source("cut").fill("INBOX", 0, 300);
            source.trapBytes(Direction.TO_CLIENT, 40_000, Action.CUT);
            target.trapBytes(Direction.TO_SERVER, 30_000, Action.RESET);

            Migration.of(directory, "cut").fromPort(source.port()).toPort(target.port()).pair("cut@old.example", "cut@new.example").verifiedAfter(Migration::run).exits(0).counts(300, 0, 0, 0);

            assertThat(source.sprung() + target.sprung()).isEqualTo(2);
            // The order may be another: what is tried again comes after what went meanwhile.
            assertThat(Box.target("cut").messageIds("INBOX")).containsExactlyInAnyOrderElementsOf(box.messageIds("INBOX"));
        }
    }
}
