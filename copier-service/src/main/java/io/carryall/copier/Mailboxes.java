package io.carryall.copier;

import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.migration.Limits;
import io.carryall.core.port.MailException;
import io.carryall.core.port.SourceSession;
import io.carryall.core.port.TargetSession;

/** Where the copier gets sessions from. Within the limits that {@link Slots} keeps, an answer does not have to wait for anybody else. Thread-safe. */
interface Mailboxes {
    Lent<SourceSession> source(PassId pass, PairId pair) throws MailException;

    Lent<TargetSession> target(PassId pass, PairId pair) throws MailException;

    /** The source mailbox, its host and the limits that hold for this pass; what {@link Slots} counts. */
    Places places(PassId pass, PairId pair);

    /** A session for a while. Closing gives it back; a broken one is closed for good instead. */
    interface Lent<S> extends AutoCloseable {
        S session();

        void broken();

        @Override
        void close();
    }

    record Places(String sourceHost, String sourceMailbox, String targetHost, String targetMailbox, Limits limits) {}
}
