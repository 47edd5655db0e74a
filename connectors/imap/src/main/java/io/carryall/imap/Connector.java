package io.carryall.imap;

import io.carryall.core.port.MailException;
import io.carryall.core.port.MailException.Kind;
import io.carryall.core.port.MailboxLogin;
import io.carryall.core.port.ServerAddress;
import io.carryall.core.port.ServerAddress.Security;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Properties;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.eclipse.angus.mail.util.SocketFetcher;

/** From an address to a connection that is logged in. Sockets, TLS and their timeouts are Angus Mail's; a password is sent only when they are up as asked. */
final class Connector {
    private static final String PREFIX = "mail.imap";
    private static final ScheduledThreadPoolExecutor WRITE_TIMEOUTS = writeTimeouts();

    private final Timeouts timeouts;

    Connector(Timeouts timeouts) {
        this.timeouts = timeouts;
    }

    /** One thread for all connections: it only closes those whose writes hang. */
    private static ScheduledThreadPoolExecutor writeTimeouts() {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "imap-write-timeouts");
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
        return executor;
    }

    ImapConnection open(MailboxLogin login, TlsTrust trust) throws MailException {
        ServerAddress server = login.server();
        Properties properties = properties(trust);
        ImapConnection connection = connect(server, properties);
        boolean ready = false;
        try {
            welcome(connection, server, properties);
            logIn(connection, login);
            ready = true;
            return connection;
        } finally {
            if (!ready) connection.close();
        }
    }

    private Properties properties(TlsTrust trust) {
        Properties properties = new Properties();
        properties.setProperty(PREFIX + ".connectiontimeout", Integer.toString(timeouts.connectMillis()));
        properties.setProperty(PREFIX + ".timeout", Integer.toString(timeouts.readMillis()));
        properties.setProperty(PREFIX + ".writetimeout", Integer.toString(timeouts.writeMillis()));
        properties.put(PREFIX + ".executor.writetimeout", WRITE_TIMEOUTS);
        properties.put(PREFIX + ".ssl.socketFactory", trust.sockets());
        properties.setProperty(PREFIX + ".ssl.checkserveridentity", "true");
        // else a factory that refused the server would be replaced by another one
        properties.setProperty(PREFIX + ".socketFactory.fallback", "false");
        return properties;
    }

    private ImapConnection connect(ServerAddress server, Properties properties) throws MailException {
        try {
            Socket socket = SocketFetcher.getSocket(server.host(), server.port(), properties, PREFIX, server.security() == Security.TLS);
            return new ImapConnection(server.toString(), socket);
        } catch (IOException e) {
            throw unreachable(server, e);
        }
    }

    private void welcome(ImapConnection connection, ServerAddress server, Properties properties) throws MailException {
        Reply greeting = connection.greeting();
        switch (greeting.status()) {
            case OK -> { }
            case PREAUTH -> throw new MailException(Kind.REFUSED, server + " takes us for somebody already (PREAUTH): it can't be told whose mail it would show");
            default -> throw greeting.failure(Kind.UNREACHABLE, server.toString());
        }
        if (server.security() == Security.STARTTLS) startTls(connection, server, properties);
        connection.learnCapabilities();
    }

    private void startTls(ImapConnection connection, ServerAddress server, Properties properties) throws MailException {
        connection.learnCapabilities();
        if (!connection.capabilities().has("STARTTLS")) throw new MailException(Kind.UNREACHABLE, server + " offers no STARTTLS: a password can't be sent to it");
        Reply reply = connection.command("STARTTLS", ImapConnection.Untagged.IGNORED);
        if (!reply.isOk()) throw reply.failure(Kind.UNREACHABLE, "STARTTLS with " + server);
        if (connection.hasUnreadBytes()) throw new MailException(Kind.UNREACHABLE, server + " sent bytes ahead of TLS: somebody stands between");
        try {
            connection.use(SocketFetcher.startTLS(connection.socket(), server.host(), properties, PREFIX));
        } catch (IOException e) {
            throw unreachable(server, e);
        }
    }

    private static MailException unreachable(ServerAddress server, IOException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException || cause instanceof CertPathValidatorException || cause instanceof CertPathBuilderException) {
                return new MailException(Kind.UNREACHABLE, "the certificate of " + server + " is not trusted: " + ServerText.clean(String.valueOf(cause.getMessage())), 0, e);
            }
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketTimeoutException) return new MailException(Kind.TIMEOUT, server + " did not answer in time", 0, e);
        }
        Throwable root = e;
        while (root.getCause() != null) root = root.getCause();
        String why = root instanceof java.net.UnknownHostException ? "no such host" : ServerText.clean(String.valueOf(root.getMessage()));
        return new MailException(Kind.UNREACHABLE, "no connection to " + server + ": " + why, 0, e);
    }

    private void logIn(ImapConnection connection, MailboxLogin login) throws MailException {
        boolean actsFor = login.admin() != null && login.separator() == null;
        String name = login.admin() == null ? login.user() : actsFor ? login.admin() : login.user() + login.separator() + login.admin();
        ServerCapabilities can = connection.capabilities();
        Reply reply;
        if (can.has("AUTH=PLAIN")) reply = plain(connection, actsFor ? login.user() : "", name, login);
        else if (actsFor) throw new MailException(Kind.LOGIN_REFUSED, login.server() + " offers no SASL PLAIN, by which an administrator acts for a user: it may take a separator in the login name");
        else if (can.has("LOGINDISABLED")) throw new MailException(Kind.LOGIN_REFUSED, login.server() + " takes no passwords on this connection (LOGINDISABLED)");
        else reply = login(connection, name, login.password().reveal());
        if (!reply.isOk()) throw reply.failure(reply.status() == Reply.Status.NO ? Kind.LOGIN_REFUSED : Kind.REFUSED, "login of " + ServerText.clean(login.mailbox()) + " at " + login.server());
        connection.learnCapabilities();
    }

    /** RFC 4616, with the initial response in the command where the server takes it (RFC 4959). */
    private static Reply plain(ImapConnection connection, String authorizationIdentity, String name, MailboxLogin login) throws MailException {
        byte[] message = plainMessage(authorizationIdentity, name, login.password().reveal());
        byte[] encoded = Base64.getEncoder().encode(message);
        try {
            boolean initial = connection.capabilities().has("SASL-IR");
            String tag = connection.begin();
            connection.send("AUTHENTICATE PLAIN");
            if (!initial) {
                connection.endUnflushed();
                Reply refused = connection.awaitContinuation(tag);
                if (refused != null) return refused;
            } else {
                connection.send(" ");
            }
            connection.send(encoded);
            connection.forgetCapabilities();
            connection.end();
            return connection.await(tag, ImapConnection.Untagged.IGNORED);
        } finally {
            Arrays.fill(message, (byte) 0);
            Arrays.fill(encoded, (byte) 0);
        }
    }

    private static byte[] plainMessage(String authorizationIdentity, String name, String password) throws MailException {
        String all = authorizationIdentity + '\0' + name + '\0' + password;
        if (all.chars().filter(c -> c == 0).count() != 2) throw new MailException(Kind.LOGIN_REFUSED, "a login name or password holds NUL");
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(all);
        byte[] message = new byte[bytes.remaining()];
        bytes.get(message);
        Arrays.fill(bytes.array(), (byte) 0);
        return message;
    }

    private static Reply login(ImapConnection connection, String name, String password) throws MailException {
        String tag = connection.begin();
        connection.send("LOGIN ");
        connection.sendString(tag, asBytes(name));
        connection.send(" ");
        connection.sendString(tag, asBytes(password));
        connection.forgetCapabilities();
        connection.end();
        return connection.await(tag, ImapConnection.Untagged.IGNORED);
    }

    private static String asBytes(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
