package io.carryall.imap;

import io.carryall.core.port.MailSystem;
import io.carryall.core.port.MailboxLogin;
import io.carryall.core.port.Secret;
import io.carryall.core.port.ServerAddress;
import io.carryall.testkit.contract.ImapMailbox;
import io.carryall.testkit.contract.Mailbox;
import io.carryall.testkit.contract.SourceContract;
import io.carryall.testkit.contract.TargetContract;
import io.carryall.testkit.contract.TestedServer;
import io.carryall.testkit.dovecot.Dovecot;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** The ports' contracts on real servers: one as Dovecot is, one that announces neither MULTIAPPEND nor LITERAL+ nor UIDPLUS. */
@Tag("integration")
class ImapContractTest {
    private static final MailSystem MAIL = new ImapMailSystem();
    private static Dovecot server;
    private static Dovecot plainServer;

    @BeforeAll
    static void start() {
        server = Dovecot.started();
        plainServer = Dovecot.started("MULTIAPPEND", "LITERAL+", "UIDPLUS");
    }

    @AfterAll
    static void stop() {
        server.close();
        plainServer.close();
    }

    private record OnDovecot(Dovecot dovecot) implements TestedServer {
        @Override
        public MailSystem mail() {
            return MAIL;
        }

        @Override
        public MailboxLogin login(String user) {
            return new MailboxLogin(new ServerAddress(Dovecot.HOST, dovecot.port(), ServerAddress.Security.NONE, null), user, user, null, null, new Secret(Dovecot.PASSWORD));
        }

        @Override
        public Mailbox mailbox(String user) {
            return new ImapMailbox(dovecot, user);
        }
    }

    @Nested
    class AsSource implements SourceContract {
        @Override
        public TestedServer server() {
            return new OnDovecot(server);
        }
    }

    @Nested
    class AsTarget implements TargetContract {
        @Override
        public TestedServer server() {
            return new OnDovecot(server);
        }
    }

    @Nested
    class AsTargetWithoutExtensions implements TargetContract {
        @Override
        public TestedServer server() {
            return new OnDovecot(plainServer);
        }
    }
}
