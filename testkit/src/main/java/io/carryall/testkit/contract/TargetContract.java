package io.carryall.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import io.carryall.core.flags.FlagSet;
import io.carryall.core.flags.FlagTurn.Flagged;
import io.carryall.core.item.SourceItem;
import io.carryall.core.port.MailException;
import io.carryall.core.port.SourceSession;
import io.carryall.core.port.SourceSession.MailFolder;
import io.carryall.core.port.TargetSession;
import io.carryall.core.port.TargetSession.Appended;
import io.carryall.core.port.TargetSession.FlagEdit;
import io.carryall.core.port.TargetSession.FlagFolder;
import io.carryall.core.port.TargetSession.InDoubt;
import io.carryall.core.port.TargetSession.NotSent;
import io.carryall.core.port.TargetSession.OneByOne;
import io.carryall.core.port.TargetSession.Outgoing;
import io.carryall.core.port.TargetSession.Planned;
import io.carryall.core.port.TargetSession.Position;
import io.carryall.core.port.TargetSession.Refused;
import io.carryall.core.port.TargetSession.Seen;
import io.carryall.core.port.TargetSession.Stored;
import io.carryall.core.record.FolderStatus;
import io.carryall.testkit.mail.Mail;
import io.carryall.testkit.mail.MailGenerator;
import io.carryall.testkit.mail.MailProfile;
import io.carryall.testkit.mail.MailboxSnapshot;
import io.carryall.testkit.mail.OddMessages;

/**
 * What every {@link TargetSession} promises, with MULTIAPPEND or without. Each test has a mailbox of its own; see the package on how to run it.
 */
public interface TargetContract {
    TestedServer server();

    @Test
    default void a_folder_of_any_name_is_made_once_and_stands_where_it_was_planned() throws MailException {
        Target target = new Target(this);
        List<String> paths = List.of("INBOX", "Verträge/Entwürfe", "日本語", "R&D", "a \"quoted\" % * name", "deep/er/and/deeper", "back\\slash");
        try (TargetSession session = target.open()) {
            for (String path : paths) {
                Planned planned = session.plan(path);
                assertThat(session.plan(path)).isEqualTo(planned);

                Planned made = session.create(planned, true);
                assertThat(session.create(session.plan(path), true)).isEqualTo(made);

                MailFolder folder = folder(session.folders(), made.path());
                assertThat(folder.rawName()).isEqualTo(made.rawName());
                assertThat(folder.selectable()).as(path).isTrue();
                // Dovecot does not tell the subscription of an inbox that nobody has opened yet.
                assertThat(folder.subscribed() || path.equals("INBOX")).as(path).isTrue();
                assertThat(session.position(made.rawName()).uidValidity()).isPositive();
            }
            assertThat(session.plan("Verträge/Entwürfe").warning()).isNull();
            Planned quiet = session.create(session.plan("Quiet"), false);
            assertThat(folder(session.folders(), quiet.path()).subscribed()).isFalse();
        }
    }

    @Test
    default void messages_arrive_byte_for_byte_in_order_with_flags_and_dates() throws MailException {
        Target target = new Target(this);
        List<Mail> mails = new ArrayList<>(new MailGenerator(MailProfile.MIXED, 9).mails(1, 0, 50).stream().map(generated -> generated.mail()).toList());
        mails.add(Mail.of("all flags").withFlags("\\Seen", "\\Answered", "\\Flagged", "\\Deleted", "\\Draft", "$Forwarded", "Wichtig_2"));
        try (TargetSession session = target.open()) {
            Position before = session.position("INBOX");

            List<Stored> stored = stored(session.append("INBOX", outgoing(mails), () -> true));

            List<MailboxSnapshot.Item> found = target.mailbox.snapshot().items("INBOX");
            assertThat(found).hasSize(mails.size());
            for (int i = 0; i < mails.size(); i++) {
                assertThat(found.get(i).exact()).isEqualTo(MailboxSnapshot.exactDigest(mails.get(i).content()));
                assertThat(found.get(i).date()).isEqualTo(mails.get(i).internalDate().toInstant());
                assertThat(found.get(i).flags()).containsAll(mails.get(i).flags());
            }
            if (session.capabilities().uidPlus()) {
                assertThat(stored.stream().flatMap(one -> one.uids().stream())).isEqualTo(found.stream().map(MailboxSnapshot.Item::uid).toList());
                assertThat(stored).allMatch(one -> one.uidValidity() == before.uidValidity());
            }
            assertThat(found.get(0).uid()).isGreaterThanOrEqualTo(before.uidNext());
            assertThat(session.position("INBOX").uidNext()).isGreaterThan(found.get(found.size() - 1).uid());
        }
    }

    @Test
    default void a_target_can_be_read_as_a_source_is_and_written_to_afterwards() throws MailException {
        Target target = new Target(this);
        target.mailbox.create("Box");
        target.mailbox.append("Box", Mail.of("one"), Mail.of("two"));
        try (TargetSession session = target.open()) {
            List<SourceItem> items = new ArrayList<>();
            SourceSession reading = session.reading();
            FolderStatus status = reading.statuses(List.of("Box")).get("Box");
            reading.enumerateHeaders("Box", status.uidValidity(), 1, (item, lines) -> items.add(item));

            assertThat(items).extracting(SourceItem::uid).isEqualTo(target.mailbox.snapshot().items("Box").stream().map(MailboxSnapshot.Item::uid).toList());
            assertThat(status.messages()).isEqualTo(2);
            stored(session.append("Box", outgoing(List.of(Mail.of("three"))), () -> true));
            assertThat(session.position("Box").uidNext()).isGreaterThan(items.get(1).uid() + 1);
            assertThat(target.mailbox.snapshot().items("Box")).hasSize(3).allMatch(item -> !item.flags().contains("\\Seen"));
        }
    }

    @Test
    default void odd_messages_arrive_as_they_would_by_hand() throws MailException {
        Target target = new Target(this);
        List<Mail> mails = OddMessages.all().stream().map(OddMessages.Odd::mail).toList();
        target.mailbox.create("ByHand");
        target.mailbox.append("ByHand", mails.toArray(new Mail[0]));
        try (TargetSession session = target.open()) {
            stored(session.append("INBOX", outgoing(mails), () -> true));

            MailboxSnapshot snapshot = target.mailbox.snapshot();
            assertThat(snapshot.items("INBOX")).extracting(MailboxSnapshot.Item::exact).isEqualTo(snapshot.items("ByHand").stream().map(MailboxSnapshot.Item::exact).toList());
        }
    }

    @Test
    default void flags_that_may_not_be_sent_are_left_out_and_no_body_runs_as_a_command() throws MailException {
        Target target = new Target(this);
        target.mailbox.create("VICTIM");
        Mail harmful = Mail.of("z1 DELETE VICTIM\r\nz2 CREATE INTRUDER\r\n".getBytes(StandardCharsets.US_ASCII));
        List<Set<String>> flags = List.of(Set.of("\\Bogus"), Set.of("\\Recent"), Set.of("two words"), Set.of("par)en"), Set.of("a\r\nz3 DELETE VICTIM"), Set.of("quo\"te"), Set.of("{3+}"), Set.of("ü"), Set.of(""), Set.of("\\"));

        for (Set<String> set : flags) {
            try (TargetSession session = target.open()) {
                List<Stored> stored = stored(session.append("INBOX", List.of(new Outgoing(set, harmful.internalDate(), new BytesContent(harmful.content()))), () -> true));
                assertThat(stored).as(set.toString()).hasSize(1);
            }
        }

        MailboxSnapshot snapshot = target.mailbox.snapshot();
        assertThat(snapshot.items("INBOX")).hasSize(flags.size()).allMatch(item -> item.exact().equals(MailboxSnapshot.exactDigest(harmful.content())));
        assertThat(snapshot.folders()).containsKey("VICTIM").doesNotContainKey("INTRUDER");
    }

    @Test
    default void a_keyword_that_cannot_be_held_is_told_as_dropped() throws MailException {
        Target target = new Target(this);
        Mail mail = Mail.of("keywords");
        try (TargetSession session = target.open()) {
            Stored stored = stored(session.append("INBOX", List.of(new Outgoing(Set.of("\\Seen", "fine", "two words"), mail.internalDate(), new BytesContent(mail.content()))), () -> true)).get(0);

            assertThat(stored.dropped()).containsExactly(Set.of("two words"));
            assertThat(target.mailbox.snapshot().items("INBOX").get(0).flags()).contains("\\Seen", "fine").doesNotContain("two words");
        }
    }

    @Test
    default void nothing_is_stored_when_the_end_may_not_go_out() throws MailException {
        Target target = new Target(this);
        List<Mail> mails = List.of(Mail.of("one"), Mail.of("two"));
        try (TargetSession session = target.open()) {
            AtomicInteger asked = new AtomicInteger();
            Appended appended = session.append("INBOX", outgoing(mails), () -> asked.incrementAndGet() < 0);

            assertThat(each(appended)).isNotEmpty().allMatch(one -> one instanceof NotSent);
            assertThat(asked.get()).isPositive();
        }
        assertThat(target.mailbox.snapshot().items("INBOX")).isEmpty();
    }

    @Test
    default void an_append_to_a_folder_that_is_not_there_is_refused_and_stores_nothing() throws MailException {
        Target target = new Target(this);
        try (TargetSession session = target.open()) {
            Appended appended = session.append("No such folder", outgoing(List.of(Mail.of("one"))), () -> true);

            assertThat(each(appended)).hasSize(1).allMatch(one -> one instanceof Refused);
        }
        assertThat(target.mailbox.snapshot().messages()).isZero();
    }

    @Test
    default void a_look_tells_all_uids_from_the_bound_on_and_fetches_those_that_are_wanted() throws MailException {
        Target target = new Target(this);
        List<Mail> mails = IntStream.range(0, 20).mapToObj(i -> Mail.of("number " + i).withFlags("\\Flagged")).toList();
        List<Long> uids = target.mailbox.append("INBOX", mails.toArray(new Mail[0]));
        try (TargetSession session = target.open()) {
            Fetching fetching = new Fetching();
            Seen seen = session.look("INBOX", uids.get(5), uid -> uid == uids.get(7) || uid == uids.get(19) || uid == uids.get(1), fetching);

            assertThat(seen.uids()).isEqualTo(uids.subList(5, 20));
            assertThat(seen.position()).isEqualTo(session.position("INBOX"));
            assertThat(fetching.got).containsOnlyKeys(uids.get(7), uids.get(19));
            assertThat(fetching.got.get(uids.get(7)).content()).isEqualTo(mails.get(7).content());
            assertThat(fetching.got.get(uids.get(7)).flags()).contains("\\Flagged");
        }
    }

    @Test
    default void a_look_beyond_the_last_message_sees_none() throws MailException {
        Target target = new Target(this);
        List<Long> uids = target.mailbox.append("INBOX", Mail.of("one"));
        try (TargetSession session = target.open()) {
            Seen seen = session.look("INBOX", uids.get(0) + 1, uid -> true, new Fetching());

            assertThat(seen.uids()).isEmpty();
            assertThat(seen.position().uidNext()).isGreaterThan(uids.get(0));
        }
    }

    @Test
    default void a_look_sees_what_was_appended_a_moment_ago_and_marks_nothing_as_seen() throws MailException {
        Target target = new Target(this);
        try (TargetSession session = target.open()) {
            Position before = session.position("INBOX");
            stored(session.append("INBOX", outgoing(List.of(Mail.of("one"), Mail.of("two"))), () -> true));
            Fetching fetching = new Fetching();

            Seen seen = session.look("INBOX", before.uidNext(), uid -> true, fetching);

            assertThat(seen.uids()).hasSize(2);
            assertThat(fetching.got).hasSize(2);
        }
        assertThat(target.mailbox.snapshot().items("INBOX")).allMatch(item -> !item.flags().contains("\\Seen"));
    }

    @Test
    default void one_session_goes_on_through_many_groups_and_folders() throws MailException {
        Target target = new Target(this);
        try (TargetSession session = target.open()) {
            String archive = session.create(session.plan("Archiv/2024"), true).rawName();
            for (int group = 0; group < 20; group++) {
                int number = group;
                stored(session.append(group % 2 == 0 ? "INBOX" : archive, outgoing(IntStream.range(0, 10).mapToObj(i -> Mail.of("group " + number + " message " + i)).toList()), () -> true));
            }
            assertThat(session.isAlive()).isTrue();
        }
        assertThat(target.mailbox.snapshot().messages()).isEqualTo(200);
    }

    private static List<Outgoing> outgoing(List<Mail> mails) {
        return mails.stream().map(mail -> new Outgoing(mail.flags(), mail.internalDate(), new BytesContent(mail.content()))).toList();
    }

    private static List<Appended> each(Appended appended) {
        return appended instanceof OneByOne oneByOne ? oneByOne.each() : List.of(appended);
    }

    private static List<Stored> stored(Appended appended) {
        List<Stored> stored = new ArrayList<>();
        for (Appended one : each(appended)) {
            assertThat(one).as(one instanceof InDoubt ? "in doubt" : one.toString()).isInstanceOf(Stored.class);
            stored.add((Stored) one);
        }
        return stored;
    }

    private static MailFolder folder(List<MailFolder> folders, String path) {
        return folders.stream().filter(folder -> folder.path().equals(path)).findFirst().orElseThrow(() -> new AssertionError("no folder " + path + " in " + Arrays.toString(folders.toArray())));
    }

    /** A mailbox of one test, from both sides. */
    @Test
    default void flags_are_set_and_taken_away_and_what_changed_since_the_look_keeps_what_others_did() throws MailException {
        Target target = new Target(this);
        List<Long> uids = target.mailbox.append("INBOX", Mail.of("a").withFlags("\\Seen"), Mail.of("b").withFlags("\\Seen", "Old"), Mail.of("c"), Mail.of("d"));
        List<Long> known = uids.subList(0, 3);

        try (TargetSession session = target.open()) {
            try (FlagFolder folder = session.openFlags("INBOX")) {
                assertThat(folder.uidValidity()).isEqualTo(target.mailbox.snapshot().folders().get("INBOX").uidValidity());
                assertThat(folder.holds("\\Deleted")).isTrue();
                assertThat(folder.holds("Work")).isTrue();
                assertThat(folder.holds("not an atom")).isFalse();
                Map<Long, Flagged> looked = folder.look(List.of(uids.get(0), uids.get(1), uids.get(2), 4_000_000L));
                assertThat(looked).containsOnlyKeys(known);
                assertThat(looked.get(uids.get(1)).flags()).isEqualTo(FlagSet.of("\\Seen", "Old"));
                target.mailbox.flag("INBOX", uids.get(2), Set.of("\\Flagged"), Set.of());

                assertThat(folder.store(List.of(edit(uids.get(0), FlagSet.of("Work", "\\Answered"), FlagSet.NONE, looked), edit(uids.get(1), FlagSet.of("Work"), FlagSet.of("\\Seen"), looked),
                        edit(uids.get(2), FlagSet.of("Work"), FlagSet.NONE, looked)), () -> true)).isTrue();

                Map<Long, Flagged> again = folder.look(known);
                assertThat(again.get(uids.get(0)).flags()).isEqualTo(FlagSet.of("\\Seen", "Work", "\\Answered"));
                assertThat(again.get(uids.get(1)).flags()).isEqualTo(FlagSet.of("Work", "Old"));
                boolean guarded = looked.get(uids.get(2)).modSeq() > 0;
                assertThat(again.get(uids.get(2)).flags()).isEqualTo(guarded ? FlagSet.of("\\Flagged") : FlagSet.of("\\Flagged", "Work"));
                assertThat(folder.store(List.of(edit(uids.get(0), FlagSet.NONE, FlagSet.of("\\Seen"), again)), () -> false)).isFalse();
            }
            assertThat(session.position("INBOX").uidNext()).isEqualTo(uids.get(3) + 1);
            assertThatThrownBy(() -> session.openFlags(session.plan("Nowhere").rawName())).isInstanceOfSatisfying(MailException.class, e -> assertThat(e.kind()).isEqualTo(MailException.Kind.FOLDER_CHANGED));
        }
        MailboxSnapshot after = target.mailbox.snapshot();
        assertThat(after.items("INBOX")).hasSize(4);
        assertThat(after.items("INBOX").get(0).flags()).contains("\\Seen");
    }

    private static FlagEdit edit(long uid, FlagSet add, FlagSet remove, Map<Long, Flagged> looked) {
        return new FlagEdit(uid, add, remove, looked.get(uid));
    }

    final class Target {
        final Mailbox mailbox;
        private final TargetContract contract;
        private final String user = "ann-" + UUID.randomUUID();

        private Target(TargetContract contract) {
            this.contract = contract;
            this.mailbox = contract.server().mailbox(user);
        }

        TargetSession open() throws MailException {
            return contract.server().mail().openTarget(contract.server().login(user));
        }
    }
}
