package io.carryall.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.testkit.dovecot.Dovecot;
import io.carryall.testkit.dovecot.MailFormat;
import io.carryall.testkit.mail.Mail;
import io.carryall.testkit.mail.MailboxSnapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a delta pass does: a test for each row of the table that operators know, under the row's own words. Every test has a first pass behind it when the row begins. */
@Tag("integration")
@DisplayName("After the first pass")
final class DeltaTableTest {
    @TempDir
    Path directory;

    private static OffsetDateTime day(int dayOf2024) {
        return OffsetDateTime.parse("2024-01-01T12:00:00Z").plusDays(dayOf2024 - 1L);
    }

    private Migration migration(String name) {
        return Migration.of(directory, name).pair(name + "@old.example", name + "@new.example");
    }

    /** Two messages in INBOX, one in A, moved by a full pass. */
    private Migration moved(String name) {
        Box.source(name).fill("INBOX", 0, 2).fill("A", 0, 1).use(imap -> imap.ensure("B"));
        Migration migration = migration(name);
        migration.run().exits(0).counts(3, 0, 0, 0);
        return migration;
    }

    @Test
    @DisplayName("a new item arrived: copied")
    void a_new_item_arrived() {
        Migration migration = moved("new-item");
        Box source = Box.source("new-item").fill("INBOX", 2, 1);

        migration.verifiedAfter(Migration::run).exits(0).counts(1, 3, 0, 0);

        assertThat(Box.target("new-item").messageIds("INBOX")).isEqualTo(source.messageIds("INBOX")).hasSize(3);
    }

    @Test
    @DisplayName("a new item arrived in a new folder: copied")
    void a_new_item_arrived_in_a_new_folder() {
        Migration migration = moved("new-folder");
        Box.source("new-folder").fill("Brand/New", 0, 2);

        migration.verifiedAfter(Migration::run).exits(0).counts(2, 3, 0, 0);
    }

    @Test
    @DisplayName("an item was changed in place (same id): not copied again")
    void an_item_was_changed_in_place() throws IOException {
        try (Dovecot source = Dovecot.builder().format(MailFormat.MAILDIR).start()) {
            Box box = new Box(source, "in-place@old.example").append("INBOX", Mail.of("before"));
            Migration migration = migration("in-place").from(source);
            migration.run().exits(0).counts(1, 0, 0, 0);
            for (Path file : Checkout.files(source.directory())) {
                if (file.getParent().getFileName().toString().matches("cur|new") && file.toString().contains("in-place@old.example")) {
                    Files.writeString(file, Files.readString(file, StandardCharsets.ISO_8859_1).replace("before", "behind"), StandardCharsets.ISO_8859_1);
                }
            }
            box.fill("INBOX", 0, 1);

            migration.run().exits(0).counts(1, 1, 0, 0);

            assertThat(Box.target("in-place").messageIds("INBOX")).hasSize(2).contains("<before@old.example>");
        }
    }

    @Test
    @DisplayName("an item was copied from folder A to B: copied into B; A's copy stays")
    void an_item_was_copied_from_A_to_B() {
        Migration migration = moved("copied");
        Box.source("copied").use(imap -> {
            imap.select("A");
            imap.copy("1", "B");
        });

        migration.verifiedAfter(Migration::run).exits(0).counts(1, 3, 0, 0);

        assertThat(Box.target("copied").messageIds("A")).hasSize(1).isEqualTo(Box.target("copied").messageIds("B"));
    }

    @Test
    @DisplayName("an item was moved from A to B: copied into B; A's copy on the target stays")
    void an_item_was_moved_from_A_to_B() {
        Migration migration = moved("moved");
        Box.source("moved").use(imap -> {
            imap.select("A");
            imap.move("1", "B");
        });

        migration.run().exits(0).counts(1, 3, 0, 0);

        assertThat(Box.target("moved").messageIds("A")).hasSize(1).isEqualTo(Box.target("moved").messageIds("B"));
    }

    @Test
    @DisplayName("an item was deleted into Trash: copied into Trash; the earlier copy stays")
    void an_item_was_deleted_into_Trash() {
        Migration migration = moved("trash");
        Box.source("trash").use(imap -> {
            imap.select("INBOX");
            imap.move("1", "Trash");
        });

        migration.run().exits(0).counts(1, 3, 0, 0);

        assertThat(Box.target("trash").messageIds("Trash")).hasSize(1);
        assertThat(Box.target("trash").messageIds("INBOX")).hasSize(2);
    }

    @Test
    @DisplayName("an item was deleted into Trash, and Trash is excluded: nothing; the earlier copy stays")
    void an_item_was_deleted_into_an_excluded_Trash() {
        Box.source("no-trash").fill("INBOX", 0, 2).fill("Trash", 0, 1);
        Migration migration = migration("no-trash").with("filter", "{ folders: { exclude: [\"Trash\"] } }");
        migration.run().exits(0).counts(2, 0, 0, 0);
        Box.source("no-trash").use(imap -> {
            imap.select("INBOX");
            imap.move("1", "Trash");
        });

        Outcome run = migration.run().exits(0).counts(0, 2, 0, 0);

        assertThat(Box.target("no-trash").messageIds("Trash")).isEmpty();
        assertThat(Box.target("no-trash").messageIds("INBOX")).hasSize(2);
        assertThat(run.pair("no-trash@old.example").at("/excludedFolders/0/source").asText()).isEqualTo("Trash");
        assertThat(run.pair("no-trash@old.example").at("/excludedFolders/0/messages").asLong()).isEqualTo(2);
    }

    @Test
    @DisplayName("an item was deleted for good: nothing; the earlier copy stays")
    void an_item_was_deleted_for_good() {
        Migration migration = moved("deleted");
        Box.source("deleted").use(imap -> {
            imap.select("INBOX");
            imap.expunge("1");
        });

        migration.run().exits(0).counts(0, 3, 0, 0);

        assertThat(Box.target("deleted").messageIds("INBOX")).hasSize(2);
    }

    @Test
    @DisplayName("a time filter was widened: what it had excluded is copied")
    void a_time_filter_was_widened() {
        Box.source("time").append("INBOX", Mail.of("january").at(day(15)), Mail.of("march").at(day(75)), Mail.of("may").at(day(135)), Mail.of("july").at(day(195)));
        Migration migration = migration("time").with("filter", "{ since: 2024-03-01, until: 2024-05-01 }");

        migration.verifiedAfter(Migration::run).exits(0).counts(1, 0, 3, 0);
        migration.with("filter", "{ since: 2024-03-01 }").verifiedAfter(Migration::run).exits(0).counts(2, 1, 1, 0);
        migration.with("filter", "{ }").verifiedAfter(Migration::run).exits(0).counts(1, 3, 0, 0);

        assertThat(Box.target("time").messages()).isEqualTo(4);
    }

    @Test
    @DisplayName("a size filter was widened: what it had excluded is copied")
    void a_size_filter_was_widened() {
        Mail large = Mail.of(("Subject: large\r\nMessage-ID: <large@old.example>\r\n\r\n" + "large\r\n".repeat(2_000)).getBytes(StandardCharsets.UTF_8));
        Box.source("size").fill("INBOX", 0, 2).append("INBOX", large);
        Migration migration = migration("size").with("filter", "{ max-size: 10KB }");

        migration.run().exits(0).counts(2, 0, 1, 0);
        migration.with("filter", "{ max-size: 1MB }").verifiedAfter(Migration::run).exits(0).counts(1, 2, 0, 0);
    }

    @Test
    @DisplayName("a folder filter was widened: what it had excluded is copied")
    void a_folder_filter_was_widened() {
        Box.source("folders").fill("INBOX", 0, 1).fill("Junk/Old", 0, 2).fill("Junk", 0, 1).fill("Lists/a", 0, 1);
        Migration migration = migration("folders").with("filter", "{ folders: { exclude: [\"Junk/**\", \"Junk\", \"Lists/*\"] } }");

        migration.verifiedAfter(Migration::run).exits(0).counts(1, 0, 0, 0);
        migration.with("filter", "{ folders: { exclude: [\"Junk\"] } }").verifiedAfter(Migration::run).exits(0).counts(3, 1, 0, 0);
        migration.with("filter", "{ }").verifiedAfter(Migration::run).exits(0).counts(1, 4, 0, 0);
    }

    @Test
    @DisplayName("only flags changed: nothing by default")
    void only_flags_changed() {
        Migration migration = moved("flags");
        MailboxSnapshot before = Box.target("flags").look();
        Box.source("flags").use(imap -> {
            imap.select("INBOX");
            imap.addFlags("1:2", "\\Flagged", "\\Seen");
        });

        migration.run().exits(0).counts(0, 3, 0, 0);

        assertThat(Box.target("flags").look().items("INBOX")).isEqualTo(before.items("INBOX"));
    }

    @Test
    @DisplayName("an item was deleted on the target: not copied again")
    void an_item_was_deleted_on_the_target() {
        Migration migration = moved("target-deleted");
        Box.target("target-deleted").use(imap -> {
            imap.select("INBOX");
            imap.expunge("1");
        });
        Box.source("target-deleted").fill("INBOX", 2, 1);

        migration.run().exits(0).counts(1, 3, 0, 0);

        assertThat(Box.target("target-deleted").messageIds("INBOX")).hasSize(2);
    }

    @Test
    @DisplayName("another migration has the same pair: nothing is copied twice")
    void another_migration_has_the_same_pair() {
        moved("shared-pair");
        Box.source("shared-pair").fill("INBOX", 2, 1);
        Migration other = Migration.of(directory, "another").pair("SHARED-PAIR@old.example", "shared-pair@NEW.example").pair("shared-pair-2@old.example", "shared-pair-2@new.example");

        Outcome run = other.run().exits(0).counts(1, 3, 0, 0);

        assertThat(run.json().path("pass").asInt()).isEqualTo(1);
        assertThat(run.json().path("pairs").findValuesAsText("kind")).isEqualTo(List.of("delta", "full"));
        assertThat(Box.target("shared-pair").messages()).isEqualTo(4);
    }
}
