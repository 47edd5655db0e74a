package io.carryall.core.port;

/** Opens sessions to mailboxes. Thread-safe; a session is used by one thread at a time. Limits on connections are the caller's. */
public interface MailSystem {
    SourceSession openSource(MailboxLogin login) throws MailException;

    TargetSession openTarget(MailboxLogin login) throws MailException;
}
