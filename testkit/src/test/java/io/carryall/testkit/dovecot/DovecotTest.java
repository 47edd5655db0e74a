package io.carryall.testkit.dovecot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import io.carryall.testkit.mail.Mail;
import io.carryall.testkit.mail.PlainImap;

@Tag("integration")
class DovecotTest {
    @Test
    void any_user_and_the_administrator_on_their_behalf_log_in() {
        try (Dovecot server = Dovecot.started(); PlainImap ann = PlainImap.login(server, "ann@old.example"); PlainImap admin = PlainImap.loginAsMaster(server, "ann@old.example");
                PlainImap masterName = PlainImap.login(Dovecot.HOST, server.port(), "ann@old.example*master", Dovecot.MASTER_PASSWORD)) {
            ann.append("INBOX", Mail.of("one"));

            assertThat(admin.examine("INBOX").messages()).isEqualTo(1);
            assertThat(masterName.examine("INBOX").messages()).isEqualTo(1);
        }
    }

    @Test
    void a_refused_user_cannot_log_in_until_accepted_again() {
        try (Dovecot server = Dovecot.started()) {
            server.refuse("Ann@old.example");
            assertThatThrownBy(() -> PlainImap.login(server, "ann@old.example")).isInstanceOf(PlainImap.Refused.class).hasMessageContaining("AUTHENTICATIONFAILED");
            assertThatThrownBy(() -> PlainImap.loginAsMaster(server, "ann@old.example")).isInstanceOf(PlainImap.Refused.class);
            PlainImap.login(server, "ben@old.example").close();

            server.accept("ann@old.example");

            PlainImap.login(server, "ann@old.example").close();
        }
    }

    @Test
    void mail_survives_stop_kill_and_start_and_is_gone_after_a_wipe() {
        try (Dovecot server = Dovecot.builder().fsync(true).start()) {
            append(server, "one");
            server.stop();
            assertThat(server.isRunning()).isFalse();
            server.start();
            append(server, "two");
            server.kill();
            server.start();
            assertThat(messages(server)).isEqualTo(2);

            server.wipe();

            assertThat(messages(server)).isZero();
        }
    }

    @Test
    void a_full_quota_is_answered_overquota() {
        try (Dovecot server = Dovecot.builder().quotaBytes(20_000).start()) {
            server.quota("small", 1_000);
            try (PlainImap small = PlainImap.login(server, "small"); PlainImap other = PlainImap.login(server, "other")) {
                Mail mail = Mail.of(("Subject: large\r\n\r\n" + "x".repeat(2_000) + "\r\n").getBytes());

                assertThatThrownBy(() -> small.append("INBOX", mail)).isInstanceOf(PlainImap.Refused.class).hasMessageContaining("NO [OVERQUOTA]");

                assertThat(other.append("INBOX", mail)).hasSize(1);
            }
        }
    }

    @Test
    void a_message_above_the_limit_is_refused() {
        try (Dovecot server = Dovecot.builder().maxMessageBytes(5_000).start(); PlainImap ann = PlainImap.login(server, "ann")) {
            Mail mail = Mail.of(("Subject: large\r\n\r\n" + "x".repeat(6_000) + "\r\n").getBytes());

            assertThatThrownBy(() -> ann.append("INBOX", mail)).isInstanceOf(PlainImap.Refused.class).hasMessageContaining("NO");

            assertThat(ann.append("INBOX", Mail.of("small"))).hasSize(1);
        }
    }

    @Test
    void capabilities_can_be_taken_away() {
        try (Dovecot server = Dovecot.started("MULTIAPPEND", "LITERAL+"); PlainImap ann = PlainImap.login(server, "ann")) {
            assertThat(ann.has("MULTIAPPEND")).isFalse();
            assertThat(ann.has("LITERAL+")).isFalse();
            assertThat(ann.has("UIDPLUS")).isTrue();
            assertThat(ann.append("INBOX", Mail.of("one"), Mail.of("two"))).hasSize(2);
        }
    }

    @Test
    void a_server_with_a_prefix_says_so() {
        try (Dovecot server = Dovecot.builder().format(MailFormat.MAILDIR).separator(".").prefix("INBOX.").start(); PlainImap ann = PlainImap.login(server, "ann")) {
            assertThat(ann.namespace()).isEqualTo(new PlainImap.Namespace("INBOX.", "."));
            ann.create(ann.namespace().name("Archiv/Größe & mehr"));

            assertThat(ann.list()).extracting(PlainImap.ListedFolder::name).contains("INBOX.Archiv.Größe & mehr", "INBOX.Sent");
        }
    }

    @Test
    void tls_is_served_with_a_certificate_that_can_be_trusted() throws Exception {
        try (Dovecot server = Dovecot.builder().tls().start(); SSLSocket socket = (SSLSocket) trusting(server.certificate()).getSocketFactory().createSocket(Dovecot.HOST, server.tlsPort())) {
            socket.setSoTimeout(60_000);
            socket.startHandshake();

            assertThat(socket.getInputStream().read()).isEqualTo('*');
            try (PlainImap plain = PlainImap.connect(Dovecot.HOST, server.port())) {
                assertThat(plain.greeting()).contains("STARTTLS");
            }
        }
    }

    @Test
    void servers_run_side_by_side_and_leave_nothing_behind() {
        Dovecot first = Dovecot.started();
        Dovecot second = Dovecot.started();
        append(first, "only in the first");
        assertThat(messages(second)).isZero();
        List<ProcessHandle> family = List.of(ProcessHandle.of(first.pid().orElseThrow()).orElseThrow(), ProcessHandle.of(second.pid().orElseThrow()).orElseThrow());

        first.close();
        second.close();

        assertThat(family).noneMatch(Dovecot::runs);
        assertThat(first.directory()).doesNotExist();
        assertThat(second.directory()).doesNotExist();
    }

    @Test
    void a_server_dies_with_its_jvm_even_when_that_is_killed() throws Exception {
        Path pids = Files.createTempFile("carryall-", ".pid");
        Process jvm = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), Child.class.getName(), pids.toString())
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        assertThat(jvm.getInputStream()).isNotNull();
        ProcessHandle server = awaitServer(pids);

        jvm.destroyForcibly().waitFor();

        awaitEnd(server);
        Path directory = Path.of(Files.readString(pids).trim().split(" ")[1]);
        DovecotFiles.deleteTree(directory);
        Files.delete(pids);
    }

    private static ProcessHandle awaitServer(Path pids) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (!Files.readString(pids).endsWith("\n")) {
            assertThat(System.nanoTime()).as("the child JVM starts its server").isLessThan(deadline);
            Thread.sleep(20);
        }
        return ProcessHandle.of(Long.parseLong(Files.readString(pids).split(" ")[0])).orElseThrow();
    }

    private static void awaitEnd(ProcessHandle server) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (Dovecot.runs(server)) {
            assertThat(System.nanoTime()).as("the server ends with its JVM").isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    /** Starts a server and waits to be killed. */
    static final class Child {
        public static void main(String[] arguments) throws Exception {
            Dovecot server = Dovecot.started();
            Files.writeString(Path.of(arguments[0]), server.pid().orElseThrow() + " " + server.directory() + "\n");
            Thread.currentThread().join();
        }
    }

    private static SSLContext trusting(Path certificate) throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(certificate)) {
            trusted.setCertificateEntry("server", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static void append(Dovecot server, String subject) {
        try (PlainImap imap = PlainImap.login(server, "ann")) {
            imap.append("INBOX", Mail.of(subject));
        }
    }

    private static int messages(Dovecot server) {
        try (PlainImap imap = PlainImap.login(server, "ann")) {
            return imap.examine("INBOX").messages();
        }
    }
}
