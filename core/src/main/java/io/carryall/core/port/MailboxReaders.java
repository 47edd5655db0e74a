package io.carryall.core.port;

/** Opens connections that only look. Thread-safe. Limits on connections are the caller's. */
public interface MailboxReaders {
    MailboxReader openReader(MailboxLogin login) throws MailException;
}
