package io.carryall.scanner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PassId;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Items.Followed;
import io.carryall.core.port.Items.How;
import io.carryall.core.port.Leases.Lease;
import io.carryall.core.port.LedgerException;
import io.carryall.core.port.ServerAddress;
import io.carryall.core.port.ServerAddress.Security;
import io.carryall.core.record.PipelineRecord.CopyPage;
import io.carryall.core.record.PipelineRecord.ItemsPage;
import io.carryall.testkit.contract.Mailbox;
import io.carryall.testkit.fake.FakeMailServer;
import io.carryall.testkit.fake.Faults;
import io.carryall.testkit.mail.Mail;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class DeltaOnFakeTest implements DeltaScans {
    private static final String SOURCE = "ann@old.example";

    private final FakeMailServer mail = new FakeMailServer();

    @Override
    public DeltaBench bench() {
        return new DeltaBench(mail, new ServerAddress("mail.example", 143, Security.NONE, null), FakeMailServer.PASSWORD, SOURCE, "ann@new.example");
    }

    @Override
    public Mailbox mailbox() {
        return mail.mailbox(SOURCE);
    }

    @Override
    public void rename(String from, String to) {
        mail.rename(SOURCE, from, to);
    }

    @Override
    public String drafts() {
        mailbox().create("Drafts");
        mail.specialUse(SOURCE, "Drafts", "\\Drafts");
        return "Drafts";
    }

    private void fill(String folder, String what, int count) {
        for (int i = 1; i <= count; i++) {
            mailbox().append(folder, Mail.of(what + " " + i).at(OffsetDateTime.parse("2024-05-06T07:08:09+02:00").plusMinutes(i)));
        }
    }

    @Test
    void wherever_an_attempt_to_recognise_breaks_off_the_next_one_inherits_the_rest() throws Exception {
        for (String call : new String[] {"items.done", "items.seen", "items.facts", "folders.replace"}) {
            for (Faults.Fate fate : new Faults.Fate[] {Faults.Fate.LOST_BEFORE, Faults.Fate.LOST_AFTER}) {
                try (DeltaBench bench = bench()) {
                    mailbox().create("Work");
                    fill("Work", "work", 600);
                    bench.pass();
                    mail.renumber(SOURCE, "Work");
                    fill("Work", "later", 1);
                    PassId pass = bench.begin();
                    AtomicInteger calls = new AtomicInteger();
                    int nth = call.startsWith("items") ? 2 : 1;
                    bench.ledger.faults().plan(name -> name.equals(call) && calls.incrementAndGet() == nth ? fate : Faults.Fate.WORKS);
                    assertThatThrownBy(() -> bench.scan(pass)).isInstanceOf(LedgerException.class);
                    assertThat(bench.published(pass, ItemsPage.class)).isEmpty();
                    bench.ledger.faults().heal();
                    bench.scan(pass);

                    assertThat(bench.complete(pass).copied()).as(call + " " + fate).containsExactly("Work: later 1");
                    assertThat(bench.targetUids("Work")).hasSize(601);
                }
                mailbox().delete("Work");
            }
        }
    }

    @Test
    void of_heirs_of_what_somebody_else_copied_it_is_told_that_nobody_knows_the_flags_of_the_copy() throws Exception {
        try (DeltaBench bench = bench()) {
            Mailbox target = mail.mailbox("ann@new.example");
            mailbox().create("Work");
            target.create("Work");
            for (int i = 1; i <= 2; i++) {
                Mail letter = Mail.of("work " + i).at(OffsetDateTime.parse("2024-05-06T07:08:09+02:00").plusMinutes(i));
                mailbox().append("Work", letter);
                target.append("Work", letter);
            }
            bench.adopt = true;
            bench.pass();
            assertThat(bench.hows("Work")).isEqualTo(Map.of(How.ADOPTED, 2L));
            bench.adopt = false;
            mail.renumber(SOURCE, "Work");
            bench.pass();

            assertThat(bench.hows("Work")).isEqualTo(Map.of(How.REKEYED, 2L));
            assertThat(bench.followed("Work")).hasSize(2).allMatch(row -> row.how() == Followed.UNKNOWN);
        }
    }

    @Test
    void before_any_page_of_new_uids_is_published_they_are_recognised() throws Exception {
        try (DeltaBench bench = bench()) {
            mailbox().create("Work");
            fill("Work", "work", 10);
            bench.pass();
            mail.renumber(SOURCE, "Work");
            PassId pass = bench.begin();
            bench.scan(pass);

            assertThat(bench.hows("Work")).isEqualTo(Map.of(How.REKEYED, 10L));
            assertThat(bench.published(pass, ItemsPage.class)).allMatch(page -> page.folder().uidValidity() == mailbox().snapshot().folders().get("Work").uidValidity());
        }
    }

    @Test
    void uids_that_are_used_again_for_other_messages_are_not_taken_for_what_was_copied() throws Exception {
        try (DeltaBench bench = bench()) {
            mailbox().create("Work");
            fill("Work", "work", 6);
            bench.pass();
            long uidValidity = bench.row("Work").orElseThrow().uidValidity();
            mail.rollBack(SOURCE, "Work");
            fill("Work", "other", 2);
            fill("Work", "work", 3);

            DeltaBench.Outcome second = bench.pass();

            assertThat(second.copied()).containsExactly("Work: other 1", "Work: other 2");
            assertThat(second.scan().warnings()).singleElement().satisfies(warning -> assertThat(warning.detail()).contains("UIDs again", "3 recognised, 2 not"));
            assertThat(bench.row("Work").orElseThrow().uidValidity()).isEqualTo(FolderKey.usedAgain(uidValidity));
            assertThat(second.counts().found()).isEqualTo(8);
            fill("Work", "later", 1);
            assertThat(bench.pass().copied()).containsExactly("Work: later 1");
            assertThat(bench.pass().scan().enumerated()).isEmpty();
        }
    }

    @Test
    void a_folder_whose_uidnext_went_back_and_that_holds_what_it_held_is_left_as_it_is() throws Exception {
        try (DeltaBench bench = bench()) {
            mailbox().create("Work");
            fill("Work", "work", 6);
            bench.pass();
            mail.rollBack(SOURCE, "Work");
            fill("Work", "work", 4);

            DeltaBench.Outcome second = bench.pass();

            assertThat(second.copied()).isEmpty();
            assertThat(second.warned()).isEmpty();
            assertThat(bench.row("Work").orElseThrow().former()).isEmpty();
        }
    }

    @Test
    void a_uidvalidity_that_comes_back_is_a_state_of_its_own() throws Exception {
        try (DeltaBench bench = bench()) {
            mailbox().create("Work");
            fill("Work", "work", 5);
            bench.pass();
            long first = bench.row("Work").orElseThrow().uidValidity();
            mail.renumber(SOURCE, "Work");
            fill("Work", "later", 1);
            assertThat(bench.pass().copied()).containsExactly("Work: later 1");
            mail.uidValidity(SOURCE, "Work", first);

            assertThat(bench.pass().copied()).isEmpty();
            assertThat(bench.row("Work").orElseThrow().uidValidity()).isEqualTo(FolderKey.usedAgain(first));
            assertThat(bench.targetUids("Work")).hasSize(6);
        }
    }

    @Test
    void a_folder_with_a_mailbox_id_is_followed_even_where_its_uidvalidity_changes_with_its_name() throws Exception {
        try (DeltaBench bench = bench()) {
            mailbox().create("Project");
            mail.mailboxId(SOURCE, "Project", "F1");
            fill("Project", "work", 5);
            bench.pass();
            rename("Project", "Project 2025");
            mail.renumber(SOURCE, "Project 2025");
            mailbox().create("Project");
            mail.mailboxId(SOURCE, "Project", "F2");

            DeltaBench.Outcome second = bench.pass();

            assertThat(second.copied()).isEmpty();
            assertThat(second.warned()).containsExactlyInAnyOrder("folder-followed", "rekeyed");
        }
    }

    @Test
    void two_folders_that_swapped_their_names_are_followed() throws Exception {
        try (DeltaBench bench = bench()) {
            mailbox().create("A");
            mailbox().create("B");
            fill("A", "a", 3);
            fill("B", "b", 3);
            bench.pass();
            rename("A", "X");
            rename("B", "A");
            rename("X", "B");
            fill("A", "later", 1);

            assertThat(bench.pass().copied()).containsExactly("B: later 1");
        }
    }

    @Test
    void a_folder_is_recognised_only_after_what_is_on_its_way_from_there_has_come_to_its_end() throws Exception {
        try (DeltaBench bench = bench()) {
            mailbox().create("Work");
            fill("Work", "work", 3);
            bench.pass();
            Folder before = bench.row("Work").orElseThrow();
            Lease held = bench.ledger.leases().take(before.target(), null, "of somebody who died").lease();
            mail.renumber(SOURCE, "Work");
            PassId second = bench.begin();
            FutureTask<Void> scan = new FutureTask<>(() -> {
                bench.scan(second);
                return null;
            });
            new Thread(scan, "scan").start();

            CopyPage asked = bench.firstOnItsWay(second);

            assertThat(asked.target()).isEqualTo(before.target());
            assertThat(asked.onlyAsksToSettle()).isTrue();
            assertThat(bench.row("Work")).contains(before);
            bench.ledger.leases().release(before.target(), held.token(), held.epoch());
            scan.get(120, TimeUnit.SECONDS);
            assertThat(bench.complete(second).copied()).isEmpty();
            assertThat(bench.hows("Work")).isEqualTo(Map.of(How.REKEYED, 3L));
        }
    }
}
