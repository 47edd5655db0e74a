package io.carryall.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carryall.testkit.dovecot.Dovecot;
import io.carryall.testkit.mail.MailboxSnapshot;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of flags that people change after the first pass, on either side. */
@Tag("integration")
@DisplayName("Flags that change after the first pass")
final class FlagsTest {
    @TempDir
    Path directory;

    private Migration following(String name) {
        return Migration.of(directory, name).pair(name + "@old.example", name + "@new.example").with("flags", "follow");
    }

    /** Three messages in INBOX, without flags, moved by a full pass. */
    private Migration moved(String name) {
        Box.source(name).fill("INBOX", 0, 3);
        Migration migration = following(name);
        migration.run().exits(0).counts(3, 0, 0, 0);
        return migration;
    }

    private static List<Set<String>> flags(Box box) {
        return box.look().items("INBOX").stream().map(FlagsTest::lasting).toList();
    }

    private static Set<String> lasting(MailboxSnapshot.Item item) {
        Set<String> flags = new TreeSet<>(item.flags());
        flags.remove("\\Recent");
        return flags;
    }

    private static JsonNode inbox(Outcome outcome, String name) {
        for (JsonNode folder : outcome.pair(name + "@old.example").path("folders")) {
            if (folder.path("source").asText().equals("INBOX")) {
                return folder;
            }
        }
        throw new AssertionError("no INBOX in " + outcome.out());
    }

    @Test
    @DisplayName("on the source: carried to the copies, set and taken away, and nothing is done when nothing changed")
    void changes_of_the_source_arrive() {
        Migration migration = moved("flags-arrive");
        Box.source("flags-arrive").flag("INBOX", "1:2", "\\Seen");
        Box.source("flags-arrive").flag("INBOX", "2", "Work", "\\Deleted");

        Outcome second = migration.run().exits(0).counts(0, 3, 0, 0);

        assertThat(flags(Box.target("flags-arrive"))).containsExactly(Set.of("\\Seen"), Set.of("\\Seen", "Work", "\\Deleted"), Set.of());
        assertThat(inbox(second, "flags-arrive").path("flagsChanged").asInt()).isEqualTo(2);
        assertThat(second.warnings()).isEmpty();

        Outcome third = migration.run().exits(0).counts(0, 3, 0, 0);
        assertThat(inbox(third, "flags-arrive").path("skipped").asBoolean()).isTrue();
        assertThat(inbox(third, "flags-arrive").path("flagsChanged").asInt()).isZero();

        Box.source("flags-arrive").unflag("INBOX", "1:2", "\\Seen", "\\Deleted");
        migration.run().exits(0).counts(0, 3, 0, 0);
        assertThat(flags(Box.target("flags-arrive"))).containsExactly(Set.of(), Set.of("Work"), Set.of());
    }

    @Test
    @DisplayName("on the target: stay as the user left them, whatever the source does to the same flags")
    void changes_of_the_target_s_user_stay() {
        Migration migration = moved("flags-stay");
        Box.source("flags-stay").flag("INBOX", "1", "\\Seen");
        migration.run().exits(0);
        Box target = Box.target("flags-stay");
        target.unflag("INBOX", "1", "\\Seen");
        target.flag("INBOX", "2", "\\Flagged");
        Box.source("flags-stay").flag("INBOX", "1", "Work");
        Box.source("flags-stay").unflag("INBOX", "1", "\\Seen");
        Box.source("flags-stay").flag("INBOX", "1", "\\Seen");

        migration.run().exits(0).counts(0, 3, 0, 0);

        assertThat(flags(target)).containsExactly(Set.of("Work"), Set.of("\\Flagged"), Set.of());
        Box.source("flags-stay").flag("INBOX", "2", "\\Flagged");
        migration.run().exits(0);
        Box.source("flags-stay").unflag("INBOX", "2", "\\Flagged");
        migration.run().exits(0);
        assertThat(flags(target)).as("what both had set is the user's").containsExactly(Set.of("Work"), Set.of("\\Flagged"), Set.of());
    }

    @Test
    @DisplayName("with new mail in the same folder: both arrive")
    void together_with_new_mail() {
        Migration migration = moved("flags-new");
        Box.source("flags-new").fill("INBOX", 3, 1);
        Box.source("flags-new").flag("INBOX", "3", "\\Answered");

        migration.verifiedAfter(Migration::run).exits(0).counts(1, 3, 0, 0);

        assertThat(flags(Box.target("flags-new"))).containsExactly(Set.of(), Set.of(), Set.of("\\Answered"), Set.of());
    }

    @Test
    @DisplayName("while the migration says copy: left alone; they are carried once it says follow")
    void nothing_with_copy() {
        Migration migration = moved("flags-copy").with("flags", "copy");
        Box.source("flags-copy").flag("INBOX", "1", "\\Seen");
        migration.run().exits(0).counts(0, 3, 0, 0);
        assertThat(flags(Box.target("flags-copy"))).containsExactly(Set.of(), Set.of(), Set.of());

        Outcome followed = migration.with("flags", "follow").run().exits(0).counts(0, 3, 0, 0);

        assertThat(flags(Box.target("flags-copy"))).containsExactly(Set.of("\\Seen"), Set.of(), Set.of());
        assertThat(inbox(followed, "flags-copy").path("flagsChanged").asInt()).isEqualTo(1);
    }

    @Test
    @DisplayName("between servers without CONDSTORE: carried as well")
    void without_condstore() {
        try (Dovecot source = Dovecot.builder().without("CONDSTORE", "QRESYNC").start(); Dovecot target = Dovecot.builder().without("CONDSTORE", "QRESYNC").start()) {
            Box from = new Box(source, "plain@old.example").fill("INBOX", 0, 3);
            Box to = new Box(target, "plain@new.example");
            Migration migration = following("plain").from(source).to(target);
            migration.run().exits(0).counts(3, 0, 0, 0);
            from.flag("INBOX", "1", "\\Seen", "Work");
            to.flag("INBOX", "2", "\\Flagged");

            Outcome second = migration.run().exits(0).counts(0, 3, 0, 0);

            assertThat(flags(to)).containsExactly(Set.of("\\Seen", "Work"), Set.of("\\Flagged"), Set.of());
            assertThat(inbox(second, "plain").path("flagsChanged").asInt()).isEqualTo(1);
            assertThat(inbox(migration.run().exits(0), "plain").path("flagsChanged").asInt()).isZero();
        }
    }

    @Test
    @DisplayName("of items whose copies are gone, or whose folder was made anew on the target: told, and nothing is touched there")
    void copies_that_are_gone() {
        Migration migration = moved("flags-gone");
        Box target = Box.target("flags-gone").use(imap -> {
            imap.select("INBOX");
            imap.expunge("1");
        });
        Box.source("flags-gone").flag("INBOX", "1:2", "\\Seen");

        Outcome outcome = migration.run().exits(0).counts(0, 3, 0, 0);

        assertThat(flags(target)).containsExactly(Set.of("\\Seen"), Set.of());
        assertThat(outcome.warnings()).extracting(warning -> warning.path("what").asText() + " " + warning.path("uid").asInt()).containsExactly("flags-not-followed 1");
    }

    @Test
    @DisplayName("in a folder that was made anew on the target: told, and its messages are not touched")
    void a_target_folder_that_was_made_anew() {
        Box.source("flags-anew").fill("A", 0, 2);
        Migration migration = following("flags-anew");
        migration.run().exits(0).counts(2, 0, 0, 0);
        Box target = Box.target("flags-anew").use(imap -> imap.delete("A")).fill("A", 10, 2);
        Box.source("flags-anew").flag("A", "1", "\\Seen");

        Outcome outcome = migration.run().exits(0);

        assertThat(target.look().items("A")).allSatisfy(item -> assertThat(lasting(item)).isEmpty());
        assertThat(outcome.warnings()).extracting(warning -> warning.path("what").asText() + " " + warning.path("uid").asInt()).containsExactly("flags-not-followed 1");
    }

    @Test
    @DisplayName("to a keyword that the target refuses: told, and the others arrive")
    void a_keyword_that_the_target_refuses() {
        Migration migration = moved("flags-refused");
        String keyword = "k".repeat(120);
        Box.source("flags-refused").flag("INBOX", "1", "\\Seen", keyword);

        Outcome outcome = migration.run().exits(0).counts(0, 3, 0, 0);

        assertThat(flags(Box.target("flags-refused"))).containsExactly(Set.of("\\Seen"), Set.of(), Set.of());
        assertThat(outcome.warnings()).extracting(warning -> warning.path("what").asText()).containsExactly("keyword-refused");
    }
}
