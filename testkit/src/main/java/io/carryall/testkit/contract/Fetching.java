package io.carryall.testkit.contract;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import io.carryall.core.port.SourceSession;
import io.carryall.testkit.mail.MailboxSnapshot;

/** A receiver that keeps what comes, and that each item came as the port says: its bytes first, closed before the next, once. */
final class Fetching implements SourceSession.Receiver {
    final Map<Long, Got> got = new LinkedHashMap<>();
    final Map<Long, String> unreadable = new LinkedHashMap<>();
    private Filling filling;

    record Got(Set<String> flags, OffsetDateTime date, byte[] content) {
        MailboxSnapshot.Item item(long uid) {
            return MailboxSnapshot.Item.of(uid, flags, date.toInstant(), content);
        }
    }

    @Override
    public OutputStream content(long uid) {
        requireClosed();
        filling = new Filling(uid);
        return filling;
    }

    @Override
    public void fetched(long uid, Set<String> flags, OffsetDateTime date) {
        requireClosed();
        if (filling == null || filling.uid != uid || got.containsKey(uid)) {
            throw new AssertionError("fetched(" + uid + ") without its content before it, or twice");
        }
        TreeSet<String> kept = new TreeSet<>(flags);
        kept.remove("\\Recent");
        got.put(uid, new Got(kept, date, filling.toByteArray()));
    }

    @Override
    public void unreadable(long uid, String detail) {
        requireClosed();
        unreadable.put(uid, detail);
    }

    private void requireClosed() {
        if (filling != null && !filling.closed) {
            throw new AssertionError("the content of " + filling.uid + " was not closed before the next call");
        }
    }

    private static final class Filling extends ByteArrayOutputStream {
        final long uid;
        boolean closed;

        Filling(long uid) {
            this.uid = uid;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
