package io.carryall.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.testkit.dovecot.Dovecot;
import io.carryall.testkit.mail.Mail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code flags: follow} together with everything else that may happen to a pair between two passes. */
@Tag("integration")
@DisplayName("Flags are followed")
final class FlagsTogetherTest {
    private static final Pattern FLAGS = Pattern.compile("FETCH \\(FLAGS \\(([^)]*)\\)");
    private static final OffsetDateTime DAY = OffsetDateTime.parse("2024-01-01T12:00:00Z");
    private static Elsewhere elsewhere;

    @TempDir
    Path directory;

    @BeforeAll
    static void start() throws Exception {
        elsewhere = Elsewhere.start("flags");
    }

    @AfterAll
    static void stop() {
        elsewhere.close();
    }

    private Migration following(String name) {
        return Migration.of(directory, name).pair(name + "@old.example", name + "@new.example").with("flags", "follow");
    }

    private static Mail[] work(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> Mail.of("work " + i).at(DAY.plusDays(i))).toArray(Mail[]::new);
    }

    /** Four messages in Work, moved by a full pass; then the first is read on the source, and a pass carried that. */
    private Migration moved(String name) {
        Box.source(name).append("Work", work(0, 4));
        Migration migration = following(name);
        migration.run().exits(0).counts(4, 0, 0, 0);
        Box.source(name).flag("Work", "1", "\\Seen");
        migration.run().exits(0).counts(0, 4, 0, 0);
        assertThat(flags(Box.target(name), "Work")).containsExactly(Set.of("\\Seen"), Set.of(), Set.of(), Set.of());
        return migration;
    }

    private static List<Set<String>> flags(Box box, String folder) {
        return box.look().items(folder).stream().map(item -> {
            Set<String> flags = new TreeSet<>(item.flags());
            flags.remove("\\Recent");
            return flags;
        }).toList();
    }

    @Test
    @DisplayName("after a folder's UIDVALIDITY changed: from what was last carried, to the same copies")
    void after_uidvalidity_changed() {
        Migration migration = moved("follow-rekeyed");
        Box target = Box.target("follow-rekeyed");
        target.flag("Work", "2", "\\Flagged");
        Box.source("follow-rekeyed").use(imap -> {
            imap.delete("Work");
            imap.create("Work");
            imap.append("Work", work(0, 4));
            imap.select("Work");
            imap.addFlags("1", "\\Seen", "Mine");
            imap.addFlags("2", "\\Flagged");
        });

        Outcome rekeyed = migration.run().exits(0).counts(0, 4, 0, 0);

        assertThat(rekeyed.warnings()).extracting(warning -> warning.path("what").asText()).containsExactly("rekeyed");
        assertThat(flags(target, "Work")).containsExactly(Set.of("\\Seen", "Mine"), Set.of("\\Flagged"), Set.of(), Set.of());
        Box.source("follow-rekeyed").unflag("Work", "1", "\\Seen");
        Box.source("follow-rekeyed").unflag("Work", "2", "\\Flagged");
        Box.source("follow-rekeyed").flag("Work", "3", "\\Answered");
        migration.run().exits(0).counts(0, 4, 0, 0);
        assertThat(flags(target, "Work")).as("the second is flagged by the target's user").containsExactly(Set.of("Mine"), Set.of("\\Flagged"), Set.of("\\Answered"), Set.of());
        migration.run().exits(0).counts(0, 4, 0, 0);
    }

    @Test
    @DisplayName("after a folder was renamed: into the folder of its former name")
    void after_a_folder_was_renamed() {
        Migration migration = moved("follow-renamed");
        Box.source("follow-renamed").use(imap -> imap.rename("Work", "Projects"));
        Box.source("follow-renamed").flag("Projects", "2", "\\Answered");

        Outcome renamed = migration.run().exits(0).counts(0, 4, 0, 0);

        assertThat(renamed.warnings()).extracting(warning -> warning.path("what").asText()).containsExactly("folder-followed");
        assertThat(flags(Box.target("follow-renamed"), "Work")).containsExactly(Set.of("\\Seen"), Set.of("\\Answered"), Set.of(), Set.of());
        Box.source("follow-renamed").unflag("Projects", "1", "\\Seen");
        Box.source("follow-renamed").append("Projects", work(4, 5));
        migration.run().exits(0).counts(1, 4, 0, 0);
        assertThat(flags(Box.target("follow-renamed"), "Work")).containsExactly(Set.of(), Set.of("\\Answered"), Set.of(), Set.of(), Set.of());
    }

    @Test
    @DisplayName("after run --adopt: from how both sides stood then")
    void after_adopting() {
        moved("follow-adopted");
        Box target = Box.target("follow-adopted");
        target.flag("Work", "3", "\\Flagged");
        Box.source("follow-adopted").flag("Work", "4", "Before");
        Migration migration = following("follow-adopted").on(elsewhere.state());

        migration.run("--adopt").exits(0).counts(0, 4, 0, 0);
        List<Set<String>> adopted = flags(target, "Work");
        Box.source("follow-adopted").flag("Work", "2", "\\Answered");
        Box.source("follow-adopted").unflag("Work", "1", "\\Seen");
        migration.run().exits(0).counts(0, 4, 0, 0);

        assertThat(adopted).as("taken as they are").containsExactly(Set.of("\\Seen"), Set.of(), Set.of("\\Flagged"), Set.of());
        assertThat(flags(target, "Work")).containsExactly(Set.of(), Set.of("\\Answered"), Set.of("\\Flagged"), Set.of());
    }

    @Test
    @DisplayName("after the journal was taken to another installation: from what was last carried here")
    void after_the_journal_was_imported() {
        moved("follow-journal");
        Box target = Box.target("follow-journal");
        target.unflag("Work", "1", "\\Seen");
        Box.source("follow-journal").flag("Work", "2", "\\Answered");
        Path journal = directory.resolve("journal.carryall");
        assertThat(Command.run(Map.of(), "ledger", "export", journal.toString(), "--mailbox", "follow-journal@old.example", "--json", "--quiet", "--state", Installation.shared().state().toString()).status()).isZero();
        assertThat(Command.run(Map.of(), "ledger", "import", journal.toString(), "--json", "--quiet", "--state", elsewhere.state().toString()).status()).isZero();
        Box.source("follow-journal").flag("Work", "3", "After");

        Migration migration = following("follow-journal").on(elsewhere.state());
        migration.run().exits(0).counts(0, 4, 0, 0);

        assertThat(flags(target, "Work")).as("the first was marked as unread by the target's user").containsExactly(Set.of(), Set.of("\\Answered"), Set.of("After"), Set.of());
        Box.source("follow-journal").unflag("Work", "1:2", "\\Seen", "\\Answered");
        migration.run().exits(0).counts(0, 4, 0, 0);
        assertThat(flags(target, "Work")).containsExactly(Set.of(), Set.of(), Set.of("After"), Set.of());
    }

    @Test
    @DisplayName("after a reset: to the copies of the new life alone")
    void after_a_reset() {
        Migration migration = moved("follow-reset");
        migration.command("reset", List.of("--mailbox", "follow-reset@old.example", "--yes")).exits(0);
        migration.run().exits(0).counts(4, 0, 0, 0);
        Box.source("follow-reset").flag("Work", "2", "\\Flagged");
        Box.source("follow-reset").unflag("Work", "1", "\\Seen");

        migration.run().exits(0).counts(0, 4, 0, 0);

        assertThat(flags(Box.target("follow-reset"), "Work")).containsExactly(Set.of("\\Seen"), Set.of(), Set.of(), Set.of(), Set.of(), Set.of("\\Flagged"), Set.of(), Set.of());
    }

    @Test
    @DisplayName("after an address was renamed: to the same copies")
    void after_remap() throws IOException {
        Migration migration = moved("follow-maiden");
        Files.move(mailOf("follow-maiden"), mailOf("follow-married"));
        migration.without("follow-maiden@old.example").pair("follow-married@old.example", "follow-maiden@new.example");
        migration.command("remap", List.of("--from", "follow-maiden@old.example", "--to", "follow-married@old.example", "--side", "source")).exits(0);
        Box.source("follow-married").flag("Work", "2", "\\Answered");
        Box.source("follow-married").unflag("Work", "1", "\\Seen");

        migration.run().exits(0).counts(0, 4, 0, 0);

        assertThat(flags(Box.target("follow-maiden"), "Work")).containsExactly(Set.of(), Set.of("\\Answered"), Set.of(), Set.of());
    }

    private static Path mailOf(String name) {
        return Installation.shared().source().directory().resolve("mail").resolve(name + "@old.example");
    }

    @Test
    @DisplayName("from a source without CONDSTORE to a target that has it, together with new mail")
    void from_a_source_without_condstore() {
        try (Dovecot source = Dovecot.builder().without("CONDSTORE", "QRESYNC").start()) {
            Box from = new Box(source, "old-server@old.example").append("Work", work(0, 3));
            Box to = Box.target("old-server");
            Migration migration = following("old-server").from(source);
            migration.run().exits(0).counts(3, 0, 0, 0);
            from.flag("Work", "1:2", "\\Seen");
            from.append("Work", work(3, 4));
            to.flag("Work", "2", "\\Flagged");

            migration.run().exits(0).counts(1, 3, 0, 0);
            assertThat(flags(to, "Work")).containsExactly(Set.of("\\Seen"), Set.of("\\Flagged", "\\Seen"), Set.of(), Set.of());
            from.unflag("Work", "1:2", "\\Seen");
            from.flag("Work", "4", "\\Seen");
            migration.run().exits(0).counts(0, 4, 0, 0);
            assertThat(flags(to, "Work")).containsExactly(Set.of(), Set.of("\\Flagged"), Set.of(), Set.of("\\Seen"));
        }
    }

    /** As the server writes them. */
    private static List<Set<String>> rawFlags(Box box, String folder) {
        List<Set<String>> all = new ArrayList<>();
        box.use(imap -> {
            imap.examine(folder);
            imap.command("FETCH 1:* (FLAGS)").untagged().stream().map(response -> FLAGS.matcher(response.text())).filter(Matcher::find).forEach(found -> {
                Set<String> flags = new TreeSet<>(List.of(found.group(1).split(" ")));
                flags.removeAll(List.of("", "\\Recent"));
                all.add(flags);
            });
        });
        return all;
    }

    @Test
    @DisplayName("by keywords of whatever characters IMAP allows, and whichever case the target's folder knows them by")
    void keywords_of_odd_characters() {
        String[] odd = {"$Forwarded", "A+B/c:d;e", "don't", "&AOk-", "NIL", "x[1", "~t|a`g", "123", "<b>", "a=b?", "UID", "#1!"};
        Migration migration = moved("follow-odd");
        Box source = Box.source("follow-odd");
        Box target = Box.target("follow-odd");
        source.flag("Work", "2", odd);
        target.flag("Work", "4", "URGENT");
        source.flag("Work", "3", "urgent");

        assertThat(migration.run().exits(0).counts(0, 4, 0, 0).warnings()).isEmpty();

        assertThat(rawFlags(target, "Work")).containsExactly(Set.of("\\Seen"), Set.of(odd), Set.of("URGENT"), Set.of("URGENT"));
        source.unflag("Work", "2", odd);
        source.unflag("Work", "3", "urgent");
        migration.run().exits(0).counts(0, 4, 0, 0);
        assertThat(rawFlags(target, "Work")).containsExactly(Set.of("\\Seen"), Set.of(), Set.of(), Set.of("URGENT"));
    }
}
