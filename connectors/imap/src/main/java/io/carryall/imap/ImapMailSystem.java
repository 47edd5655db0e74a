package io.carryall.imap;

import io.carryall.core.port.MailException;
import io.carryall.core.port.MailException.Kind;
import io.carryall.core.port.MailSystem;
import io.carryall.core.port.MailboxLogin;
import io.carryall.core.port.SourceSession;
import io.carryall.core.port.TargetSession;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;

/** Mailboxes on IMAP servers. One session is one connection; it is opened, secured and logged in before it is handed out. */
public final class ImapMailSystem implements MailSystem {
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
        ImapConnection connection = connect(login);
        try {
            return new ImapSource(connection);
        } catch (MailException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public TargetSession openTarget(MailboxLogin login) throws MailException {
        ImapConnection connection = connect(login);
        try {
            return new ImapTarget(connection);
        } catch (MailException | RuntimeException e) {
            connection.close();
            throw e;
        }
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
