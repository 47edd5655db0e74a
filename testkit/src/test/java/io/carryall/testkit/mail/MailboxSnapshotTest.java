package io.carryall.testkit.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.OffsetDateTime;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import io.carryall.testkit.dovecot.Dovecot;
import io.carryall.testkit.dovecot.MailFormat;

@Tag("integration")
class MailboxSnapshotTest {
    private static Dovecot here;
    private static Dovecot there;
    private static int users;

    private PlainImap source;
    private PlainImap target;

    @BeforeAll
    static void start() {
        here = Dovecot.started();
        there = Dovecot.builder().format(MailFormat.MAILDIR).separator(".").prefix("INBOX.").start();
    }

    @AfterAll
    static void stop() {
        here.close();
        there.close();
    }

    @BeforeEach
    void open() {
        String user = "user" + ++users;
        source = PlainImap.login(here, user);
        target = PlainImap.login(there, user);
    }

    @AfterEach
    void close() {
        source.close();
        target.close();
    }

    @Test
    void the_same_mail_in_the_same_order_has_no_differences_whatever_delimiter_and_prefix() {
        MailGenerator generator = new MailGenerator(MailProfile.SMALL, 3);
        new MailFiller(source).createFolders().fill(generator, 1, 0, 200);
        new MailFiller(target).createFolders().fill(generator, 1, 0, 200);

        MailboxSnapshot snapshot = MailboxSnapshot.of(source);

        assertThat(snapshot.messages()).isEqualTo(200);
        assertThat(snapshot.folders()).containsKeys("INBOX", "経理/請求書", "R&D");
        assertThat(snapshot.differencesOf(MailboxSnapshot.of(target))).isEmpty();
    }

    @Test
    void a_missing_a_doubled_and_a_changed_message_are_told() {
        Mail kept = Mail.of("kept");
        Mail lost = Mail.of("lost");
        Mail doubled = Mail.of("doubled");
        Mail flagged = Mail.of("flagged").withFlags("\\Flagged", "$Label1");
        Mail dated = Mail.of("dated");
        source.append("INBOX", kept, lost, doubled, flagged, dated);
        target.append("INBOX", kept, doubled, doubled, flagged.withFlags("\\Seen"), dated.at(OffsetDateTime.parse("2020-01-01T00:00:00Z")));

        assertThat(MailboxSnapshot.of(source).differencesOf(MailboxSnapshot.of(target))).hasSize(6)
                .anyMatch(line -> line.startsWith("INBOX: missing or different") && line.contains("<lost@"))
                .anyMatch(line -> line.startsWith("INBOX: only in the copy") && line.contains("<doubled@"))
                .anyMatch(line -> line.contains("<flagged@")).anyMatch(line -> line.contains("<dated@"));
    }

    @Test
    void another_order_is_told() {
        source.append("INBOX", Mail.of("one"), Mail.of("two"));
        target.append("INBOX", Mail.of("two"), Mail.of("one"));

        assertThat(MailboxSnapshot.of(source).differencesOf(MailboxSnapshot.of(target))).containsExactly("INBOX: the copy has another order");
    }

    @Test
    void looking_at_a_mailbox_changes_nothing_in_it_not_even_recent() {
        source.append("INBOX", Mail.of("one"), Mail.of("two"));
        source.create("Größe/tief");
        MailboxSnapshot before = MailboxSnapshot.of(source);
        assertThat(before.items("INBOX").get(0).flags()).contains("\\Recent");

        assertThat(before.changesTo(MailboxSnapshot.of(source))).isEmpty();
    }

    @Test
    void every_change_to_a_mailbox_is_told() {
        source.append("INBOX", Mail.of("one"), Mail.of("two"), Mail.of("three"));
        source.create("Old");
        source.create("Archive");
        MailboxSnapshot before = MailboxSnapshot.of(source);

        source.select("INBOX");
        source.addFlags("1", "\\Seen");
        source.move("2", "Archive");
        source.copy("1", "Archive");
        source.expunge("3");
        source.rename("Old", "New");
        source.subscribe("New");

        assertThat(before.changesTo(MailboxSnapshot.of(source))).contains("Old: is gone", "New: was made").anyMatch(line -> line.startsWith("INBOX: was UID 3"))
                .anyMatch(line -> line.startsWith("INBOX: is  UID 1") && line.contains("\\Seen")).anyMatch(line -> line.startsWith("Archive: is  UID 2")).anyMatch(line -> line.startsWith("subscribed were"));
    }
}
