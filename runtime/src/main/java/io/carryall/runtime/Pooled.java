package io.carryall.runtime;

import io.carryall.core.port.MailException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A session on loan, used by one thread at a time. Closing gives it back, where the next one who wants this mailbox finds it.
 *
 * @param <S> the kind of session
 */
public final class Pooled<S> implements AutoCloseable {

    /** What becomes of a session that comes back. */
    interface Return<S> {
        void reusable(S session);

        /** @param failure null where nothing is known */
        void broken(S session, MailException failure);

        long spend(long bytes);
    }

    private final S session;
    private final Return<S> back;
    private final AtomicBoolean returned = new AtomicBoolean();

    Pooled(S session, Return<S> back) {
        this.session = session;
        this.back = back;
    }

    public S session() {
        return session;
    }

    /** Counts bytes against the host's limit and tells how many milliseconds to wait before any more are moved. */
    public long spend(long bytes) {
        return back.spend(bytes);
    }

    /** Gives it back for good: the session is closed. */
    public void broken() {
        broken(null);
    }

    /** The same; what the server asked for by TRY_LATER is obeyed by all who use this host from here. */
    public void broken(MailException failure) {
        if (returned.compareAndSet(false, true)) {
            back.broken(session, failure);
        }
    }

    @Override
    public void close() {
        if (returned.compareAndSet(false, true)) {
            back.reusable(session);
        }
    }
}
