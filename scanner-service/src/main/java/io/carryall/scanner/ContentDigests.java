package io.carryall.scanner;

import io.carryall.core.item.Fingerprinter;
import io.carryall.core.item.SourceItem;
import io.carryall.core.port.SourceSession;
import java.io.OutputStream;
import java.time.OffsetDateTime;
import java.util.Set;
import java.util.function.Consumer;

/** Computes digests of messages as they pass and keeps nothing else. What can't be read has none. For one thread. */
final class ContentDigests implements SourceSession.Receiver {
    private final Consumer<Digest> digests;
    private Fingerprinter current;

    record Digest(long uid, String content) {}

    ContentDigests(Consumer<Digest> digests) {
        this.digests = digests;
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
        digests.accept(new Digest(uid, current.finish(SourceItem.NO_DATE).fingerprint().content()));
    }

    @Override
    public void unreadable(long uid, String detail) {
        current = null;
    }
}
