package io.carryall.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carryall.testkit.mail.Mail;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was set aside comes back, and what was given up comes back when an operator says so. A full quota and a server that is away are in {@link BadItemsTest}, lost records in {@link LostRecordsTest}. */
@Tag("integration")
final class ParkedWorkTest {

    @TempDir
    Path directory;

    @Test
    void what_the_target_refused_arrives_once_after_its_cause_is_gone_and_it_was_retried() {
        String user = "retried@new.example";
        Installation.shared().target().maxMessageBytes(user, 50_000);
        Box.source("retried").fill("INBOX", 0, 4).append("INBOX", large("too-large", 80_000)).fill("INBOX", 4, 3);
        Migration migration = Migration.of(directory, "retried").pair("retried@old.example", user);
        Outcome refused = migration.run().exits(2).counts(7, 0, 0, 1);
        assertThat(refused.failures()).singleElement().satisfies(failure -> assertThat(failure.path("reason").asText()).isEqualTo("too-large"));

        Installation.shared().target().maxMessageBytes(user, 1_000_000);
        migration.run().exits(2).counts(0, 7, 0, 1);
        JsonNode retried = migration.command("retry", List.of("--reason", "too-large")).json();

        assertThat(retried.path("items").asInt()).isEqualTo(1);
        migration.verifiedAfter(Migration::run).exits(0).counts(1, 7, 0, 0);
        migration.run().exits(0).counts(0, 8, 0, 0);
        assertThat(Box.target("retried").messages()).isEqualTo(8);
    }

    private static Mail large(String subject, int bytes) {
        return Mail.of(("From: a@old.example\r\nSubject: " + subject + "\r\nMessage-ID: <" + subject + "@old.example>\r\n\r\n" + "0123456789abcde\r\n".repeat(bytes / 17)).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_paused_migration_keeps_still_until_it_is_resumed_and_then_ends_with_everything_moved_once() {
        Box.source("paused").generate(0, 1_200);
        Box.source("neighbour").fill("INBOX", 0, 5);
        Migration migration = Migration.of(directory, "paused").pair("paused@old.example", "paused@new.example").with("limits", "{ target: { bytes-per-second: 400KB } }");
        Command.Started command = Command.start(directory, Migration.environment(), migration.arguments("run", List.of()));
        Deadline.await(Deadline.LONG, "something arrived", () -> Box.target("paused").messages() > 0);

        assertThat(migration.command("pause", List.of()).exits(0).json().path("state").asText()).isEqualTo("paused");

        Outcome paused = command.await(Deadline.LONG).exits(3);
        assertThat(paused.json().path("state").asText()).isEqualTo("paused");
        assertThat(paused.json().path("pending").asLong()).isPositive();
        Migration.of(directory, "neighbour").pair("neighbour@old.example", "neighbour@new.example").run().exits(0).counts(5, 0, 0, 0);

        Outcome resumed = migration.command("resume", List.of()).exits(0).counts(1_200, 0, 0, 0);
        assertThat(resumed.json().path("pass").asInt()).isEqualTo(1);
        migration.verified();
        migration.run().exits(0).counts(0, 1_200, 0, 0);
    }
}
