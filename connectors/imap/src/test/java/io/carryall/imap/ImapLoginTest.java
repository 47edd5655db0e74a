package io.carryall.imap;

import static io.carryall.imap.Boxes.MAIL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.carryall.core.port.MailException;
import io.carryall.core.port.MailException.Kind;
import io.carryall.core.port.MailboxLogin;
import io.carryall.core.port.Secret;
import io.carryall.core.port.ServerAddress;
import io.carryall.core.port.ServerAddress.Security;
import io.carryall.core.port.SourceSession;
import io.carryall.testkit.dovecot.Dovecot;
import io.carryall.testkit.mail.Mail;
import io.carryall.testkit.mail.PlainImap;
import io.carryall.testkit.net.FaultProxy;
import io.carryall.testkit.net.FaultProxy.Direction;
import io.carryall.testkit.net.FreePorts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("integration")
class ImapLoginTest {
    private static Dovecot server;

    @BeforeAll
    static void start() {
        server = Dovecot.builder().tls().start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void tls_and_starttls_with_a_certificate_that_is_trusted_by_file() throws MailException {
        for (ServerAddress address : List.of(secured(Security.TLS, server.tlsPort()), secured(Security.STARTTLS, server.port()))) {
            try (SourceSession source = MAIL.openSource(Boxes.login(address, "ann"))) {
                assertThat(source.isAlive()).isTrue();
            }
        }
    }

    private static ServerAddress secured(Security security, int port) {
        return new ServerAddress(Dovecot.HOST, port, security, server.certificate().toString());
    }

    @Test
    void a_certificate_that_nobody_vouches_for_is_refused() {
        for (ServerAddress address : List.of(new ServerAddress(Dovecot.HOST, server.tlsPort(), Security.TLS, null), new ServerAddress(Dovecot.HOST, server.port(), Security.STARTTLS, null))) {
            assertThat(refusal(Boxes.login(address, "ann"))).hasMessageContaining("certificate").extracting(MailException::kind).isEqualTo(Kind.UNREACHABLE);
        }
    }

    @Test
    void a_certificate_of_another_host_is_refused() {
        try (Dovecot other = Dovecot.builder().tls("mail.other.example").start()) {
            ServerAddress address = new ServerAddress(Dovecot.HOST, other.tlsPort(), Security.TLS, other.certificate().toString());
            assertThat(refusal(Boxes.login(address, "ann"))).hasMessageContaining("certificate").extracting(MailException::kind).isEqualTo(Kind.UNREACHABLE);
        }
    }

    @Test
    void a_file_that_holds_no_certificate_is_told(@TempDir Path directory) throws Exception {
        Path empty = Files.writeString(directory.resolve("ca.pem"), "nothing");
        assertThat(refusal(Boxes.login(new ServerAddress(Dovecot.HOST, server.tlsPort(), Security.TLS, empty.toString()), "ann"))).hasMessageContaining("ca.pem");
    }

    @Test
    void starttls_is_required_where_it_was_asked_for() {
        try (Dovecot plain = Dovecot.started()) {
            assertThat(refusal(Boxes.login(new ServerAddress(Dovecot.HOST, plain.port(), Security.STARTTLS, null), "ann"))).hasMessageContaining("STARTTLS").extracting(MailException::kind).isEqualTo(Kind.UNREACHABLE);
        }
    }

    @Test
    void an_administrator_acts_for_a_user_in_both_ways() throws MailException {
        try (PlainImap imap = PlainImap.login(server, "ann")) {
            imap.create("only-anns");
        }
        for (String separator : new String[] {null, "*"}) {
            try (SourceSession source = MAIL.openSource(new MailboxLogin(Boxes.plain(server), "ann@old.example", "ann", Dovecot.MASTER_USER, separator, new Secret(Dovecot.MASTER_PASSWORD)))) {
                assertThat(source.folders()).extracting(SourceSession.MailFolder::path).contains("only-anns");
            }
        }
    }

    @Test
    void a_wrong_password_is_refused_and_never_told() {
        MailException told = refusal(new MailboxLogin(Boxes.plain(server), "ann@old.example", "ann", null, null, new Secret("wrong-pässword")));
        assertThat(told.kind()).isEqualTo(Kind.LOGIN_REFUSED);
        for (Throwable cause = told; cause != null; cause = cause.getCause()) assertThat(cause.toString()).doesNotContain("pässword").doesNotContain("d3Jvbmct");
        assertThat(told).hasMessageContaining("ann@old.example");
    }

    @Test
    void too_many_connections_mean_try_later() throws MailException {
        try (Dovecot small = Dovecot.builder().connectionsPerUserMax(2).start()) {
            List<SourceSession> open = new ArrayList<>();
            for (int i = 0; i < 2; i++) open.add(Boxes.source(small, "ann"));
            assertThat(refusal(Boxes.login(Boxes.plain(small), "ann")).kind()).isEqualTo(Kind.TRY_LATER);
            open.forEach(SourceSession::close);
        }
    }

    @Test
    void nobody_there_and_no_such_host_are_told_apart_from_silence() {
        assertThat(refusal(Boxes.login(Boxes.plain(FreePorts.next()), "ann")).kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(refusal(Boxes.login(new ServerAddress("no-such-host.invalid", 143, Security.NONE, null), "ann"))).hasMessageContaining("no such host").extracting(MailException::kind).isEqualTo(Kind.UNREACHABLE);
        try (FaultProxy proxy = new FaultProxy(server.port())) {
            proxy.stall(Direction.TO_CLIENT);
            MailException told = catchThrowableOfType(MailException.class, () -> new ImapMailSystem(new Timeouts(500, 500, 500)).openSource(Boxes.login(Boxes.plain(proxy.port()), "ann")));
            assertThat(told.kind()).isEqualTo(Kind.TIMEOUT);
        }
    }

    @Test
    void mail_travels_over_tls() throws MailException {
        try (PlainImap imap = PlainImap.login(server, "tess")) {
            imap.append("INBOX", Mail.of("one"));
        }
        try (SourceSession source = MAIL.openSource(Boxes.login(secured(Security.TLS, server.tlsPort()), "tess"))) {
            Boxes.Received received = new Boxes.Received();
            source.fetch("INBOX", source.statuses(List.of("INBOX")).get("INBOX").uidValidity(), List.of(1L), received);
            assertThat(received.messages.get(1L).content()).isEqualTo(Mail.of("one").content());
        }
    }

    private static MailException refusal(MailboxLogin login) {
        return catchThrowableOfType(MailException.class, () -> MAIL.openSource(login).close());
    }
}
