package io.carryall.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.migration.MailServer;
import io.carryall.core.migration.MailServer.Login;
import io.carryall.core.migration.MailboxPair;
import io.carryall.core.migration.MigrationSpec;
import io.carryall.core.port.MailException;
import io.carryall.core.port.MailException.Kind;
import io.carryall.core.port.Secret;
import io.carryall.core.port.ServerAddress;
import io.carryall.core.port.ServerAddress.Security;
import io.carryall.verify.MailboxesInMemory.Message;
import io.carryall.verify.VerifyResult.Item;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers that misbehave in ways that real ones can't be told to. */
final class VerifierOnOddServersTest {
    private static final Message ONE = Message.of("one", "text of one", "\\Seen");
    private static final Message TWO = Message.of("two", "text of two", "\\Seen");

    private final MailboxesInMemory server = new MailboxesInMemory();

    @ParameterizedTest
    @EnumSource(value = Kind.class, names = {"TRY_LATER", "UNREACHABLE", "TIMEOUT"})
    void a_listing_that_breaks_off_is_begun_anew(Kind kind) throws Exception {
        server.with("old", "INBOX", ONE, TWO).with("new", "INBOX", ONE, TWO);
        server.whileListing.push(new MailException(kind, "not now"));
        assertThat(verify(false).matches()).isTrue();
    }

    @Test
    void a_refused_login_is_not_tried_again() throws Exception {
        server.atLogin = new MailException(Kind.LOGIN_REFUSED, "no");
        VerifyResult result = verify(false);
        assertThat(server.logins).hasValue(1);
        assertThat(result.exitStatus()).isEqualTo(3);
        assertThat(result.pairs().get(0).error()).isEqualTo(new VerifyResult.Failure("login-refused", "no"));
    }

    @Test
    void a_server_that_answers_what_is_no_imap_ends_its_pair_with_a_reason() throws Exception {
        server.with("old", "INBOX", ONE).with("new", "INBOX", ONE);
        server.whileListing.push(new MailException(Kind.REFUSED, "BAD"));
        assertThat(verify(false).pairs().get(0).error().reason()).isEqualTo("refused");
    }

    @Test
    void a_keyword_that_the_target_cannot_store_is_no_difference() throws Exception {
        server.with("old", "INBOX", Message.of("one", "text", "\\Seen", "Holiday")).with("new", "INBOX", Message.of("one", "text", "\\Seen"));
        server.storable = keyword -> false;
        assertThat(verify(false).matches()).isTrue();
    }

    @Test
    void a_system_flag_that_is_lacking_differs_whatever_the_target_says_of_keywords() throws Exception {
        server.with("old", "INBOX", Message.of("one", "text", "\\Seen", "Holiday")).with("new", "INBOX", Message.of("one", "text"));
        server.storable = keyword -> false;
        assertThat(verify(false).different()).extracting(Item::what).containsExactly("flags");
    }

    @Test
    void the_targets_folder_is_only_opened_for_writing_where_a_keyword_is_lacking() throws Exception {
        server.with("old", "INBOX", ONE, TWO).with("new", "INBOX", Message.of("one", "text of one"));
        verify(true);
        assertThat(server.selected).isEmpty();
    }

    @Test
    void a_flag_that_is_no_flag_by_the_grammar_is_not_missed() throws Exception {
        server.with("old", "INBOX", Message.of("one", "text", "\\Seen", "not]valid", "\\Bogus")).with("new", "INBOX", Message.of("one", "text", "\\Seen"));
        assertThat(verify(false).matches()).isTrue();
    }

    @Test
    void a_message_that_one_side_cannot_read_is_compared_by_its_headers() throws Exception {
        server.with("old", "INBOX", ONE.unreadable(), TWO).with("new", "INBOX", ONE, TWO);
        assertThat(verify(true).matches()).isTrue();
    }

    @Test
    void hostile_message_ids_are_cleaned() throws Exception {
        server.with("old", "INBOX", new Message("Message-ID: <a\u001b[31m\u0007@x>\r\n", "text", Set.of(), true)).with("new", "INBOX");
        assertThat(verify(false).missing()).extracting(Item::messageId).containsExactly("<a[31m@x>");
    }

    @Test
    void one_of_very_many_is_found() throws Exception {
        List<Message> many = new ArrayList<>();
        for (int i = 0; i < 200_000; i++) {
            many.add(Message.of("m" + i % 150_000, "x".repeat(i % 7), "\\Seen"));
        }
        server.with("old", "INBOX", many.toArray(Message[]::new));
        Collections.shuffle(many, new java.util.Random(1));
        server.with("new", "INBOX", many.subList(1, many.size()).toArray(Message[]::new));
        VerifyResult result = verify(false);
        assertThat(result.missing()).hasSize(1);
        assertThat(List.of(result.doubled(), result.different(), result.extra())).allMatch(List::isEmpty);
    }

    private VerifyResult verify(boolean bodies) throws InterruptedException {
        MailServer both = new MailServer(null, new ServerAddress("127.0.0.1", 143, Security.NONE, null), false, Login.EACH_USER);
        MigrationSpec spec = new MigrationSpec("test", both, both, null, null, null, null, null, false, null, List.of(new MailboxPair("old", "new", null, null, "pw", "pw")));
        return new Verifier(server, spec, reference -> new Secret("x"), new VerifyOptions(bodies, Set.of())).run(VerifyProgress.SILENT);
    }
}
