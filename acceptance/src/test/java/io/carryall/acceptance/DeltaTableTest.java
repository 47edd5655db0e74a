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
import java.util.stream.IntStream;
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

    @Test
    @DisplayName("a filter was narrowed: nothing is copied, and nothing is removed")
    void a_filter_was_narrowed() {
        Box.source("narrowed").append("INBOX", Mail.of("january").at(day(15)), Mail.of("july").at(day(195))).fill("Lists", 0, 2);
        Migration migration = migration("narrowed");
        migration.run().exits(0).counts(4, 0, 0, 0);
        Box.source("narrowed").append("INBOX", Mail.of("february").at(day(40)), Mail.of("august").at(day(220)));

        Outcome run = migration.with("filter", "{ since: 2024-06-01, folders: { exclude: [\"Lists\"] } }").run().exits(0).counts(1, 2, 1, 0);

        assertThat(run.pair("narrowed@old.example").at("/excludedFolders/0/source").asText()).isEqualTo("Lists");
        assertThat(Box.target("narrowed").messages()).isEqualTo(5);
        migration.with("filter", "{ }").verifiedAfter(Migration::run).exits(0).counts(1, 5, 0, 0);
    }

    private static void madeAnew(String name, String folder, Mail... mails) {
        Box.source(name).use(imap -> {
            imap.delete(folder);
            imap.create(folder);
            imap.append(folder, mails);
        });
    }

    private static Mail[] work(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> Mail.of("work " + i).at(day(i + 1))).toArray(Mail[]::new);
    }

    @Test
    @DisplayName("a folder's UIDVALIDITY changed: nothing is copied again, what can't be recognised is copied")
    void a_folders_UIDVALIDITY_changed() {
        Box.source("uidvalidity").append("Work", work(0, 6));
        Migration migration = migration("uidvalidity");
        migration.run().exits(0).counts(6, 0, 0, 0);
        madeAnew("uidvalidity", "Work", work(1, 8));

        Outcome run = migration.verifiedAfter(Migration::run).exits(0).counts(2, 6, 0, 0);

        assertThat(run.warnings()).singleElement().satisfies(warning -> {
            assertThat(warning.path("what").asText()).isEqualTo("rekeyed");
            assertThat(warning.path("folder").asText()).isEqualTo("Work");
            assertThat(warning.path("detail").asText()).contains("5 recognised, 2 not");
        });
        assertThat(Box.target("uidvalidity").messages()).isEqualTo(8);
        migration.run().exits(0).counts(0, 8, 0, 0);
    }

    @Test
    @DisplayName("a folder was made anew and is filled piece by piece while passes go on: nothing is copied again")
    void a_folder_was_restored_piece_by_piece() {
        Box.source("pieces").append("Work", work(0, 6));
        Migration migration = migration("pieces");
        migration.run().exits(0).counts(6, 0, 0, 0);
        madeAnew("pieces", "Work");
        migration.run().exits(0).counts(0, 6, 0, 0);
        Box.source("pieces").append("Work", work(0, 4));

        Outcome run = migration.run().exits(0).counts(0, 6, 0, 0);
        assertThat(run.warnings()).singleElement().satisfies(warning -> assertThat(warning.path("what").asText()).isEqualTo("rekeyed"));
        Box.source("pieces").append("Work", work(4, 7));

        migration.verifiedAfter(Migration::run).exits(0).counts(1, 6, 0, 0);
        assertThat(Box.target("pieces").messages()).isEqualTo(7);
    }

    @Test
    @DisplayName("a folder's UIDs were used again: nothing is copied again, what can't be recognised is copied")
    void a_folders_UIDs_were_used_again() {
        Box source = Box.source("used-again").append("Work", work(0, 4));
        Migration migration = migration("used-again");
        migration.run().exits(0).counts(4, 0, 0, 0);
        long[] uidValidity = new long[1];
        source.use(imap -> uidValidity[0] = imap.examine("Work").uidValidity());
        madeAnew("used-again", "Work", Mail.of("other 1").at(day(100)), Mail.of("work 2").at(day(3)));
        source.server().doveadm("mailbox", "update", "-u", source.user(), "--uid-validity", Long.toString(uidValidity[0]), "Work");
        source.use(imap -> assertThat(imap.examine("Work").uidValidity()).isEqualTo(uidValidity[0]));

        Outcome run = migration.verifiedAfter(Migration::run).exits(0).counts(1, 4, 0, 0);

        assertThat(run.warnings()).extracting(warning -> warning.path("what").asText()).containsExactly("rekeyed");
        assertThat(Box.target("used-again").messageIds("Work")).hasSize(5).contains("<other.1@old.example>");
        migration.run().exits(0).counts(0, 5, 0, 0);
    }

    @Test
    @DisplayName("a folder was renamed: nothing is copied again; its new mail goes to the same folder on the target as the old")
    void a_folder_was_renamed() {
        Migration migration = moved("renamed");
        Box.source("renamed").use(imap -> imap.rename("A", "Projects")).fill("Projects", 1, 1);

        Outcome run = migration.run().exits(0).counts(1, 3, 0, 0);

        assertThat(run.warnings()).extracting(warning -> warning.path("what").asText()).containsExactly("folder-followed");
        assertThat(Box.target("renamed").messageIds("A")).hasSize(2);
        assertThat(Box.target("renamed").messages()).isEqualTo(4);
        assertThat(migration.run().exits(0).counts(0, 4, 0, 0).warnings()).isEmpty();

        migration.with("folders", "{ map: { Projects: A } }").verifiedAfter(Migration::run).exits(0).counts(0, 4, 0, 0);
    }

    @Test
    @DisplayName("a folder was renamed, and the migration says renames: copy: it is copied under its new name")
    void a_folder_was_renamed_and_renames_are_copied() {
        Migration migration = moved("renamed-copy").with("renames", "copy");
        Box.source("renamed-copy").use(imap -> imap.rename("A", "Projects"));

        migration.verifiedAfter(Migration::run).exits(0).counts(1, 2, 0, 0);

        assertThat(Box.target("renamed-copy").messageIds("A")).hasSize(1).isEqualTo(Box.target("renamed-copy").messageIds("Projects"));
    }

    private static Mail draft(String text) {
        return Mail.of(("From: Anna <anna@old.example>\r\nSubject: " + text + "\r\nMessage-ID: <draft@old.example>\r\n\r\n" + text + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    private static void edited(String name, String folder) {
        Box.source(name).append(folder, draft("second state")).use(imap -> {
            imap.select(folder);
            imap.expunge("1");
        });
    }

    @Test
    @DisplayName("a draft was edited: the first copy stays as it is")
    void a_draft_was_edited() {
        Box.source("draft").append("Drafts", draft("first state"));
        Migration migration = migration("draft");
        migration.run().exits(0).counts(1, 0, 0, 0);
        edited("draft", "Drafts");

        Outcome run = migration.run().exits(0).counts(0, 2, 0, 0);

        assertThat(run.warnings()).extracting(warning -> warning.path("what").asText()).containsExactly("revised");
        assertThat(Box.target("draft").messages()).isEqualTo(1);
        assertThat(migration.run().exits(0).counts(0, 2, 0, 0).warnings()).isEmpty();
    }

    @Test
    @DisplayName("a draft was edited, and the migration says revised: copy: the new state is copied as well")
    void a_draft_was_edited_and_revisions_are_copied() {
        Box.source("draft-copy").append("Drafts", draft("first state"));
        Migration migration = migration("draft-copy").with("revised", "copy");
        migration.run().exits(0).counts(1, 0, 0, 0);
        edited("draft-copy", "Drafts");

        Outcome run = migration.verifiedAfter(Migration::run).exits(0).counts(1, 1, 0, 0);

        assertThat(run.warnings()).extracting(warning -> warning.path("what").asText()).containsExactly("superseded");
        assertThat(Box.target("draft-copy").messages()).isEqualTo(2);
    }

    @Test
    @DisplayName("a folder was deleted: nothing; its copy stays. A folder was made: made on the target, also when it is empty")
    void a_folder_was_deleted_and_one_was_made() {
        Migration migration = moved("folder-gone");
        Box.source("folder-gone").use(imap -> {
            imap.delete("A");
            imap.create("Empty");
        });

        migration.run().exits(0);

        assertThat(Box.target("folder-gone").messageIds("A")).hasSize(1);
        assertThat(Box.target("folder-gone").look().folders()).containsKey("Empty");
    }

    @Test
    @DisplayName("folders.map now sends a folder somewhere else: what was copied stays where it is; new mail goes to the new place")
    void a_folder_mapping_changed() {
        Migration migration = moved("mapped");
        Box.source("mapped").fill("A", 1, 1);

        migration.with("folders", "{ map: { A: \"Old/A\" } }").run().exits(0).counts(1, 3, 0, 0);
        assertThat(Box.target("mapped").messageIds("A")).hasSize(1);
        assertThat(Box.target("mapped").messageIds("Old/A")).hasSize(1);

        Box.source("mapped").fill("A", 2, 1);
        migration.with("folders", "{ map: { } }").run().exits(0).counts(1, 4, 0, 0);
        assertThat(Box.target("mapped").messageIds("A")).hasSize(2);
        assertThat(Box.target("mapped").messages()).isEqualTo(5);
    }

    @Test
    @DisplayName("an entry of a folder of special use was taken out of folders.map: new mail goes to its counterpart")
    void a_folder_of_special_use_is_not_mapped_any_more() {
        Box.source("unmapped").fill("Sent", 0, 1);
        Migration migration = migration("unmapped").with("folders", "{ map: { Sent: Gesendet } }");
        migration.run().exits(0).counts(1, 0, 0, 0);
        Box.source("unmapped").fill("Sent", 1, 1);

        migration.with("folders", "{ map: { } }").run().exits(0).counts(1, 1, 0, 0);

        assertThat(Box.target("unmapped").messageIds("Gesendet")).hasSize(1);
        assertThat(Box.target("unmapped").messageIds("Sent")).hasSize(1);
        migration.run().exits(0).counts(0, 2, 0, 0);
    }

    @Test
    @DisplayName("a pair was taken off the list, and came back: it goes on where it stood. A pair was added: it begins with a full pass")
    void pairs_were_removed_and_added() {
        Migration migration = moved("list-1");
        Box.source("list-1").fill("INBOX", 2, 1);
        Box.source("list-2").fill("INBOX", 0, 2);

        Outcome without = migration.without("list-1@old.example").pair("list-2@old.example", "list-2@new.example").run().exits(0).counts(2, 0, 0, 0);
        assertThat(without.json().path("pairs").findValuesAsText("kind")).containsExactly("full");
        assertThat(Box.target("list-1").messages()).isEqualTo(3);

        Outcome back = migration.pair("list-1@old.example", "list-1@new.example").verifiedAfter(Migration::run).exits(0).counts(1, 5, 0, 0);
        assertThat(back.json().path("pairs").findValuesAsText("kind")).containsExactly("delta", "delta");
    }

    @Test
    @DisplayName("reset of a pair: the next pass copies all that the filters let through")
    void a_pair_was_reset() {
        Migration migration = moved("reset");
        migration.command("reset", List.of("--mailbox", "reset@old.example")).exits(1);
        migration.run().exits(0).counts(0, 3, 0, 0);

        Outcome reset = migration.command("reset", List.of("--mailbox", "reset@old.example", "--yes")).exits(0);
        assertThat(reset.json().path("messages").asLong()).isEqualTo(3);

        Outcome run = migration.run().exits(0).counts(3, 0, 0, 0);
        assertThat(run.json().at("/pairs/0/kind").asText()).isEqualTo("full");
        assertThat(Box.target("reset").messages()).isEqualTo(6);
        migration.run().exits(0).counts(0, 3, 0, 0);
    }

    @Test
    @DisplayName("an address was renamed: remap keeps the pair's id, so nothing is copied twice")
    void an_address_was_renamed() throws IOException {
        Migration migration = moved("maiden");
        Files.move(mailOf("maiden"), mailOf("married"));
        Box.source("married").fill("INBOX", 2, 1);
        migration.without("maiden@old.example").pair("married@old.example", "maiden@new.example");

        migration.command("remap", List.of("--from", "maiden@old.example", "--to", "married@old.example", "--side", "source")).exits(0);

        Outcome run = migration.verifiedAfter(Migration::run).exits(0).counts(1, 3, 0, 0);
        assertThat(run.json().at("/pairs/0/kind").asText()).isEqualTo("delta");
        assertThat(Box.target("maiden").messages()).isEqualTo(4);
        migration.pair("elsewhere@old.example", "maiden@new.example").with("allow-shared-target", "true").run().exits(0);
        migration.without("elsewhere@old.example").command("remap", List.of("--from", "married@old.example", "--to", "elsewhere@old.example", "--side", "source")).exits(1);
    }

    @Test
    @DisplayName("remap to a target that does not hold what was recorded: warned about")
    void remap_to_a_target_without_the_recorded_messages() {
        Migration migration = moved("wrong-target");

        Outcome wrong = migration.command("remap", List.of("--from", "wrong-target@new.example", "--to", "empty-target@new.example", "--side", "target")).exits(0);
        assertThat(wrong.err()).contains("of 3 messages that the ledger recorded none stands where it should in empty-target@new.example");

        Outcome back = migration.command("remap", List.of("--from", "empty-target@new.example", "--to", "wrong-target@new.example", "--side", "target")).exits(0);
        assertThat(back.err()).doesNotContain("none stands");
        migration.run().exits(0).counts(0, 3, 0, 0);
    }

    private static Path mailOf(String name) {
        return Installation.shared().source().directory().resolve("mail").resolve(name + "@old.example");
    }

    @Test
    @DisplayName("two migrations have the same pair at the same time: nothing is copied twice")
    void two_migrations_have_the_same_pair_at_the_same_time() {
        Box source = Box.source("at-once").generate(0, 300);
        Migration one = migration("at-once");
        Migration other = Migration.of(directory, "at-once-too").pair("at-once@old.example", "at-once@new.example");
        Command.Started first = Command.start(directory, Migration.environment(), one.arguments("run", List.of()));

        Outcome second = other.run().exits(0);

        Outcome done = first.await(Deadline.LONG).exits(0);
        assertThat(done.migrated() + second.migrated()).isEqualTo(300);
        assertThat(source.look().differencesOf(Box.target("at-once").look())).isEmpty();
        one.run().exits(0).counts(0, 300, 0, 0);
    }
}
