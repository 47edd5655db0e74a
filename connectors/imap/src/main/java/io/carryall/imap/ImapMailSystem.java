package io.carryall.imap;

import io.carryall.core.port.MailException;
import io.carryall.core.port.MailException.Kind;
import io.carryall.core.port.MailSystem;
import io.carryall.core.port.MailboxLogin;
import io.carryall.core.port.MailboxReader;
import io.carryall.core.port.MailboxReaders;
import io.carryall.core.port.SourceSession;
import io.carryall.core.port.TargetSession;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;

/** Mailboxes on IMAP servers. One session is one connection; it is opened, secured and logged in before it is handed out. */
public final class ImapMailSystem implements MailSystem, MailboxReaders {
    private final Connector connector;
    private final ConcurrentHashMap<String, TlsTrust> trusts = new ConcurrentHashMap<>();

    public ImapMailSystem() {
        this(Timeouts.DEFAULT);
    }

    public ImapMailSystem(Timeouts timeouts) {
        connector = new Connector(timeouts);
    }

    @Override
    public SourceSession openSource(MailboxLogin login) throws MailException {
        return open(login, ImapSource::new);
    }

    @Override
    public TargetSession openTarget(MailboxLogin login) throws MailException {
        return open(login, ImapTarget::new);
    }

    @Override
    public MailboxReader openReader(MailboxLogin login) throws MailException {
        return open(login, ImapReader::new);
    }

    private <T> T open(MailboxLogin login, Session<T> session) throws MailException {
        ImapConnection connection = connect(login);
        try {
            return session.on(connection);
        } catch (MailException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private interface Session<T> {
        T on(ImapConnection connection) throws MailException;
    }

    /** For a look at a mailbox and its server before anything is copied. */
    public ImapProbe probe(MailboxLogin login) throws MailException {
        return new ImapProbe(connect(login));
    }

    private ImapConnection connect(MailboxLogin login) throws MailException {
        return connector.open(login, trust(login.server().caFile()));
    }

    private TlsTrust trust(String caFile) throws MailException {
        if (caFile == null) return TlsTrust.system();
        try {
            return trusts.computeIfAbsent(caFile, file -> TlsTrust.systemAnd(Path.of(file)));
        } catch (IllegalArgumentException e) {
            throw new MailException(Kind.UNREACHABLE, ServerText.clean(e.getMessage()), 0, e);
        }
    }
}
