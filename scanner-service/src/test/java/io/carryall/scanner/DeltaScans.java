package io.carryall.scanner;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.migration.FolderMap;
import io.carryall.core.migration.MigrationSpec.RenamesPolicy;
import io.carryall.core.migration.MigrationSpec.RevisedPolicy;
import io.carryall.core.port.Items.How;
import io.carryall.testkit.contract.Mailbox;
import io.carryall.testkit.mail.Mail;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What delta passes make of folders that changed, on a fake and on a real server alike. */
interface DeltaScans {
    /** A bench over a mailbox that nobody used before. */
    DeltaBench bench();

    /** The mailbox of the bench that was asked for last. */
    Mailbox mailbox();

    void rename(String from, String to);

    private static Mail[] mails(String what, int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> Mail.of(what + " " + i).at(OffsetDateTime.parse("2024-05-06T07:08:09+02:00").plusMinutes(i))).toArray(Mail[]::new);
    }

    @Test
    default void a_folder_that_was_made_anew_with_the_same_messages_is_recognised_and_nothing_is_copied_again() throws Exception {
        try (DeltaBench bench = bench()) {
            mailbox().create("Work");
            mailbox().append("Work", mails("work", 10));
            assertThat(bench.pass().copied()).hasSize(10);
            mailbox().delete("Work");
            mailbox().create("Work");
            mailbox().append("Work", mails("work", 10));

            DeltaBench.Outcome second = bench.pass();

            assertThat(second.copied()).isEmpty();
            assertThat(second.scan().warnings()).singleElement().satisfies(warning -> {
                assertThat(warning.what()).isEqualTo("rekeyed");
                assertThat(warning.folder()).isEqualTo("Work");
                assertThat(warning.detail()).contains("10 recognised, 0 not");
            });
            assertThat(second.counts().found()).isEqualTo(10);
            assertThat(second.counts().alreadyThere()).isEqualTo(10);
            assertThat(bench.hows("Work")).isEqualTo(Map.of(How.REKEYED, 10L));
            assertThat(bench.targetUids("Work")).hasSize(10);
            DeltaBench.Outcome third = bench.pass();
            assertThat(third.scan().enumerated()).isEmpty();
            assertThat(third.warned()).isEmpty();
        }
    }

    @Test
    default void what_cannot_be_recognised_is_copied_and_what_is_away_still_counts() throws Exception {
        try (DeltaBench bench = bench()) {
            mailbox().create("Work");
            mailbox().append("Work", mails("work", 4));
            mailbox().append("Work", mails("lost", 2));
            bench.pass();
            mailbox().delete("Work");
            mailbox().create("Work");
            mailbox().append("Work", mails("new", 3));
            mailbox().append("Work", mails("work", 4));

            DeltaBench.Outcome second = bench.pass();

            assertThat(second.copied()).containsExactly("Work: new 1", "Work: new 2", "Work: new 3");
            assertThat(second.scan().warnings()).singleElement().satisfies(warning -> assertThat(warning.detail()).contains("4 recognised, 3 not"));
            assertThat(second.counts().found()).as("four recognised, two lost, three new").isEqualTo(9);
            assertThat(second.counts().lawHolds()).isTrue();
        }
    }

    @Test
    default void what_comes_back_after_the_folder_was_recognised_is_recognised_too_and_what_is_new_is_copied() throws Exception {
        try (DeltaBench bench = bench()) {
            mailbox().create("Work");
            mailbox().append("Work", mails("work", 6));
            bench.pass();
            mailbox().delete("Work");
            mailbox().create("Work");
            assertThat(bench.pass().copied()).as("the restore has only begun").isEmpty();
            mailbox().append("Work", Arrays.copyOf(mails("work", 6), 4));

            DeltaBench.Outcome second = bench.pass();
            assertThat(second.copied()).isEmpty();
            assertThat(second.scan().warnings()).singleElement().satisfies(warning -> assertThat(warning.detail()).contains("4 recognised"));
            mailbox().append("Work", mails("work", 6));

            DeltaBench.Outcome third = bench.pass();
            assertThat(third.copied()).as("the first four stand there twice now").containsExactly("Work: work 1", "Work: work 2", "Work: work 3", "Work: work 4");
            assertThat(third.counts().found()).isEqualTo(10);
            assertThat(third.counts().lawHolds()).isTrue();
            mailbox().append("Work", mails("new", 2));
            DeltaBench.Outcome fourth = bench.pass();
            assertThat(fourth.copied()).containsExactly("Work: new 1", "Work: new 2");
            assertThat(fourth.scan().warnings()).isEmpty();
            assertThat(bench.targetUids("Work")).hasSize(12);
        }
    }

    @Test
    default void equal_messages_are_recognised_as_often_as_they_were_copied() throws Exception {
        try (DeltaBench bench = bench()) {
            mailbox().create("Work");
            mailbox().append("Work", Mail.of("twice"), Mail.of("twice"));
            bench.pass();
            mailbox().delete("Work");
            mailbox().create("Work");
            mailbox().append("Work", Mail.of("twice"), Mail.of("twice"), Mail.of("twice"));

            assertThat(bench.pass().copied()).containsExactly("Work: twice");
            assertThat(bench.targetUids("Work")).hasSize(3);
        }
    }

    @Test
    default void a_message_without_identifying_headers_is_recognised_by_its_contents() throws Exception {
        try (DeltaBench bench = bench()) {
            mailbox().create("Work");
            Mail bare = Mail.of("X-Mailer: none\r\n\r\nhello\r\n".getBytes(StandardCharsets.UTF_8));
            Mail other = Mail.of("X-Mailer: none\r\n\r\nhallo\r\n".getBytes(StandardCharsets.UTF_8));
            mailbox().append("Work", bare);
            bench.pass();
            mailbox().delete("Work");
            mailbox().create("Work");
            mailbox().append("Work", other, bare);

            assertThat(bench.pass().copied()).hasSize(1);
            assertThat(bench.hows("Work")).isEqualTo(Map.of(How.REKEYED, 1L, How.COPIED, 1L));
        }
    }

    @Test
    default void messages_that_came_back_with_other_dates_are_recognised_by_their_contents() throws Exception {
        try (DeltaBench bench = bench()) {
            mailbox().create("Work");
            mailbox().append("Work", mails("work", 3));
            bench.pass();
            mailbox().delete("Work");
            mailbox().create("Work");
            for (Mail mail : mails("work", 3)) {
                mailbox().append("Work", mail.at(OffsetDateTime.parse("2025-01-01T00:00:00Z")));
            }

            assertThat(bench.pass().copied()).isEmpty();
        }
    }

    @Test
    default void a_renamed_folder_is_followed_and_its_new_mail_stays_with_the_old() throws Exception {
        try (DeltaBench bench = bench()) {
            mailbox().create("Project");
            mailbox().append("Project", mails("work", 5));
            bench.pass();
            rename("Project", "Project 2025");
            mailbox().append("Project 2025", Mail.of("later"));

            DeltaBench.Outcome second = bench.pass();

            assertThat(second.copied()).containsExactly("Project: later");
            assertThat(second.warned()).containsExactly("folder-followed");
            assertThat(bench.row("Project")).isEmpty();
            assertThat(bench.row("Project 2025").orElseThrow().targetPath()).isEqualTo("Project");
            assertThat(bench.pass().warned()).isEmpty();
        }
    }

    @Test
    default void a_new_folder_under_the_old_name_of_a_renamed_one_is_copied_as_what_it_is() throws Exception {
        try (DeltaBench bench = bench()) {
            mailbox().create("Project");
            mailbox().append("Project", mails("work", 5));
            bench.pass();
            rename("Project", "Project 2025");
            mailbox().create("Project");
            mailbox().append("Project", Mail.of("of the new one"));

            assertThat(bench.pass().copied()).containsExactly("Project: of the new one");
            assertThat(bench.row("Project").orElseThrow().id()).isNotEqualTo(bench.row("Project 2025").orElseThrow().id());
        }
    }

    @Test
    default void a_folder_that_takes_the_name_of_a_deleted_one_is_followed_and_is_itself_in_the_passes_after() throws Exception {
        try (DeltaBench bench = bench()) {
            for (String folder : List.of("A", "B", "C", "D")) {
                mailbox().create(folder);
                mailbox().append(folder, mails("in " + folder, 3));
            }
            bench.pass();
            // In either order, as the ledger tells folders in an order of its own.
            mailbox().delete("A");
            rename("B", "A");
            mailbox().delete("D");
            rename("C", "D");

            assertThat(bench.pass().copied()).isEmpty();
            assertThat(bench.pass().copied()).isEmpty();
            mailbox().append("A", Mail.of("later"));
            assertThat(bench.pass().copied()).containsExactly("B: later");
        }
    }

    @Test
    default void a_renamed_folder_is_copied_under_its_new_name_where_the_migration_says_so() throws Exception {
        try (DeltaBench bench = bench()) {
            bench.renames = RenamesPolicy.COPY;
            mailbox().create("Project");
            mailbox().append("Project", mails("work", 3));
            bench.pass();
            rename("Project", "Project 2025");

            assertThat(bench.pass().copied()).containsExactly("Project 2025: work 1", "Project 2025: work 2", "Project 2025: work 3");
        }
    }

    @Test
    default void a_folder_with_other_messages_is_not_taken_for_one_that_went_away() throws Exception {
        try (DeltaBench bench = bench()) {
            mailbox().create("Project");
            mailbox().append("Project", mails("work", 3));
            bench.pass();
            mailbox().delete("Project");
            mailbox().create("Other");
            mailbox().append("Other", mails("other", 3));

            assertThat(bench.pass().copied()).containsExactly("Other: other 1", "Other: other 2", "Other: other 3");
        }
    }

    /** A folder with the attribute of drafts. */
    String drafts();

    private static Mail draft(String text) {
        return Mail.of(("From: Anna <anna@old.example>\r\nSubject: " + text + "\r\nMessage-ID: <draft@old.example>\r\n\r\n" + text + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    @Test
    default void a_draft_that_was_edited_is_left_and_reported() throws Exception {
        try (DeltaBench bench = bench()) {
            String drafts = drafts();
            long first = mailbox().append(drafts, draft("first state")).get(0);
            bench.pass();
            long second = mailbox().append(drafts, draft("second state")).get(0);
            mailbox().expunge(drafts, first);

            DeltaBench.Outcome edited = bench.pass();

            assertThat(edited.copied()).isEmpty();
            assertThat(edited.scan().warnings()).singleElement().satisfies(warning -> {
                assertThat(warning.what()).isEqualTo("revised");
                assertThat(warning.uid()).isEqualTo(second);
                assertThat(warning.detail()).contains("UID " + first);
            });
            assertThat(edited.counts().lawHolds()).isTrue();
            assertThat(edited.counts().alreadyThere()).isEqualTo(2);
            mailbox().append(drafts, draft("third state"));
            mailbox().expunge(drafts, second);
            assertThat(bench.pass().warned()).containsExactly("revised");
            assertThat(bench.pass().scan().warnings()).isEmpty();
        }
    }

    @Test
    default void a_draft_that_was_edited_is_copied_where_the_migration_says_so_and_the_old_state_reported() throws Exception {
        try (DeltaBench bench = bench()) {
            bench.revised = RevisedPolicy.COPY;
            String drafts = drafts();
            long first = mailbox().append(drafts, draft("first state")).get(0);
            bench.pass();
            mailbox().append(drafts, draft("second state"));
            mailbox().expunge(drafts, first);

            DeltaBench.Outcome edited = bench.pass();

            assertThat(edited.copied()).containsExactly("Drafts: second state");
            assertThat(edited.scan().warnings()).singleElement().satisfies(warning -> {
                assertThat(warning.what()).isEqualTo("superseded");
                assertThat(warning.uid()).isEqualTo(first);
            });
        }
    }

    @Test
    default void a_draft_whose_earlier_state_is_still_there_is_a_new_item() throws Exception {
        try (DeltaBench bench = bench()) {
            String drafts = drafts();
            mailbox().append(drafts, draft("first state"));
            bench.pass();
            mailbox().append(drafts, draft("second state"));

            DeltaBench.Outcome edited = bench.pass();

            assertThat(edited.copied()).containsExactly("Drafts: second state");
            assertThat(edited.warned()).isEmpty();
        }
    }

    @Test
    default void outside_of_drafts_a_new_uid_is_a_new_item() throws Exception {
        try (DeltaBench bench = bench()) {
            mailbox().create("Work");
            long first = mailbox().append("Work", draft("first state")).get(0);
            bench.pass();
            mailbox().append("Work", draft("second state"));
            mailbox().expunge("Work", first);

            assertThat(bench.pass().copied()).containsExactly("Work: second state");
        }
    }

    @Test
    default void a_folder_that_is_mapped_elsewhere_between_passes_keeps_what_it_has_and_sends_new_mail_to_the_new_place() throws Exception {
        try (DeltaBench bench = bench()) {
            mailbox().create("Work");
            mailbox().append("Work", mails("work", 3));
            bench.pass();
            bench.map = new FolderMap(Map.of("Work", "Old/Work"));
            mailbox().append("Work", Mail.of("later"));

            assertThat(bench.pass().copied()).singleElement().satisfies(copied -> assertThat(copied).matches("Old.Work: later"));
        }
    }
}
