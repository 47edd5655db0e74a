package io.carryall.scanner;

import io.carryall.core.port.ServerAddress;
import io.carryall.core.port.ServerAddress.Security;
import io.carryall.imap.ImapMailSystem;
import io.carryall.testkit.contract.ImapMailbox;
import io.carryall.testkit.contract.Mailbox;
import io.carryall.testkit.dovecot.Dovecot;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

@Tag("integration")
final class AdoptionOnDovecotTest implements AdoptionScans {
    private static Dovecot server;
    private static int users;

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
        users++;
        return new DeltaBench(new ImapMailSystem(), new ServerAddress(Dovecot.HOST, server.port(), Security.NONE, null), Dovecot.PASSWORD, "adopt" + users + "@old.example", "adopt" + users + "@new.example");
    }

    @Override
    public Mailbox source() {
        return new ImapMailbox(server, "adopt" + users + "@old.example");
    }

    @Override
    public Mailbox target() {
        return new ImapMailbox(server, "adopt" + users + "@new.example");
    }
}
