package io.carryall.scanner;

import io.carryall.core.port.ServerAddress;
import io.carryall.core.port.ServerAddress.Security;
import io.carryall.imap.ImapMailSystem;
import io.carryall.testkit.contract.ImapMailbox;
import io.carryall.testkit.contract.Mailbox;
import io.carryall.testkit.dovecot.Dovecot;
import io.carryall.testkit.mail.PlainImap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

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

    /** This server makes it in each mailbox. */
    @Override
    public String drafts() {
        return "Drafts";
    }
}
