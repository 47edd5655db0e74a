package io.carryall.imap;

import static io.carryall.imap.Boxes.ascii;
import static io.carryall.imap.Boxes.source;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carryall.core.item.SourceItem;
import io.carryall.core.port.MailException;
import io.carryall.core.port.SourceSession;
import io.carryall.core.port.SourceSession.MailFolder;
import io.carryall.core.record.FolderStatus;
import io.carryall.imap.Boxes.Received;
import io.carryall.testkit.dovecot.Dovecot;
import io.carryall.testkit.dovecot.MailFormat;
import io.carryall.testkit.mail.Mail;
import io.carryall.testkit.mail.PlainImap;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

@Tag("integration")
class ImapSourceTest {
    private static Dovecot server;

    @BeforeAll
    static void start() {
        server = Dovecot.builder().start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void folders_are_listed_with_paths_use_and_subscription(TestInfo test) throws MailException {
        String user = user(test);
        try (PlainImap imap = PlainImap.login(server, user)) {
            imap.create("parent/child");
            imap.create("Entwürfe & Skizzen");
            imap.create("100% *stars* \"quoted\" back\\slash ");
            imap.subscribe("parent/child");
        }
        try (SourceSession source = source(server, user)) {
            Map<String, MailFolder> folders = byPath(source.folders());
            assertThat(source.folders().get(0).path()).isEqualTo("INBOX");
            assertThat(folders.get("Sent").specialUse()).isEqualTo("\\Sent");
            assertThat(folders.get("Sent").subscribed()).isTrue();
            assertThat(folders.get("parent").selectable()).isFalse();
            assertThat(folders.get("parent/child").subscribed()).isTrue();
            assertThat(folders.get("Entwürfe & Skizzen").subscribed()).isFalse();
            assertThat(folders.get("Entwürfe & Skizzen").rawName()).isEqualTo("Entw&APw-rfe &- Skizzen");
            assertThat(folders).containsKey("100% *stars* \"quoted\" back\\slash ");
        }
    }

    @Test
    void a_server_without_extended_lists_tells_the_same(TestInfo test) throws MailException {
        String user = user(test);
        try (Dovecot old = Dovecot.started("LIST-EXTENDED", "LIST-STATUS", "SPECIAL-USE", "NAMESPACE", "CONDSTORE"); PlainImap imap = PlainImap.login(old, user)) {
            for (int i = 0; i < 60; i++) imap.create("f/" + i);
            imap.subscribe("f/7");
            imap.append("f/7", Mail.of("one"));
            try (SourceSession source = source(old, user)) {
                Map<String, MailFolder> folders = byPath(source.folders());
                assertThat(folders.get("f/7").subscribed()).isTrue();
                assertThat(folders.get("f/8").subscribed()).isFalse();
                Map<String, FolderStatus> statuses = source.statuses(folders.values().stream().map(MailFolder::rawName).toList());
                assertThat(statuses).hasSize(65);   // all but the parent f, which holds no mail
                assertThat(statuses.get("f/7").messages()).isEqualTo(1);
                assertThat(statuses.get("f/7").uidNext()).isEqualTo(2);
                assertThat(statuses.get("f/7").modSeq()).isZero();
            }
        }
    }

    @Test
    void statuses_come_by_one_list_and_leave_out_what_is_gone(TestInfo test) throws MailException {
        String user = user(test);
        try (PlainImap imap = PlainImap.login(server, user)) {
            imap.create("a");
            imap.append("a", Mail.of("one"), Mail.of("two"));
        }
        try (SourceSession source = source(server, user)) {
            Map<String, FolderStatus> statuses = source.statuses(List.of("INBOX", "a", "Sent", "Trash", "gone"));
            assertThat(statuses).containsOnlyKeys("INBOX", "a", "Sent", "Trash");
            assertThat(statuses.get("a").messages()).isEqualTo(2);
            assertThat(statuses.get("a").uidNext()).isEqualTo(3);
            assertThat(statuses.get("a").modSeq()).isPositive();
            assertThat(source.statuses(List.of("a", "gone"))).containsOnlyKeys("a");
        }
    }

    @Test
    void names_with_dots_and_prefix_become_paths(TestInfo test) throws MailException {
        String user = user(test);
        try (Dovecot dots = Dovecot.builder().format(MailFormat.MAILDIR).separator(".").prefix("INBOX.").start(); PlainImap imap = PlainImap.login(dots, user)) {
            imap.create("INBOX.Projects.2024");
            imap.append("INBOX.Projects.2024", Mail.of("x"));
            try (SourceSession source = source(dots, user)) {
                MailFolder folder = byPath(source.folders()).get("Projects/2024");
                assertThat(folder.rawName()).isEqualTo("INBOX.Projects.2024");
                assertThat(source.statuses(List.of(folder.rawName())).get(folder.rawName()).messages()).isEqualTo(1);
            }
        }
    }

    @Test
    void items_are_enumerated_from_a_uid_on_with_size_and_date(TestInfo test) throws MailException {
        String user = user(test);
        try (PlainImap imap = PlainImap.login(server, user)) {
            imap.append("INBOX", Mail.of("one"), Mail.of("two").at(OffsetDateTime.parse("2001-02-03T04:05:06-07:00")), Mail.of("three"));
            imap.select("INBOX");
            imap.expunge("1");
        }
        try (SourceSession source = source(server, user)) {
            long uidValidity = source.statuses(List.of("INBOX")).get("INBOX").uidValidity();
            List<SourceItem> items = new ArrayList<>();
            source.enumerate("INBOX", uidValidity, 1, items::add);
            assertThat(items).extracting(SourceItem::uid).containsExactly(2L, 3L);
            assertThat(items.get(0).date()).isEqualTo(OffsetDateTime.parse("2001-02-03T04:05:06-07:00").toInstant());
            assertThat(items.get(0).sizeBytes()).isEqualTo(Mail.of("two").content().length);
            List<SourceItem> later = new ArrayList<>();
            source.enumerate("INBOX", uidValidity, 4, later::add);
            assertThat(later).isEmpty();
            source.enumerate("INBOX", uidValidity, 3, later::add);
            assertThat(later).extracting(SourceItem::uid).containsExactly(3L);
        }
    }

    @Test
    void messages_come_whole_and_those_that_are_gone_are_passed_over(TestInfo test) throws MailException {
        String user = user(test);
        List<Mail> mails = List.of(Mail.of("one").withFlags("\\Seen", "$Forwarded", "Label_1"), Mail.of("two").at(OffsetDateTime.parse("2001-02-03T04:05:06-07:30")), Mail.of("three"));
        try (PlainImap imap = PlainImap.login(server, user)) {
            imap.append("INBOX", mails);
        }
        Received received = new Received();
        try (SourceSession source = source(server, user)) {
            source.fetch("INBOX", source.statuses(List.of("INBOX")).get("INBOX").uidValidity(), List.of(1L, 2L, 3L, 17L), received);
        }
        assertThat(received.messages).containsOnlyKeys(1L, 2L, 3L);
        assertThat(received.unreadable).isEmpty();
        assertThat(received.messages.get(1L).content()).isEqualTo(mails.get(0).content());
        assertThat(received.messages.get(1L).flags()).contains("\\Seen", "$Forwarded", "Label_1");
        assertThat(received.messages.get(2L).date().toInstant()).isEqualTo(mails.get(1).internalDate().toInstant());
    }

    @Test
    void a_message_that_went_after_the_folder_was_opened_is_gone_not_unreadable(TestInfo test) throws MailException {
        String user = user(test);
        try (PlainImap imap = PlainImap.login(server, user); SourceSession source = source(server, user)) {
            imap.append("INBOX", Mail.of("one"), Mail.of("two"), Mail.of("three"));
            long uidValidity = source.statuses(List.of("INBOX")).get("INBOX").uidValidity();
            source.fetch("INBOX", uidValidity, List.of(1L), new Received());
            imap.select("INBOX");
            imap.expunge("2");
            Received received = new Received();
            source.fetch("INBOX", uidValidity, List.of(2L, 3L), received);
            assertThat(received.messages).containsOnlyKeys(3L);
            assertThat(received.unreadable).isEmpty();
        }
    }

    @Test
    void the_source_is_not_changed_not_even_recent(TestInfo test) throws MailException {
        String user = user(test);
        try (PlainImap imap = PlainImap.login(server, user)) {
            imap.append("INBOX", Mail.of("one"), Mail.of("two"));
        }
        assertThat(Boxes.read(server, user, "INBOX")).hasSize(2);
        try (PlainImap imap = PlainImap.login(server, user)) {
            imap.examine("INBOX");
            assertThat(imap.fetchOne(1).flags()).containsExactly("\\Recent");
            assertThat(imap.fetchOne(2).flags()).containsExactly("\\Recent");
        }
    }

    @Test
    void a_folder_that_is_gone_or_has_another_uidvalidity_is_told(TestInfo test) throws MailException {
        try (SourceSession source = source(server, user(test))) {
            long uidValidity = source.statuses(List.of("INBOX")).get("INBOX").uidValidity();
            assertThatThrownBy(() -> source.enumerate("INBOX", uidValidity + 1, 1, item -> { })).isInstanceOfSatisfying(MailException.class, e -> assertThat(e.kind()).isEqualTo(MailException.Kind.FOLDER_CHANGED));
            assertThatThrownBy(() -> source.fetch("gone", uidValidity, List.of(1L), new Received())).isInstanceOfSatisfying(MailException.class, e -> assertThat(e.kind()).isEqualTo(MailException.Kind.FOLDER_CHANGED));
        }
    }

    @Test
    void thousands_of_scattered_uids_are_fetched_in_lines_that_fit(TestInfo test) throws MailException {
        String user = user(test);
        List<Mail> mails = new ArrayList<>();
        for (int i = 0; i < 6_000; i++) mails.add(Mail.of(ascii("Subject: " + i + "\r\n\r\n")));
        try (PlainImap imap = PlainImap.login(server, user)) {
            imap.append("INBOX", mails);
        }
        List<Long> odd = new ArrayList<>();
        for (long uid = 1; uid <= 6_000; uid += 2) odd.add(uid);
        Received received = new Received();
        try (SourceSession source = source(server, user)) {
            source.fetch("INBOX", source.statuses(List.of("INBOX")).get("INBOX").uidValidity(), odd, received);
        }
        assertThat(received.messages.keySet()).containsExactlyElementsOf(odd);
    }

    private static Map<String, MailFolder> byPath(List<MailFolder> folders) {
        Map<String, MailFolder> byPath = new java.util.HashMap<>();
        folders.forEach(folder -> byPath.put(folder.path(), folder));
        return byPath;
    }

    private static String user(TestInfo test) {
        return test.getTestMethod().orElseThrow().getName() + "@example";
    }
}
