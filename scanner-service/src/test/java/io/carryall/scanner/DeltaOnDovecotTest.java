package io.carryall.scanner;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.port.ServerAddress;
import io.carryall.core.port.ServerAddress.Security;
import io.carryall.imap.ImapMailSystem;
import io.carryall.testkit.contract.ImapMailbox;
import io.carryall.testkit.contract.Mailbox;
import io.carryall.testkit.dovecot.Dovecot;
import io.carryall.testkit.mail.Mail;
import io.carryall.testkit.mail.PlainImap;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("integration")
final class DeltaOnDovecotTest implements DeltaScans {
    private static Dovecot server;
    private static int users;
    private String user;

    @BeforeAll
    static void start() {
        server = Dovecot.started();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Override
    public DeltaBench bench() {
        user = "delta" + ++users + "@old.example";
        return new DeltaBench(new ImapMailSystem(), new ServerAddress(Dovecot.HOST, server.port(), Security.NONE, null), Dovecot.PASSWORD, user, "delta" + users + "@new.example");
    }

    @Override
    public Mailbox mailbox() {
        return new ImapMailbox(server, user);
    }

    @Override
    public void rename(String from, String to) {
        try (PlainImap imap = PlainImap.login(server, user)) {
            imap.rename(imap.namespace().name(from), imap.namespace().name(to));
        }
    }

    @Test
    void where_the_server_greets_as_exchange_an_edited_message_is_a_revision_in_any_folder() throws Exception {
        try (Dovecot exchange = Dovecot.builder().setting("login_greeting = The Microsoft Exchange IMAP4 service is ready. [QQA=]").start();
                DeltaBench bench = new DeltaBench(new ImapMailSystem(), new ServerAddress(Dovecot.HOST, exchange.port(), Security.NONE, null), Dovecot.PASSWORD, "revised@old.example", "revised@new.example")) {
            Mailbox mailbox = new ImapMailbox(exchange, "revised@old.example");
            mailbox.create("Work");
            long first = mailbox.append("Work", state("first"), Mail.of("other")).get(0);
            assertThat(bench.pass().copied()).hasSize(2);
            long second = mailbox.append("Work", state("second"), Mail.of("new")).get(0);
            mailbox.expunge("Work", first);

            DeltaBench.Outcome edited = bench.pass();

            assertThat(edited.copied()).containsExactly("Work: new");
            assertThat(edited.scan().warnings()).singleElement().satisfies(warning -> {
                assertThat(warning.what()).isEqualTo("revised");
                assertThat(warning.uid()).isEqualTo(second);
            });
            mailbox.append("Work", state("third"));
            assertThat(bench.pass().copied()).as("while the former state is there, it is a message of its own").containsExactly("Work: third");
        }
    }

    private static Mail state(String text) {
        return Mail.of(("From: Anna <anna@old.example>\r\nSubject: " + text + "\r\nMessage-ID: <edited@old.example>\r\n\r\n" + text + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    /** This server makes it in each mailbox. */
    @Override
    public String drafts() {
        return "Drafts";
    }
}
