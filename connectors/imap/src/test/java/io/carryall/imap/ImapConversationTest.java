package io.carryall.imap;

import static io.carryall.imap.Boxes.MAIL;
import static io.carryall.imap.Boxes.ascii;
import static io.carryall.imap.Boxes.login;
import static io.carryall.imap.Boxes.outgoing;
import static io.carryall.imap.Boxes.plain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.carryall.core.flags.FlagSet;
import io.carryall.core.flags.FlagTurn;
import io.carryall.core.item.SourceItem;
import io.carryall.core.port.MailException;
import io.carryall.core.port.MailException.Kind;
import io.carryall.core.port.SourceSession;
import io.carryall.core.port.TargetSession;
import io.carryall.core.port.TargetSession.InDoubt;
import io.carryall.core.port.TargetSession.NotSent;
import io.carryall.core.port.TargetSession.Refused;
import io.carryall.core.port.TargetSession.Stored;
import io.carryall.imap.Boxes.Received;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What servers say that Dovecot never would. */
class ImapConversationTest {
    private static final String[] EXAMINED = {"C: c3 EXAMINE \"INBOX\"", "S: * 3 EXISTS", "S: * OK [UIDVALIDITY 7] ok", "S: * OK [UIDNEXT 10] ok", "S: c3 OK [READ-ONLY] done"};

    @Test
    void replies_in_any_order_with_news_in_between_are_understood() throws Exception {
        try (Script script = Script.loggedIn("", with(EXAMINED,
                "C: c4 UID FETCH 1:3 (UID FLAGS INTERNALDATE BODY.PEEK[])",
                "S: * 3 EXISTS",
                "S: * 1 FETCH (FLAGS (\\Seen))",
                "S: * 1 FETCH (X (a {2}", "S: )(b) UID 1 BODY[] {5}", "S: a", "S: b) INTERNALDATE \"nonsense\" FLAGS (\\Seen kw[1]))",
                "S: * 9 EXPUNGE",
                "S: * 2 FETCH (BODY[] {3}", "S: abc UID 2)",
                "S: * 3 FETCH (UID 3 FLAGS () BODY[] \"q\\\"d\" INTERNALDATE \" 1-Feb-2024 03:04:05 +0545\")",
                "S: c4 OK done",
                "C: c5 UID FETCH 2 (UID FLAGS INTERNALDATE BODY.PEEK[])",
                "S: * 2 FETCH (BODY[] {3}", "S: abc UID 2)",
                "S: c5 OK done",
                "C: c6 LOGOUT")); SourceSession source = MAIL.openSource(login(plain(script.port()), "ann"))) {
            Received received = new Received();
            source.fetch("INBOX", 7, List.of(1L, 2L, 3L), received);
            assertThat(received.messages).containsOnlyKeys(1L, 2L, 3L);
            assertThat(received.messages.get(1L).content()).isEqualTo(ascii("a\r\nb)"));
            assertThat(received.messages.get(1L).flags()).containsExactly("\\Seen", "kw[1]");
            assertThat(received.messages.get(1L).date()).isNull();
            assertThat(received.messages.get(2L).content()).isEqualTo(ascii("abc"));
            assertThat(received.messages.get(3L).content()).isEqualTo(ascii("q\"d"));
            assertThat(received.messages.get(3L).date()).hasToString("2024-02-01T03:04:05+05:45");
        }
    }

    private static String[] with(String[] before, String... after) {
        List<String> all = new ArrayList<>(List.of(before));
        all.addAll(List.of(after));
        return all.toArray(String[]::new);
    }

    @Test
    void one_message_that_can_not_be_read_does_not_take_others_with_it() throws Exception {
        try (Script script = Script.loggedIn("", with(EXAMINED,
                "C: c4 UID FETCH 1:4 (UID FLAGS INTERNALDATE BODY.PEEK[])",
                "S: * 1 FETCH (UID 1 FLAGS () BODY[] NIL)",
                "S: * 2 FETCH (UID 2 FLAGS oops BODY[] {9}", "S: c4 OK no))",
                "S: c4 NO [SERVERBUG] can't read one of them",
                "C: c5 UID FETCH 2 (UID FLAGS INTERNALDATE BODY.PEEK[])",
                "S: * 2 FETCH (UID 2 FLAGS oops)",
                "S: c5 OK done",
                "C: c6 UID FETCH 3 (UID FLAGS INTERNALDATE BODY.PEEK[])",
                "S: c6 NO [SERVERBUG] \u001b[31mcan't\u0007 read it",
                "C: c7 UID FETCH 4 (UID FLAGS INTERNALDATE BODY.PEEK[])",
                "S: * 4 FETCH (UID 4 BODY[] {1}", "S: x)",
                "S: c7 OK done",
                "C: c8 NOOP",
                "S: c8 OK done",
                "C: c9 UID FETCH 1,3 (UID)",
                "S: * 1 FETCH (UID 1)", "S: * 3 FETCH (UID 3)",
                "S: c9 OK done",
                "C: c10 LOGOUT")); SourceSession source = MAIL.openSource(login(plain(script.port()), "ann"))) {
            Received received = new Received();
            source.fetch("INBOX", 7, List.of(1L, 2L, 3L, 4L), received);
            assertThat(received.messages).containsOnlyKeys(4L);
            assertThat(received.unreadable).containsOnlyKeys(1L, 2L, 3L);
            assertThat(received.unreadable.get(3L)).isEqualTo("NO [SERVERBUG] [31mcan't read it");
        }
    }

    @Test
    void a_server_that_tells_of_list_status_and_refuses_it_is_asked_for_each_folder() throws Exception {
        try (Script script = Script.loggedIn("LIST-EXTENDED LIST-STATUS",
                "C: c3 LIST \"\" \"*\" RETURN (STATUS (UIDVALIDITY UIDNEXT MESSAGES))",
                "C: c4 LSUB \"\" \"*\"",
                "S: c3 BAD what?",
                "S: c4 OK done",
                "C: c5 LIST \"\" \"*\"",
                "C: c6 LSUB \"\" \"*\"",
                "S: * LIST () \"/\" INBOX",
                "S: c5 OK done",
                "S: c6 OK done",
                "C: c7 STATUS \"INBOX\" (UIDVALIDITY UIDNEXT MESSAGES)",
                "S: * STATUS INBOX (UIDVALIDITY 7 UIDNEXT 10 MESSAGES 3)",
                "S: c7 OK done",
                "C: c8 LOGOUT"); SourceSession source = MAIL.openSource(login(plain(script.port()), "ann"))) {
            assertThat(source.listing().statuses().get("INBOX").messages()).isEqualTo(3);
        }
    }

    @Test
    void an_item_without_size_and_date_is_not_lost() throws Exception {
        try (Script script = Script.loggedIn("", with(EXAMINED,
                "C: c4 UID FETCH 1:* (UID RFC822.SIZE INTERNALDATE)",
                "S: * 3 FETCH (UID 9 FLAGS (\\Seen))",
                "S: * 1 FETCH (UID 1 RFC822.SIZE 10 INTERNALDATE \" 1-Feb-2024 03:04:05 +0000\")",
                "S: * 3 FETCH (UID 9 RFC822.SIZE 30 INTERNALDATE \"oops\" FLAGS (\\Seen))",
                "S: c4 NO [SERVERBUG] one can't be measured",
                "C: c5 UID FETCH 1:* (UID)",
                "S: * 1 FETCH (UID 1)", "S: * 2 FETCH (UID 5)", "S: * 3 FETCH (UID 9)",
                "S: c5 OK done",
                "C: c6 LOGOUT")); SourceSession source = MAIL.openSource(login(plain(script.port()), "ann"))) {
            List<SourceItem> items = new ArrayList<>();
            source.enumerate("INBOX", 7, 1, items::add);
            assertThat(items).containsExactlyInAnyOrder(new SourceItem(1, 10, 1706756645), new SourceItem(9, 30, SourceItem.NO_DATE), new SourceItem(5, 0, SourceItem.NO_DATE));
        }
    }

    @Test
    void what_a_server_leaves_out_above_a_uid_is_seen_by_a_second_look() throws Exception {
        try (Script script = Script.loggedIn("", with(EXAMINED,
                "C: c4 UID FETCH 5:* (UID RFC822.SIZE INTERNALDATE)",
                "S: * 3 FETCH (UID 9 RFC822.SIZE 30 INTERNALDATE \" 1-Feb-2024 03:04:05 +0000\")",
                "S: c4 OK done",
                "C: c5 UID FETCH 5:* (UID)",
                "S: * 2 FETCH (UID 5)", "S: * 3 FETCH (UID 9)",
                "S: c5 OK done",
                "C: c6 LOGOUT")); SourceSession source = MAIL.openSource(login(plain(script.port()), "ann"))) {
            List<SourceItem> items = new ArrayList<>();
            source.enumerate("INBOX", 7, 5, items::add);
            assertThat(items).containsExactly(new SourceItem(9, 30, 1706756645), new SourceItem(5, 0, SourceItem.NO_DATE));
        }
    }

    @Test
    void an_account_that_is_locked_for_a_time_is_not_tried_again() throws Exception {
        try (Script script = Script.of("S: * OK ready", "C: c1 CAPABILITY", "S: * CAPABILITY IMAP4rev1 AUTH=LOGIN", "S: c1 OK done", "C: c2 LOGIN \"ann\" \"secret\"",
                "S: c2 NO Account temporarily locked due to too many attempts, try again later")) {
            MailException told = catchThrowableOfType(MailException.class, () -> MAIL.openSource(login(plain(script.port()), "ann")));
            assertThat(told.kind()).isEqualTo(Kind.LOGIN_REFUSED);
        }
    }

    @ParameterizedTest
    @CsvSource({"UNAVAILABLE, TRY_LATER", "INUSE, TRY_LATER", "LIMIT, TRY_LATER", "SERVERBUG, LOGIN_REFUSED", "CONTACTADMIN, LOGIN_REFUSED", "EXPIRED, LOGIN_REFUSED", "AUTHENTICATIONFAILED, LOGIN_REFUSED"})
    void what_a_login_that_failed_is_taken_for_follows_from_its_response_code(String code, Kind kind) throws Exception {
        try (Script script = Script.of("S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] ready", "C: c1 AUTHENTICATE PLAIN …", "S: c1 NO [" + code + "] not now")) {
            MailException told = catchThrowableOfType(MailException.class, () -> MAIL.openSource(login(plain(script.port()), "ann")));
            assertThat(told.kind()).isEqualTo(kind);
            assertThat(told).hasMessageContaining("[" + code + "] not now");
        }
    }

    @Test
    void a_server_that_throttles_says_how_long_to_stay_away() throws Exception {
        try (Script script = Script.loggedIn("", with(EXAMINED,
                "C: c4 UID FETCH 1 (UID FLAGS INTERNALDATE BODY.PEEK[])",
                "S: c4 BAD Request is throttled. Suggested Backoff Time: 4711 milliseconds",
                "C: c5 LOGOUT")); SourceSession source = MAIL.openSource(login(plain(script.port()), "ann"))) {
            MailException told = catchThrowableOfType(MailException.class, () -> source.fetch("INBOX", 7, List.of(1L), new Received()));
            assertThat(told.kind()).isEqualTo(Kind.TRY_LATER);
            assertThat(told.backoffMillis()).isEqualTo(4711);
        }
    }

    @Test
    void a_goodbye_is_told_with_its_reason() throws Exception {
        try (Script script = Script.loggedIn("", "C: c3 EXAMINE \"INBOX\"", "S: * BYE [UNAVAILABLE] maintenance"); SourceSession source = MAIL.openSource(login(plain(script.port()), "ann"))) {
            MailException told = catchThrowableOfType(MailException.class, () -> source.fetch("INBOX", 7, List.of(1L), new Received()));
            assertThat(told.kind()).isEqualTo(Kind.TRY_LATER);
            assertThat(told).hasMessageContaining("maintenance");
            assertThat(source.isAlive()).isFalse();
        }
    }

    @Test
    void after_a_bad_to_an_append_nothing_more_is_said() throws Exception {
        try (Script script = Script.loggedIn("LITERAL+ MULTIAPPEND",
                "C: c3 APPEND \"INBOX\" () \"06-May-2024 07:08:09 +0200\" {3}",
                "S: c3 BAD what?"); TargetSession target = MAIL.openTarget(login(plain(script.port()), "ann"))) {
            assertThat(target.append("INBOX", List.of(outgoing(ascii("abc"))), () -> true)).isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.bad()).isTrue());
            assertThat(target.isAlive()).isFalse();
        }
    }

    @Test
    void literals_are_sent_unasked_only_after_the_server_took_the_folder() throws Exception {
        try (Script script = Script.loggedIn("LITERAL+ MULTIAPPEND",
                "C: c3 APPEND \"INBOX\" () \"06-May-2024 07:08:09 +0200\" {3}",
                "S: + go", "C#3", "C:  () \"06-May-2024 07:08:09 +0200\" {2+}", "C: xy",
                "S: c3 OK [APPENDUID 7 5:6] stored",
                "C: c4 APPEND \"INBOX\" (\\Seen) \"06-May-2024 07:08:09 +0200\" {3+}", "C: abc",
                "S: c4 OK stored",
                "C: c5 LOGOUT"); TargetSession target = MAIL.openTarget(login(plain(script.port()), "ann"))) {
            assertThat(target.append("INBOX", List.of(outgoing(ascii("abc")), outgoing(ascii("xy"))), () -> true)).isEqualTo(new Stored(7, List.of(5L, 6L), List.of()));
            assertThat(target.append("INBOX", List.of(outgoing(ascii("abc"), "\\seen")), () -> true)).isEqualTo(new Stored(0, List.of(), List.of()));
        }
    }

    @Test
    void a_keyword_is_blamed_only_if_the_message_is_taken_without_it() throws Exception {
        String date = "\"06-May-2024 07:08:09 +0200\"";
        try (Script script = Script.loggedIn("LITERAL+",
                "C: c3 SELECT \"INBOX\"", "S: * OK [PERMANENTFLAGS (\\Seen \\*)] ok", "S: c3 OK done", "C: c4 UNSELECT", "S: c4 OK done",
                "C: c5 APPEND \"INBOX\" (Good) " + date + " {1}", "S: + go", "C: a", "S: c5 NO disk full",
                "C: c6 APPEND \"INBOX\" () " + date + " {1}", "S: + go", "C: a", "S: c6 NO disk full",
                "C: c7 APPEND \"INBOX\" (Good) " + date + " {1}", "S: + go", "C: a", "S: c7 OK stored",
                "C: c8 APPEND \"INBOX\" (Good Bad) " + date + " {1}", "S: + go", "C: a", "S: c8 NO no such keyword",
                "C: c9 APPEND \"INBOX\" (Good) " + date + " {1+}", "C: a", "S: c9 OK stored",
                "C: c10 LOGOUT"); TargetSession target = MAIL.openTarget(login(plain(script.port()), "ann"))) {
            assertThat(target.append("INBOX", List.of(outgoing(ascii("a"), "Good")), () -> true)).isInstanceOf(Refused.class);
            assertThat(target.append("INBOX", List.of(outgoing(ascii("a"), "Good")), () -> true)).isEqualTo(new Stored(0, List.of(), List.of()));
            TargetSession.Outgoing both = new TargetSession.Outgoing(new LinkedHashSet<>(List.of("Good", "Bad")), outgoing(ascii("a")).date(), new Boxes.Bytes(ascii("a")));
            assertThat(target.append("INBOX", List.of(both), () -> true)).isEqualTo(new Stored(0, List.of(), List.of(Set.of("Bad"))));
        }
    }

    @Test
    void a_flag_that_may_not_be_set_does_not_hold_back_what_is_taken_away_from_the_same_message() throws Exception {
        try (Script script = Script.loggedIn("CONDSTORE",
                "C: c3 SELECT \"INBOX\"", "S: * OK [UIDVALIDITY 7] ok", "S: c3 OK done",
                "C: c4 UID STORE 1 (UNCHANGEDSINCE 5) FLAGS.SILENT (\\Deleted)", "S: c4 NO [NOPERM] you delete nothing",
                "C: c5 UID STORE 1 (UNCHANGEDSINCE 5) +FLAGS.SILENT (\\Deleted)", "S: c5 NO [NOPERM] you delete nothing",
                "C: c6 UID STORE 1 (UNCHANGEDSINCE 5) -FLAGS.SILENT (\\Seen)", "S: c6 OK done",
                "C: c7 UNSELECT", "S: c7 OK done",
                "C: c8 LOGOUT"); TargetSession target = MAIL.openTarget(login(plain(script.port()), "ann"))) {
            try (TargetSession.FlagFolder folder = target.openFlags("INBOX")) {
                FlagTurn.Flagged before = new FlagTurn.Flagged(FlagSet.of("\\Seen"), 5);
                assertThat(folder.store(List.of(new TargetSession.FlagEdit(1, FlagSet.of("\\Deleted"), FlagSet.of("\\Seen"), before)), () -> true)).isTrue();
            }
        }
    }

    @Test
    void a_date_that_a_server_may_not_know_waits_for_its_leave() throws Exception {
        try (Script script = Script.loggedIn("LITERAL+ MULTIAPPEND",
                "C: c3 APPEND \"INBOX\" () {1}", "S: + go", "C: x", "S: c3 OK stored",
                "C: c4 APPEND \"INBOX\" () \"01-Jan-1901 00:00:00 +0000\" {20}", "S: c4 BAD Invalid date-time in Append command"); TargetSession target = MAIL.openTarget(login(plain(script.port()), "ann"))) {
            assertThat(target.append("INBOX", List.of(new TargetSession.Outgoing(Set.of(), null, new Boxes.Bytes(ascii("x")))), () -> true)).isInstanceOf(Stored.class);
            TargetSession.Outgoing old = new TargetSession.Outgoing(Set.of(), OffsetDateTime.parse("1901-01-01T00:00:00Z"), new Boxes.Bytes(ascii("c5 DELETE \"VICTIM\"\r\n")));
            assertThat(target.append("INBOX", List.of(old), () -> true)).isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.bad()).isTrue());
        }
    }

    @Test
    void a_small_literal_goes_unasked_with_literal_minus_and_a_long_one_waits() throws Exception {
        try (Script script = Script.loggedIn("LITERAL-",
                "C: c3 APPEND \"INBOX\" () \"06-May-2024 07:08:09 +0200\" {1}", "S: + go", "C: a", "S: c3 OK stored",
                "C: c4 APPEND \"INBOX\" () \"06-May-2024 07:08:09 +0200\" {4096+}", "C#4098", "S: c4 OK stored",
                "C: c5 APPEND \"INBOX\" () \"06-May-2024 07:08:09 +0200\" {4097}", "S: + go", "C#4099", "S: c5 OK stored",
                "C: c6 LOGOUT"); TargetSession target = MAIL.openTarget(login(plain(script.port()), "ann"))) {
            for (int bytes : new int[] {1, 4096, 4097}) assertThat(target.append("INBOX", List.of(outgoing(ascii("a".repeat(bytes)))), () -> true)).isInstanceOf(Stored.class);
        }
    }

    @Test
    void nul_bytes_go_as_a_binary_literal_where_the_server_takes_it() throws Exception {
        try (Script script = Script.loggedIn("BINARY LITERAL+",
                "C: c3 APPEND \"INBOX\" () \"06-May-2024 07:08:09 +0200\" ~{3}", "S: + go", "C#5", "S: c3 OK stored",
                "C: c4 LOGOUT"); TargetSession target = MAIL.openTarget(login(plain(script.port()), "ann"))) {
            assertThat(target.append("INBOX", List.of(outgoing(ascii("a\0b"))), () -> true)).isInstanceOf(Stored.class);
        }
    }

    @Test
    void a_connection_that_ends_before_the_answer_leaves_the_group_in_doubt() throws Exception {
        try (Script script = Script.loggedIn("LITERAL+", "C: c3 APPEND \"INBOX\" () \"06-May-2024 07:08:09 +0200\" {3}", "S: + go", "C: abc"); TargetSession target = MAIL.openTarget(login(plain(script.port()), "ann"))) {
            assertThat(target.append("INBOX", List.of(outgoing(ascii("abc"))), () -> true)).isInstanceOf(InDoubt.class);
        }
    }

    @Test
    void a_connection_that_ends_before_the_end_was_sent_leaves_nothing() throws Exception {
        try (Script script = Script.loggedIn("LITERAL+", "C: c3 APPEND \"INBOX\" () \"06-May-2024 07:08:09 +0200\" {3}"); TargetSession target = MAIL.openTarget(login(plain(script.port()), "ann"))) {
            assertThat(target.append("INBOX", List.of(outgoing(ascii("abc"))), () -> true)).isInstanceOf(NotSent.class);
        }
    }

    @Test
    void names_that_need_a_literal_wait_for_the_server() throws Exception {
        try (Script script = Script.loggedIn("",
                "C: c3 STATUS \"a\" (UIDVALIDITY UIDNEXT MESSAGES)", "S: * STATUS a (UIDVALIDITY 1 UIDNEXT 2 MESSAGES 3)", "S: c3 OK done",
                "C: c4 STATUS {3}", "S: + go", "C: \u00C3\u00A9\" (UIDVALIDITY UIDNEXT MESSAGES)",
                "S: * STATUS {3}", "S: \u00C3\u00A9\" (MESSAGES 3 UIDVALIDITY 4294967295 SIZE (1) UIDNEXT 4294967296)", "S: c4 OK done",
                "C: c5 LOGOUT"); SourceSession source = MAIL.openSource(login(plain(script.port()), "ann"))) {
            assertThat(source.statuses(List.of("a", "\u00C3\u00A9\"")).get("\u00C3\u00A9\"").uidValidity()).isEqualTo(4294967295L);
        }
    }

    @Test
    void other_peoples_folders_are_not_this_mailboxes() throws Exception {
        try (Script script = Script.of(
                "S: * OK ready",
                "C: c1 CAPABILITY", "S: * CAPABILITY IMAP4rev1 AUTH=LOGIN NAMESPACE", "S: c1 OK done",
                "C: c2 LOGIN \"ann\" \"secret\"", "S: c2 OK in",
                "C: c3 CAPABILITY", "S: * CAPABILITY IMAP4rev1 NAMESPACE", "S: c3 OK done",
                "C: c4 NAMESPACE", "S: * NAMESPACE ((\"INBOX.\" \".\" \"X-PARAM\" (\"a\" \"b\"))) ((\"user.\" \".\")) ((\"shared.\" \".\"))", "S: c4 OK done",
                "C: c5 LIST \"\" \"*\"", "C: c6 LSUB \"\" \"*\"",
                "S: * LIST (\\Marked) \".\" inbox", "S: * LIST () \".\" INBOX.Sent Items", "S: * LIST (\\Noselect) \".\" user", "S: * LIST () \".\" \"user.bob\"", "S: * LIST () \".\" {10}", "S: INBOX.a \"b", "S: c5 OK done",
                "S: * LSUB () \".\" INBOX", "S: c6 OK done",
                "C: c7 LOGOUT"); SourceSession source = MAIL.openSource(login(plain(script.port()), "ann"))) {
            assertThat(source.folders()).extracting(SourceSession.MailFolder::path).containsExactly("INBOX", "Sent Items", "a \"b");
        }
    }

    @Test
    void a_session_that_is_somebodys_already_is_not_used() throws IOException {
        try (Script script = Script.of("S: * PREAUTH [CAPABILITY IMAP4rev1] you are root")) {
            assertThatThrownBy(() -> MAIL.openSource(login(plain(script.port()), "ann"))).isInstanceOf(MailException.class).hasMessageContaining("PREAUTH");
        }
    }

    @Test
    void no_password_goes_where_logins_are_disabled() throws IOException {
        try (Script script = Script.of("S: * OK [CAPABILITY IMAP4rev1 LOGINDISABLED] ready")) {
            MailException told = catchThrowableOfType(MailException.class, () -> MAIL.openSource(login(plain(script.port()), "ann")));
            assertThat(told.kind()).isEqualTo(Kind.LOGIN_REFUSED);
        }
    }

    @Test
    void without_an_initial_response_the_password_waits_for_the_server() throws Exception {
        try (Script script = Script.of(
                "S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready",
                "C: c1 AUTHENTICATE PLAIN", "S: + ", "C: AGFubgBzZWNyZXQ=", "S: c1 NO [AUTHENTICATIONFAILED] no such user or password, try again later")) {
            MailException told = catchThrowableOfType(MailException.class, () -> MAIL.openSource(login(plain(script.port()), "ann")));
            assertThat(told.kind()).isEqualTo(Kind.LOGIN_REFUSED);
            assertThat(told).hasMessageContaining("no such user").hasMessageNotContaining("secret").hasMessageNotContaining("AGFubgBz");
        }
    }

    @Test
    void a_connection_that_is_given_up_is_reset_so_that_nothing_of_it_arrives_later() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ImapConnection givenUp = new ImapConnection("server", new Socket(listener.getInetAddress(), listener.getLocalPort()));
            try (Socket peer = listener.accept()) {
                givenUp.close();
                assertThatThrownBy(() -> peer.getInputStream().read()).isInstanceOf(SocketException.class);
            }
            ImapConnection done = new ImapConnection("server", new Socket(listener.getInetAddress(), listener.getLocalPort()));
            try (Socket peer = listener.accept()) {
                done.logout();
                assertThat(peer.getInputStream().readAllBytes()).isEqualTo(ascii("c1 LOGOUT\r\n"));
            }
        }
    }
}
