package io.carryall.scanner;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.item.Fingerprinter;
import io.carryall.core.item.ItemKey;
import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Intents;
import io.carryall.core.port.Intents.Intent;
import io.carryall.core.port.Items.Failed;
import io.carryall.core.port.Items.How;
import io.carryall.core.port.Leases;
import io.carryall.core.record.PipelineRecord.ItemsPage;
import io.carryall.core.record.PipelineRecord.ScanEnd;
import io.carryall.testkit.contract.Mailbox;
import io.carryall.testkit.mail.Mail;
import io.carryall.testkit.mail.MailGenerator;
import io.carryall.testkit.mail.MailProfile;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What becomes of a pair of which the ledger knows nothing although its target was written to before, on a fake and on a real server alike. */
interface AdoptionScans {
    /** A bench over two mailboxes that nobody used before. */
    DeltaBench bench();

    /** The source of the bench that was asked for last. */
    Mailbox source();

    Mailbox target();

    private static Mail[] mails(String what, int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> Mail.of(what + " " + i).at(OffsetDateTime.parse("2024-05-06T07:08:09+02:00").plusMinutes(i))).toArray(Mail[]::new);
    }

    private static Mail[] without(Mail[] mails, int from, int to) {
        List<Mail> left = new ArrayList<>(List.of(mails));
        left.subList(from, to).clear();
        return left.toArray(Mail[]::new);
    }

    /** The same with lines on top of its header. */
    private static Mail under(String lines, Mail mail) {
        byte[] top = lines.getBytes(StandardCharsets.US_ASCII);
        byte[] content = new byte[top.length + mail.content().length];
        System.arraycopy(top, 0, content, 0, top.length);
        System.arraycopy(mail.content(), 0, content, top.length, mail.content().length);
        return new Mail(mail.flags(), mail.internalDate(), content);
    }

    private static ScanEnd stopped(DeltaBench bench) throws Exception {
        PassId pass = bench.begin();
        bench.scan(pass);
        assertThat(bench.published(pass, ItemsPage.class)).isEmpty();
        ScanEnd end = bench.published(pass, ScanEnd.class).get(0);
        assertThat(end.failure().reason()).isEqualTo(Reason.COPIED_BEFORE);
        assertThat(end.failure().detail()).contains("run --adopt");
        return end;
    }

    private static String told(DeltaBench.Outcome outcome) {
        return outcome.scan().warnings().stream().filter(warning -> warning.what().equals("adopted")).findFirst().orElseThrow().detail();
    }

    @Test
    default void a_pair_that_was_copied_before_is_stopped_before_anything_is_copied_however_often_it_is_run() throws Exception {
        try (DeltaBench bench = bench()) {
            source().create("Work");
            source().append("Work", mails("work", 30));
            target().create("Work");
            target().append("Work", mails("work", 30));

            assertThat(stopped(bench).failure().detail()).contains("Work");
            assertThat(bench.row("Work")).isEmpty();
            stopped(bench);
        }
    }

    @Test
    default void one_message_of_hundreds_is_enough_to_stop_where_size_or_date_leads_to_it() throws Exception {
        try (DeltaBench bench = bench()) {
            source().append("INBOX", mails("mine", 90));
            target().append("INBOX", mails("theirs on the new side", 150));
            target().append("INBOX", mails("mine", 90)[17]);
            target().append("INBOX", mails("more of theirs", 90));

            stopped(bench);
        }
    }

    @Test
    default void mail_that_people_received_on_the_target_stops_nothing() throws Exception {
        try (DeltaBench bench = bench()) {
            source().append("INBOX", mails("old", 20));
            target().append("INBOX", mails("new", 20));
            target().create("Of their own");
            target().append("Of their own", mails("own", 5));

            assertThat(bench.pass().copied()).hasSize(20);
        }
    }

    @Test
    default void a_pair_that_was_reset_is_copied_again() throws Exception {
        try (DeltaBench bench = bench()) {
            source().append("INBOX", mails("old", 5));
            target().append("INBOX", mails("old", 5));
            bench.reset();

            assertThat(bench.pass().copied()).hasSize(5);
        }
    }

    @Test
    default void a_ledger_that_is_older_than_the_target_stops_the_pair_where_it_would_copy_again() throws Exception {
        try (DeltaBench bench = bench()) {
            source().append("INBOX", mails("old", 5));
            bench.pass();
            source().append("INBOX", mails("copied after the backup", 3));
            target().append("INBOX", mails("copied after the backup", 3));

            stopped(bench);
            bench.adopt = true;
            source().append("INBOX", Mail.of("later"));
            assertThat(bench.pass().copied()).containsExactly("INBOX: later");
            assertThat(bench.hows("INBOX")).isEqualTo(Map.of(How.COPIED, 6L, How.ADOPTED, 3L));
        }
    }

    @Test
    default void new_mail_on_both_sides_of_a_known_pair_stops_nothing() throws Exception {
        try (DeltaBench bench = bench()) {
            source().append("INBOX", mails("old", 5));
            bench.pass();
            source().append("INBOX", mails("new here", 3));
            target().append("INBOX", mails("new there", 3));

            assertThat(bench.pass().copied()).hasSize(3);
        }
    }

    @Test
    default void messages_that_the_ledger_knows_of_or_that_are_just_being_copied_stop_nothing() throws Exception {
        try (DeltaBench bench = bench()) {
            source().append("INBOX", mails("old", 5));
            bench.pass();
            Folder row = bench.row("INBOX").orElseThrow();
            source().append("INBOX", mails("under way", 2));
            List<Long> uids = target().append("INBOX", mails("under way", 2));
            long uidValidity = target().snapshot().folders().get("INBOX").uidValidity();
            bench.ledger.items().claim(row.target(), uidValidity, Map.of(uids.get(0), bench.key(row).item(6)));
            Leases.Lease lease = bench.ledger.leases().take(row.target(), null, "a copier").lease();
            bench.ledger.intents().open(new Intent(row.target(), lease.epoch(), 1, new PassId("other", 1), bench.key(row), uidValidity, uids.get(1), List.of(item(7, mails("under way", 2)[1]))));

            assertThat(bench.pass().copied()).as("by whoever settles them").hasSize(2);
        }
    }

    @Test
    default void the_same_mailbox_of_a_system_under_another_name_is_stopped_and_can_be_copied_after_a_reset() throws Exception {
        try (DeltaBench bench = bench()) {
            source().append("INBOX", mails("old", 5));
            bench.pass();
            Folder row = bench.row("INBOX").orElseThrow();
            Map<Long, ItemKey> claims = new HashMap<>();
            target().append("INBOX", mails("old", 5)).forEach(uid -> claims.put(uid, bench.key(row).item(claims.size() + 1)));
            bench.ledger.items().claim(row.target(), target().snapshot().folders().get("INBOX").uidValidity(), claims);
            bench.system("older");

            for (boolean adopt : List.of(false, true)) {
                bench.adopt = adopt;
                DeltaBench.Outcome stopped = bench.pass();
                assertThat(stopped.copied()).isEmpty();
                assertThat(stopped.scan().failure().reason()).isEqualTo(Reason.COPIED_BEFORE);
                assertThat(stopped.scan().failure().detail()).contains("the same address of the system old", "source: system: old");
            }
            bench.adopt = false;
            bench.reset();
            assertThat(bench.pass().copied()).hasSize(5);
            source().append("INBOX", mails("new", 1));
            assertThat(bench.pass().copied()).hasSize(1);
            bench.system("old");
            assertThat(bench.pass().copied()).as("the pair as it was").hasSize(1);
        }
    }

    private static Intents.Item item(long uid, Mail mail) {
        Fingerprinter fingerprinter = new Fingerprinter();
        fingerprinter.update(mail.content(), 0, mail.content().length);
        return new Intents.Item(uid, fingerprinter.finish(mail.internalDate().toEpochSecond()).fingerprint(), Set.of());
    }

    @Test
    default void what_was_on_its_way_when_an_older_ledger_was_saved_hides_nothing_of_what_came_behind_it() throws Exception {
        try (DeltaBench bench = bench()) {
            source().append("INBOX", mails("old", 5));
            bench.pass();
            Folder row = bench.row("INBOX").orElseThrow();
            Mail[] after = mails("copied after the backup", 4);
            source().append("INBOX", after);
            List<Long> uids = target().append("INBOX", after);
            long uidValidity = target().snapshot().folders().get("INBOX").uidValidity();
            Leases.Lease lease = bench.ledger.leases().take(row.target(), null, "a copier").lease();
            bench.ledger.intents().open(new Intent(row.target(), lease.epoch(), 1, new PassId("acme", 1), bench.key(row), uidValidity, uids.get(0), List.of(item(6, after[0]))));

            stopped(bench);
            bench.adopt = true;
            assertThat(bench.pass().copied()).as("by whoever settles it").containsExactly("INBOX: copied after the backup 1");
            assertThat(bench.hows("INBOX")).isEqualTo(Map.of(How.COPIED, 6L, How.ADOPTED, 3L));
        }
    }

    @Test
    default void mail_that_is_delivered_to_both_systems_does_not_stop_a_pair_that_is_known() throws Exception {
        try (DeltaBench bench = bench()) {
            source().append("INBOX", mails("old", 5));
            bench.pass();
            source().append("INBOX", mails("to both", 4));
            for (Mail mail : mails("to both", 4)) {
                target().append("INBOX", under("Received: from old.example by new.example; Mon, 6 May 2024 07:09:00 +0200\r\n", mail));
            }

            assertThat(bench.pass().copied()).hasSize(4);
        }
    }

    @Test
    default void a_pair_that_was_reset_is_copied_again_though_its_first_pass_breaks_off() throws Exception {
        try (DeltaBench bench = bench()) {
            source().append("INBOX", mails("old", 5));
            target().append("INBOX", mails("old", 5));
            bench.reset();
            bench.scan(bench.begin());
            assertThat(bench.row("INBOX")).isPresent();

            assertThat(bench.pass().copied()).hasSize(5);
        }
    }

    @Test
    default void what_is_on_the_target_is_adopted_and_only_what_is_missing_is_copied() throws Exception {
        try (DeltaBench bench = bench()) {
            source().create("Work");
            source().append("Work", mails("work", 10));
            source().append("INBOX", mails("in", 3));
            target().create("Work");
            target().append("Work", mails("their own", 2));
            target().append("Work", without(mails("work", 10), 4, 6));
            bench.adopt = true;

            DeltaBench.Outcome outcome = bench.pass();

            assertThat(outcome.copied()).containsExactly("INBOX: in 1", "INBOX: in 2", "INBOX: in 3", "Work: work 5", "Work: work 6");
            assertThat(outcome.counts().alreadyThere()).isEqualTo(8);
            assertThat(bench.hows("Work")).isEqualTo(Map.of(How.ADOPTED, 8L, How.COPIED, 2L));
            assertThat(told(outcome)).contains("8 messages were on the target already", "2 are not there", "2 of the target are none of the source's");
            bench.adopt = false;
            source().append("Work", Mail.of("later"));
            assertThat(bench.pass().copied()).containsExactly("Work: later");
        }
    }

    @Test
    default void equal_messages_are_adopted_as_often_as_they_are_there() throws Exception {
        try (DeltaBench bench = bench()) {
            source().append("INBOX", Mail.of("twice"), Mail.of("twice"), Mail.of("twice"));
            target().append("INBOX", Mail.of("twice"), Mail.of("twice"));
            bench.adopt = true;

            assertThat(bench.pass().copied()).containsExactly("INBOX: twice");
            assertThat(bench.hows("INBOX")).isEqualTo(Map.of(How.ADOPTED, 2L, How.COPIED, 1L));
        }
    }

    @Test
    default void a_copy_without_its_date_is_recognised_by_its_contents() throws Exception {
        try (DeltaBench bench = bench()) {
            source().append("INBOX", mails("old", 5));
            for (Mail mail : without(mails("old", 5), 2, 3)) {
                target().append("INBOX", mail.at(OffsetDateTime.parse("2025-01-01T00:00:00Z")));
            }
            stopped(bench);
            bench.adopt = true;

            DeltaBench.Outcome outcome = bench.pass();

            assertThat(outcome.copied()).containsExactly("INBOX: old 3");
            assertThat(told(outcome)).contains("4 of them with another date");
        }
    }

    @Test
    default void a_copy_with_other_headers_is_recognised_by_its_body() throws Exception {
        for (String added : Set.of("X-TUID: 4QJtKx0PSdVJ\r\n", "Received: from old.example by tool; Mon, 6 May 2024 07:09:00 +0200\r\nX-Tool: yes\r\n")) {
            try (DeltaBench bench = bench()) {
                source().append("INBOX", mails("old", 6));
                for (Mail mail : without(mails("old", 6), 3, 6)) {
                    target().append("INBOX", under(added, mail));
                }
                stopped(bench);
                bench.adopt = true;

                DeltaBench.Outcome outcome = bench.pass();

                assertThat(outcome.copied()).containsExactly("INBOX: old 4", "INBOX: old 5", "INBOX: old 6");
                assertThat(told(outcome)).contains("3 with other headers");
            }
        }
    }

    /** As isync 1.4 leaves them: a header of its own behind the others, no keywords, and the dates only if it was asked to keep them. */
    private static Mail byMbsync(Mail mail, boolean keepsDates) {
        String text = new String(mail.content(), StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n") + 2;
        byte[] content = (text.substring(0, end) + "X-TUID: 4QJtKx0PSdVJ\r\n" + text.substring(end)).getBytes(StandardCharsets.ISO_8859_1);
        return new Mail(Set.of("\\Seen"), keepsDates ? mail.internalDate() : OffsetDateTime.parse("2026-01-01T00:00:00Z"), content);
    }

    /** As imapsync leaves them: untouched, but for keywords that the target did not take, and the dates where it was told not to mind them. */
    private static Mail byImapsync(Mail mail, boolean keepsDates) {
        return new Mail(Set.of("\\Seen"), keepsDates ? mail.internalDate() : OffsetDateTime.parse("2026-01-01T00:00:00Z"), mail.content());
    }

    @Test
    default void the_half_done_copy_of_another_tool_is_adopted_and_finished() throws Exception {
        Mail[] mails = new MailGenerator(MailProfile.MIXED, 9).mails(1, 0, 60).stream().map(generated -> generated.mail()).toArray(Mail[]::new);
        List<UnaryOperator<Mail>> tools = List.of(mail -> byMbsync(mail, true), mail -> byMbsync(mail, false), mail -> byImapsync(mail, true), mail -> byImapsync(mail, false));
        for (UnaryOperator<Mail> tool : tools) {
            try (DeltaBench bench = bench()) {
                source().append("INBOX", mails);
                target().append("INBOX", Mail.of("their own"));
                target().append("INBOX", Arrays.stream(mails, 0, 35).map(tool).toArray(Mail[]::new));
                stopped(bench);
                bench.adopt = true;

                DeltaBench.Outcome outcome = bench.pass();

                assertThat(outcome.copied()).as(told(outcome)).hasSize(25);
                assertThat(bench.hows("INBOX")).isEqualTo(Map.of(How.ADOPTED, 35L, How.COPIED, 25L));
                assertThat(told(outcome)).contains("35 messages were on the target already", "25 are not there, 1 of the target are none of the source's");
            }
        }
    }

    @Test
    default void what_resembles_a_message_of_the_target_and_is_another_is_left_to_an_operator() throws Exception {
        try (DeltaBench bench = bench()) {
            Mail[] mails = mails("old", 3);
            source().append("INBOX", mails);
            String changed = new String(mails[1].content(), StandardCharsets.UTF_8) + "Scanned and found clean.\r\n";
            target().append("INBOX", mails[0], new Mail(Set.of(), mails[1].internalDate(), changed.getBytes(StandardCharsets.UTF_8)));
            bench.adopt = true;

            DeltaBench.Outcome outcome = bench.pass();

            assertThat(outcome.copied()).containsExactly("INBOX: old 3");
            assertThat(told(outcome)).contains("1 resemble");
            Folder row = bench.row("INBOX").orElseThrow();
            List<Failed> failed = new ArrayList<>();
            bench.ledger.items().forEachFailed(bench.key(row), failed::add);
            assertThat(failed).singleElement().satisfies(failure -> {
                assertThat(failure.reason()).isEqualTo(Reason.AMBIGUOUS);
                assertThat(failure.retryable()).isFalse();
                assertThat(failure.detail()).contains("UID 2");
                assertThat(failure.messageId()).startsWith("<");
            });
            bench.ledger.items().forgive(bench.key(row), failed);
            source().append("INBOX", Mail.of("later"));
            bench.again("INBOX");
            assertThat(bench.pass().copied()).as("an operator wants it copied").containsExactly("INBOX: later", "INBOX: old 2");
        }
    }
}
