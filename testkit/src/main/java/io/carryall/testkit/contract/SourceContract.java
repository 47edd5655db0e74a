package io.carryall.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

import io.carryall.core.flags.FlagSet;
import io.carryall.core.item.Fingerprinter;
import io.carryall.core.item.SourceItem;
import io.carryall.core.port.MailException;
import io.carryall.core.port.MailboxLogin;
import io.carryall.core.port.Secret;
import io.carryall.core.port.SourceSession;
import io.carryall.core.port.SourceSession.MailFolder;
import io.carryall.core.record.FolderStatus;
import io.carryall.testkit.mail.Mail;
import io.carryall.testkit.mail.MailGenerator;
import io.carryall.testkit.mail.MailProfile;
import io.carryall.testkit.mail.MailboxSnapshot;
import io.carryall.testkit.mail.OddMessages;

/**
 * What every {@link SourceSession} promises. Each test has a mailbox of its own; see the package on how to run it, and {@link ImapMailbox} for the other way in.
 */
public interface SourceContract {
    TestedServer server();

    @Test
    default void folders_are_told_with_decoded_path_subscription_and_whether_they_hold_messages() throws MailException {
        Source source = new Source(this);
        source.mailbox.create("Verträge/Entwürfe");
        source.mailbox.create("R&D \"x\" %*");
        source.mailbox.create("Parent/Child");
        source.mailbox.subscribe("R&D \"x\" %*");

        try (SourceSession session = source.open()) {
            List<MailFolder> folders = session.folders();

            assertThat(folders).extracting(MailFolder::path).doesNotHaveDuplicates().contains("INBOX", "Verträge/Entwürfe", "R&D \"x\" %*", "Parent", "Parent/Child");
            assertThat(folder(folders, "INBOX").selectable()).isTrue();
            assertThat(folder(folders, "Parent").selectable()).isFalse();
            assertThat(folder(folders, "R&D \"x\" %*").subscribed()).isTrue();
            assertThat(folder(folders, "Verträge/Entwürfe").subscribed()).isFalse();
            assertThat(folder(folders, "INBOX").specialUse()).isNull();
        }
    }

    @Test
    default void statuses_tell_folders_as_they_stand_and_leave_out_those_that_are_gone() throws MailException {
        Source source = new Source(this);
        source.mailbox.create("Entwürfe");
        source.mailbox.create("Gone");
        List<Long> uids = source.mailbox.append("Entwürfe", Mail.of("one"), Mail.of("two"));

        try (SourceSession session = source.open()) {
            String drafts = folder(session.folders(), "Entwürfe").rawName();
            String gone = folder(session.folders(), "Gone").rawName();
            source.mailbox.delete("Gone");
            Map<String, FolderStatus> statuses = session.statuses(List.of(drafts, gone, "INBOX"));

            assertThat(statuses).containsOnlyKeys(drafts, "INBOX");
            assertThat(statuses.get(drafts).messages()).isEqualTo(2);
            assertThat(statuses.get(drafts).uidNext()).isGreaterThan(uids.get(1));
            assertThat(statuses.get(drafts).uidValidity()).isEqualTo(source.mailbox.snapshot().folders().get("Entwürfe").uidValidity());
            assertThat(statuses.get("INBOX").messages()).isZero();
        }
    }

    @Test
    default void one_look_tells_all_folders_and_how_those_stand_that_hold_messages() throws MailException {
        Source source = new Source(this);
        source.mailbox.create("Parent/Entwürfe \"x\" %*");
        source.mailbox.append("Parent/Entwürfe \"x\" %*", Mail.of("one"), Mail.of("two"));

        try (SourceSession session = source.open()) {
            SourceSession.Listing listing = session.listing();

            assertThat(listing.folders()).isEqualTo(session.folders());
            assertThat(listing.statuses()).isEqualTo(session.statuses(listing.folders().stream().filter(MailFolder::selectable).map(MailFolder::rawName).toList()));
            assertThat(listing.statuses().get(folder(listing.folders(), "Parent/Entwürfe \"x\" %*").rawName()).messages()).isEqualTo(2);
        }
    }

    @Test
    default void every_item_is_enumerated_in_the_order_of_uids_with_size_and_date() throws MailException {
        Source source = new Source(this);
        Mail[] mails = new MailGenerator(MailProfile.SMALL, 7).mails(1, 0, 120).stream().map(generated -> generated.mail()).toArray(Mail[]::new);
        List<Long> uids = source.mailbox.append("INBOX", mails);
        source.mailbox.expunge("INBOX", uids.get(50));

        try (SourceSession session = source.open()) {
            List<SourceItem> expected = new ArrayList<>();
            for (int i = 0; i < mails.length; i++) {
                if (i != 50) {
                    expected.add(new SourceItem(uids.get(i), mails[i].content().length, mails[i].internalDate().toEpochSecond()));
                }
            }

            assertThat(enumerated(session, source, 1)).isEqualTo(expected);
            assertThat(enumerated(session, source, uids.get(100))).isEqualTo(expected.subList(99, 119));
        }
    }

    @Test
    default void header_lines_give_the_digest_that_the_whole_message_has() throws MailException {
        Source source = new Source(this);
        List<Mail> mails = new ArrayList<>(new MailGenerator(MailProfile.MIXED, 9).mails(1, 0, 60).stream().map(generated -> generated.mail()).toList());
        mails.add(Mail.of("subject: two\r\n\t lines \r\n and three\r\nMESSAGE-ID:<x@y>\r\nReceived: first\r\nReceived: second\r\nSubject: again\r\nTo:\r\n\r\nSubject: body\r\n".getBytes(StandardCharsets.UTF_8)));
        mails.add(Mail.of("X-Nothing: identifying\r\n\r\nbody\r\n".getBytes(StandardCharsets.UTF_8)));
        List<Long> uids = source.mailbox.append("INBOX", mails.toArray(new Mail[0]));

        try (SourceSession session = source.open()) {
            List<SourceItem> items = new ArrayList<>();
            List<String> digests = new ArrayList<>();
            session.enumerateHeaders("INBOX", source.uidValidity("INBOX"), uids.get(10), (item, lines) -> {
                items.add(item);
                digests.add(Fingerprinter.ofHeaderLines(lines, 0).fingerprint().headers());
            });

            assertThat(items).isEqualTo(enumerated(session, source, uids.get(10)));
            assertThat(digests).isEqualTo(mails.subList(10, mails.size()).stream().map(mail -> Fingerprinter.ofHeaderLines(mail.content(), 0).fingerprint().headers()).toList());
        }
    }

    @Test
    default void headers_of_some_items_are_told_and_those_of_items_that_are_gone_are_not() throws MailException {
        Source source = new Source(this);
        List<Long> uids = source.mailbox.append("INBOX", IntStream.range(0, 30).mapToObj(i -> Mail.of("mail " + i)).toArray(Mail[]::new));
        source.mailbox.expunge("INBOX", uids.get(3));
        List<Long> wanted = List.of(uids.get(20), uids.get(3), uids.get(4), uids.get(0));

        try (SourceSession session = source.open()) {
            Map<Long, String> digests = new TreeMap<>();
            session.headers("INBOX", source.uidValidity("INBOX"), wanted, (item, lines) -> digests.put(item.uid(), Fingerprinter.ofHeaderLines(lines, 0).fingerprint().headers()));
            Map<Long, String> expected = new TreeMap<>();
            session.enumerateHeaders("INBOX", source.uidValidity("INBOX"), 1, (item, lines) -> {
                if (wanted.contains(item.uid())) {
                    expected.put(item.uid(), Fingerprinter.ofHeaderLines(lines, 0).fingerprint().headers());
                }
            });

            assertThat(digests).isEqualTo(expected).hasSize(3);
            session.headers("INBOX", source.uidValidity("INBOX"), List.of(), (item, lines) -> digests.clear());
            assertThat(digests).hasSize(3);
        }
    }

    @Test
    default void nothing_is_enumerated_beyond_the_last_item() throws MailException {
        Source source = new Source(this);
        List<Long> uids = source.mailbox.append("INBOX", Mail.of("one"), Mail.of("two"));

        try (SourceSession session = source.open()) {
            assertThat(enumerated(session, source, uids.get(1) + 1)).isEmpty();
            assertThat(enumerated(session, source, 4_294_967_000L)).isEmpty();
            source.mailbox.create("Empty");
            List<SourceItem> none = new ArrayList<>();
            session.enumerate("Empty", source.uidValidity("Empty"), 1, none::add);
            assertThat(none).isEmpty();
        }
    }

    @Test
    default void a_folder_that_is_gone_or_has_another_uidvalidity_is_told_as_changed() throws MailException {
        Source source = new Source(this);
        source.mailbox.append("INBOX", Mail.of("one"));
        long other = source.uidValidity("INBOX") + 1;

        assertChanged(() -> with(source, session -> session.enumerate("INBOX", other, 1, item -> { })));
        assertChanged(() -> with(source, session -> session.fetch("INBOX", other, List.of(1L), new Fetching())));
        assertChanged(() -> with(source, session -> session.enumerate("No such folder", 1, 1, item -> { })));
    }

    @Test
    default void items_come_byte_for_byte_with_flags_and_date() throws MailException {
        Source source = new Source(this);
        List<Mail> mails = new ArrayList<>(new MailGenerator(MailProfile.MIXED, 8).mails(1, 0, 60).stream().map(generated -> generated.mail()).toList());
        mails.add(Mail.of("all flags").withFlags("\\Seen", "\\Answered", "\\Flagged", "\\Deleted", "\\Draft", "$Forwarded", "Wichtig_2"));
        List<Long> uids = source.mailbox.append("INBOX", mails.toArray(new Mail[0]));

        try (SourceSession session = source.open()) {
            Fetching fetching = new Fetching();
            session.fetch("INBOX", source.uidValidity("INBOX"), uids, fetching);

            assertThat(fetching.got).hasSize(mails.size());
            for (int i = 0; i < mails.size(); i++) {
                Fetching.Got got = fetching.got.get(uids.get(i));
                assertThat(got.content()).isEqualTo(mails.get(i).content());
                assertThat(got.date().toInstant()).isEqualTo(mails.get(i).internalDate().toInstant());
                assertThat(got.flags()).isEqualTo(mails.get(i).flags());
            }
        }
    }

    @Test
    default void odd_messages_come_as_the_server_holds_them() throws MailException {
        Source source = new Source(this);
        List<Long> uids = source.mailbox.append("INBOX", OddMessages.all().stream().map(OddMessages.Odd::mail).toArray(Mail[]::new));
        List<MailboxSnapshot.Item> held = source.mailbox.snapshot().items("INBOX");

        try (SourceSession session = source.open()) {
            Fetching fetching = new Fetching();
            session.fetch("INBOX", source.uidValidity("INBOX"), uids, fetching);

            for (int i = 0; i < held.size(); i++) {
                MailboxSnapshot.Item item = held.get(i);
                assertThat(fetching.got).as(OddMessages.all().get(i).name()).containsKey(item.uid());
                assertThat(fetching.got.get(item.uid()).item(item.uid()).exact()).as(OddMessages.all().get(i).name()).isEqualTo(item.exact());
            }
            assertThat(fetching.unreadable).isEmpty();
        }
    }

    @Test
    default void of_a_vanished_item_nothing_is_heard() throws MailException {
        Source source = new Source(this);
        List<Long> uids = source.mailbox.append("INBOX", Mail.of("one"), Mail.of("two"), Mail.of("three"));
        source.mailbox.expunge("INBOX", uids.get(1));

        try (SourceSession session = source.open()) {
            Fetching fetching = new Fetching();
            session.fetch("INBOX", source.uidValidity("INBOX"), List.of(uids.get(0), uids.get(1), uids.get(2), 4_294_967_000L), fetching);

            assertThat(fetching.got).containsOnlyKeys(uids.get(0), uids.get(2));
            assertThat(fetching.unreadable).isEmpty();
        }
    }

    @Test
    default void many_scattered_items_are_fetched_at_once() throws MailException {
        Source source = new Source(this);
        List<Long> uids = source.mailbox.append("INBOX", IntStream.range(0, 600).mapToObj(i -> Mail.of("number " + i)).toArray(Mail[]::new));
        List<Long> odd = uids.stream().filter(uid -> uid % 2 == 1).toList();

        try (SourceSession session = source.open()) {
            Fetching fetching = new Fetching();
            session.fetch("INBOX", source.uidValidity("INBOX"), odd, fetching);

            assertThat(fetching.got.keySet()).containsExactlyInAnyOrderElementsOf(odd);
        }
    }

    @Test
    default void the_source_is_not_changed_not_even_recent_or_seen() throws MailException {
        Source source = new Source(this);
        List<Long> uids = source.mailbox.append("INBOX", Mail.of("one"), Mail.of("two").withFlags("\\Flagged"));
        MailboxSnapshot before = source.mailbox.snapshot();

        try (SourceSession session = source.open()) {
            session.folders();
            session.statuses(List.of("INBOX"));
            enumerated(session, source, 1);
            session.fetch("INBOX", source.uidValidity("INBOX"), uids, new Fetching());
        }

        assertThat(before.changesTo(source.mailbox.snapshot())).isEmpty();
    }

    @Test
    default void what_arrives_while_a_session_is_open_is_found_by_it() throws MailException {
        Source source = new Source(this);
        source.mailbox.append("INBOX", Mail.of("one"));

        try (SourceSession session = source.open()) {
            assertThat(enumerated(session, source, 1)).hasSize(1);
            List<Long> later = source.mailbox.append("INBOX", Mail.of("two"));

            assertThat(enumerated(session, source, 1)).extracting(SourceItem::uid).contains(later.get(0));
            assertThat(session.statuses(List.of("INBOX")).get("INBOX").messages()).isEqualTo(2);
            Fetching fetching = new Fetching();
            session.fetch("INBOX", source.uidValidity("INBOX"), later, fetching);
            assertThat(fetching.got).containsOnlyKeys(later.get(0));
            assertThat(session.isAlive()).isTrue();
        }
    }

    @Test
    default void a_wrong_password_is_a_refused_login() {
        MailboxLogin right = server().login("ann-" + UUID.randomUUID());
        MailboxLogin wrong = new MailboxLogin(right.server(), right.mailbox(), right.user(), right.admin(), right.separator(), new Secret("not-the-password"));

        assertThatThrownBy(() -> server().mail().openSource(wrong)).isInstanceOfSatisfying(MailException.class, e -> {
            assertThat(e.kind()).isEqualTo(MailException.Kind.LOGIN_REFUSED);
            assertThat(e).hasMessageNotContaining("not-the-password");
        });
    }

    private static void assertChanged(ThrowingCallable work) {
        assertThatThrownBy(work).isInstanceOfSatisfying(MailException.class, e -> assertThat(e.kind()).isEqualTo(MailException.Kind.FOLDER_CHANGED));
    }

    private void with(Source source, SessionWork work) throws MailException {
        try (SourceSession session = source.open()) {
            work.run(session);
        }
    }

    private static List<SourceItem> enumerated(SourceSession session, Source source, long fromUid) throws MailException {
        List<SourceItem> items = new ArrayList<>();
        session.enumerate("INBOX", source.uidValidity("INBOX"), fromUid, items::add);
        return items;
    }

    private static MailFolder folder(List<MailFolder> folders, String path) {
        return folders.stream().filter(folder -> folder.path().equals(path)).findFirst().orElseThrow(() -> new AssertionError("no folder " + path + " in " + Arrays.toString(folders.toArray())));
    }

    /** What is done with a session. */
    @FunctionalInterface
    interface SessionWork {
        void run(SourceSession session) throws MailException;
    }

    /** A mailbox of one test, from both sides. */
    @Test
    default void flags_are_told_of_all_of_some_or_of_those_that_changed_since_a_state() throws MailException {
        Source source = new Source(this);
        List<Long> uids = source.mailbox.append("INBOX", Mail.of("a").withFlags("\\Seen"), Mail.of("b"), Mail.of("c").withFlags("Work"));

        try (SourceSession session = source.open()) {
            long state = session.statuses(List.of("INBOX")).get("INBOX").modSeq();
            source.mailbox.flag("INBOX", uids.get(1), Set.of("\\Flagged", "Work"), Set.of());
            source.mailbox.flag("INBOX", uids.get(2), Set.of(), Set.of("Work"));
            long uidValidity = source.uidValidity("INBOX");

            Map<Long, FlagSet> all = flags(told -> session.flags("INBOX", uidValidity, 0, told));
            assertThat(all).isEqualTo(Map.of(uids.get(0), FlagSet.of("\\Seen"), uids.get(1), FlagSet.of("\\Flagged", "Work"), uids.get(2), FlagSet.NONE));
            Map<Long, FlagSet> some = flags(told -> session.flags("INBOX", uidValidity, List.of(uids.get(0), 4_000_000L), told));
            assertThat(some).isEqualTo(Map.of(uids.get(0), FlagSet.of("\\Seen")));
            assertThat(state).isPositive();
            Map<Long, FlagSet> changed = flags(told -> session.flags("INBOX", uidValidity, state, told));
            assertThat(changed).containsOnlyKeys(uids.get(1), uids.get(2)).containsEntry(uids.get(2), FlagSet.NONE);
            long now = session.statuses(List.of("INBOX")).get("INBOX").modSeq();
            assertThat(now).isGreaterThan(state);
            assertThat(flags(told -> session.flags("INBOX", uidValidity, now, told))).isEmpty();
            assertThatThrownBy(() -> session.flags("INBOX", uidValidity + 1, 0, (uid, flags) -> { })).isInstanceOfSatisfying(MailException.class, e -> assertThat(e.kind()).isEqualTo(MailException.Kind.FOLDER_CHANGED));
        }
    }

    /** A question for flags. */
    interface Telling {
        void to(SourceSession.Flags flags) throws MailException;
    }

    private static Map<Long, FlagSet> flags(Telling telling) throws MailException {
        Map<Long, FlagSet> found = new HashMap<>();
        telling.to((uid, flags) -> found.put(uid, FlagSet.of(flags)));
        return found;
    }

    final class Source {
        final Mailbox mailbox;
        private final SourceContract contract;
        private final String user = "ann-" + UUID.randomUUID();

        private Source(SourceContract contract) {
            this.contract = contract;
            this.mailbox = contract.server().mailbox(user);
        }

        SourceSession open() throws MailException {
            return contract.server().mail().openSource(contract.server().login(user));
        }

        long uidValidity(String path) {
            return mailbox.snapshot().folders().get(path).uidValidity();
        }
    }
}
