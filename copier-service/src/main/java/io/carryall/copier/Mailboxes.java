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

    /** A session for a while. Closing gives it back, unless it was said to be broken. */
    interface Lent<S> extends AutoCloseable {
        S session();

        /** Counts bytes against the host's limit: how many milliseconds to wait before any more are moved. */
        long spend(long bytes);

        /** @param failure what the server said, null where nothing is known */
        void broken(MailException failure);

        @Override
        void close();
    }

    record Places(String sourceHost, String sourceMailbox, String targetHost, String targetMailbox, Limits limits) {}
}
