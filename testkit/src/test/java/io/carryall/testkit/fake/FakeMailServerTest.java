package io.carryall.testkit.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import io.carryall.core.port.MailException;
import io.carryall.core.port.TargetSession;
import io.carryall.core.port.TargetSession.Appended;
import io.carryall.core.port.TargetSession.InDoubt;
import io.carryall.core.port.TargetSession.Outgoing;
import io.carryall.core.port.TargetSession.Refused;
import io.carryall.testkit.contract.BytesContent;
import io.carryall.testkit.contract.SourceContract;
import io.carryall.testkit.contract.TargetContract;
import io.carryall.testkit.contract.TestedServer;
import io.carryall.testkit.mail.Mail;

class FakeMailServerTest {
    private final FakeMailServer server = new FakeMailServer();

    @Nested
    class AsSource implements SourceContract {
        @Override
        public TestedServer server() {
            return server;
        }
    }

    @Nested
    class AsTarget implements TargetContract {
        @Override
        public TestedServer server() {
            return server;
        }
    }

    @Nested
    class AsTargetWithoutExtensions implements TargetContract {
        private final FakeMailServer plain = new FakeMailServer(false, false);

        @Override
        public TestedServer server() {
            return plain;
        }
    }

    @Test
    void an_append_without_a_reply_is_stored_at_once_or_later_or_never_as_the_test_says() throws MailException {
        server.nextAppends(FakeMailServer.AppendFate.REPLY_LOST, FakeMailServer.AppendFate.LATE, FakeMailServer.AppendFate.LOST);

        assertThat(append("one")).isInstanceOf(InDoubt.class);
        assertThat(append("two")).isInstanceOf(InDoubt.class);
        assertThat(append("three")).isInstanceOf(InDoubt.class);

        assertThat(server.mailbox("ann").snapshot().messages()).isEqualTo(1);
        assertThat(server.deliverLate()).isEqualTo(1);
        assertThat(server.mailbox("ann").snapshot().messages()).isEqualTo(2);
    }

    @Test
    void limits_are_answered_with_their_codes() throws MailException {
        server.appendLimitBytes(10);
        assertThat(append("one")).isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.code()).isEqualTo("TOOBIG"));
        server.appendLimitBytes(-1);
        server.quotaBytes("ann", 10);
        assertThat(append("one")).isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.code()).isEqualTo("OVERQUOTA"));
    }

    @Test
    void a_server_out_of_reach_ends_its_sessions() throws MailException {
        TargetSession session = server.openTarget(server.login("ann"));
        server.outOfReach(true);

        assertThat(session.isAlive()).isFalse();
        assertThatThrownBy(session::folders).isInstanceOf(MailException.class);
        assertThatThrownBy(() -> server.openTarget(server.login("ann"))).isInstanceOf(MailException.class);
    }

    private Appended append(String subject) throws MailException {
        Mail mail = Mail.of(subject);
        try (TargetSession session = server.openTarget(server.login("ann"))) {
            return session.append("INBOX", List.of(new Outgoing(mail.flags(), mail.internalDate(), new BytesContent(mail.content()))), () -> true);
        }
    }
}
