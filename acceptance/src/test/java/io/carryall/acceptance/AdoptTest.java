package io.carryall.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.testkit.mail.Mail;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ledger is lost: what was migrated with the shared installation is looked at by one that knows nothing of it. */
@Tag("integration")
final class AdoptTest {
    private static Elsewhere elsewhere;

    @TempDir
    Path directory;

    @BeforeAll
    static void start() throws Exception {
        elsewhere = Elsewhere.start("adopt");
    }

    @AfterAll
    static void stop() {
        elsewhere.close();
    }

    private Migration forgotten(String name) {
        return Migration.of(directory, name).on(elsewhere.state());
    }

    @Test
    void without_its_ledger_a_migrated_pair_is_stopped_and_adopted_and_goes_on() {
        Box.source("adopt1").generate(0, 300);
        Migration.of(directory, "adopt1").pair("adopt1@old.example", "adopt1@new.example").run().exits(0).counts(300, 0, 0, 0);
        Box.source("adopt2").fill("INBOX", 0, 5);
        Box.target("adopt2").append("INBOX", Mail.of("a mail of their own"));
        Box.target("adopt1").append("INBOX", Mail.of("mail that came meanwhile"));
        Migration migration = forgotten("adopt-lost").pair("adopt1@old.example", "adopt1@new.example").pair("adopt2@old.example", "adopt2@new.example");

        Outcome stopped = migration.run().exits(3);

        assertThat(stopped.pair("adopt1@old.example").path("state").asText()).isEqualTo("failed");
        assertThat(stopped.pair("adopt1@old.example").at("/error/reason").asText()).isEqualTo("copied-before");
        assertThat(stopped.pair("adopt1@old.example").at("/error/detail").asText()).contains("run --adopt");
        assertThat(stopped.pair("adopt2@old.example").path("state").asText()).isEqualTo("finished");
        assertThat(stopped.migrated()).isEqualTo(5);
        assertThat(Box.target("adopt1").messages()).isEqualTo(301);
        migration.run().exits(3);
        assertThat(Box.target("adopt1").messages()).isEqualTo(301);

        Outcome adopted = migration.run("--adopt").exits(0).counts(0, 305, 0, 0);

        assertThat(adopted.warnings()).extracting(warning -> warning.path("what").asText()).contains("adopted");
        assertThat(Box.target("adopt1").messages()).isEqualTo(301);
        Box.source("adopt1").generate(300, 20);
        migration.verifiedAfter(Migration::run).exits(0).counts(20, 305, 0, 0);
        migration.run().exits(0).counts(0, 325, 0, 0);
        assertThat(Box.target("adopt1").messages()).isEqualTo(321);
        Migration older = Migration.of(directory, "adopt1").pair("adopt1@old.example", "adopt1@new.example");
        notices(older);
    }

    /** The shared installation knows nothing of what the other one copied: its ledger is like one that was restored from a backup. */
    private static void notices(Migration older) {
        Box.source("adopt1").generate(320, 10);

        assertThat(older.run().exits(3).pair("adopt1@old.example").at("/error/reason").asText()).isEqualTo("copied-before");
        assertThat(Box.target("adopt1").messages()).isEqualTo(321);
        older.verifiedAfter(migration -> migration.run("--adopt")).exits(0).counts(10, 320, 0, 0);
        assertThat(Box.target("adopt1").messages()).isEqualTo(331);
    }

    @Test
    void what_another_tool_changed_on_its_way_is_left_to_an_operator_who_accepts_it_or_has_it_copied() {
        Mail[] mails = IntStream.range(0, 4).mapToObj(i -> Mail.of("adopt4 " + i)).toArray(Mail[]::new);
        Mail[] changed = Arrays.stream(mails).map(mail -> Mail.of((new String(mail.content(), StandardCharsets.UTF_8) + "Found to be clean.\r\n").getBytes(StandardCharsets.UTF_8)).at(mail.internalDate())).toArray(Mail[]::new);
        Box.source("adopt4").append("INBOX", mails);
        Box.target("adopt4").append("INBOX", mails[0], changed[1], changed[2]);
        Migration migration = forgotten("adopt-changed").pair("adopt4@old.example", "adopt4@new.example");
        migration.run().exits(3);

        Outcome adopted = migration.run("--adopt").exits(2).counts(1, 1, 0, 2);

        assertThat(adopted.failures()).allSatisfy(failure -> {
            assertThat(failure.path("reason").asText()).isEqualTo("ambiguous");
            assertThat(failure.path("messageId").asText()).startsWith("<");
        });
        Outcome accepted = migration.command("retry", List.of("--reason", "ambiguous", "--accept", "--folder", "INBOX", "--uid", "2"));
        assertThat(accepted.json().path("items").asInt()).isEqualTo(1);
        assertThat(accepted.json().path("accepted").asBoolean()).isTrue();
        assertThat(migration.command("retry", List.of("--reason", "ambiguous")).json().path("items").asInt()).isEqualTo(1);
        migration.run().exits(0).counts(1, 3, 0, 0);
        assertThat(Box.target("adopt4").messages()).isEqualTo(5);
        migration.run().exits(0).counts(0, 4, 0, 0);
    }

    @Test
    void a_pair_that_was_reset_is_copied_again_without_asking() {
        Box.source("adopt3").fill("INBOX", 0, 4);
        Box.target("adopt3").append("INBOX", IntStream.range(0, 4).mapToObj(i -> Mail.of("adopt3 INBOX " + i)).toArray(Mail[]::new));
        Migration migration = forgotten("adopt-reset").pair("adopt3@old.example", "adopt3@new.example");
        migration.run().exits(3);

        migration.command("reset", List.of("--mailbox", "adopt3@old.example", "--yes"));

        migration.run().exits(0).counts(4, 0, 0, 0);
        assertThat(Box.target("adopt3").messages()).isEqualTo(8);
    }
}
