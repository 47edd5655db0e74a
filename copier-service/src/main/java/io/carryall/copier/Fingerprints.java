package io.carryall.copier;

import io.carryall.core.item.Fingerprint;
import io.carryall.core.item.Fingerprinter;
import io.carryall.core.item.SourceItem;
import io.carryall.core.port.SourceSession;
import java.io.OutputStream;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Computes fingerprints of what passes and keeps nothing else. Used by one thread. */
final class Fingerprints implements SourceSession.Receiver {
    private final Map<Long, Fingerprint> found = new HashMap<>();
    private Fingerprinter current;

    Map<Long, Fingerprint> found() {
        return found;
    }

    @Override
    public OutputStream content(long uid) {
        Fingerprinter computing = new Fingerprinter();
        current = computing;
        return new OutputStream() {
            @Override
            public void write(int b) {
                computing.update(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] data, int offset, int length) {
                computing.update(data, offset, length);
            }
        };
    }

    @Override
    public void fetched(long uid, Set<String> flags, OffsetDateTime date) {
        found.put(uid, current.finish(date == null ? SourceItem.NO_DATE : date.toEpochSecond()).fingerprint());
    }

    /** Without a fingerprint its UID stays unaccounted for: it may be the item in doubt. */
    @Override
    public void unreadable(long uid, String detail) {
        current = null;
    }
}
