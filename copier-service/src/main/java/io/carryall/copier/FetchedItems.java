package io.carryall.copier;

import io.carryall.core.copy.CopyInput;
import io.carryall.core.copy.CopyInput.PreparedItem;
import io.carryall.core.item.Fingerprinter;
import io.carryall.core.item.Reason;
import io.carryall.core.item.SourceItem;
import io.carryall.core.port.SourceSession;
import io.carryall.core.port.TargetSession.Outgoing;
import java.io.IOException;
import java.io.OutputStream;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Takes in the items of one group: keeps their bytes and computes their fingerprints while they pass. Used by one thread; {@link #outgoing} may be read by others afterwards. */
final class FetchedItems implements SourceSession.Receiver {
    private final ContentStore store;
    private final Map<Long, SourceItem> scanned;
    private final Map<Long, PreparedItem> answers = new HashMap<>();
    private final Map<Long, Outgoing> outgoing = new ConcurrentHashMap<>();
    private long bytes;
    private ContentStore.Draft draft;
    private Fingerprinter fingerprinter;
    private IOException broken;

    FetchedItems(ContentStore store, Map<Long, SourceItem> scanned) {
        this.store = store;
        this.scanned = scanned;
    }

    Map<Long, Outgoing> outgoing() {
        return outgoing;
    }

    long bytes() {
        return bytes;
    }

    /** Why messages could not be kept, or null. */
    IOException broken() {
        return broken;
    }

    List<PreparedItem> prepared(List<Long> asked) {
        List<PreparedItem> prepared = new ArrayList<>();
        for (long uid : asked) {
            prepared.add(answers.getOrDefault(uid, new CopyInput.Lost(uid, Reason.VANISHED, "the item is not in the source folder any more")));
        }
        return prepared;
    }

    @Override
    public OutputStream content(long uid) {
        drop();
        draft = store.begin();
        fingerprinter = new Fingerprinter();
        return new Tee(draft, fingerprinter);
    }

    @Override
    public void fetched(long uid, Set<String> flags, OffsetDateTime date) {
        if (draft == null || answers.containsKey(uid)) {
            drop();
            return;
        }
        OffsetDateTime known = date != null ? date : scannedDate(uid);
        Fingerprinter.Result result = fingerprinter.finish(known == null ? SourceItem.NO_DATE : known.toEpochSecond());
        try {
            outgoing.put(uid, new Outgoing(flags, known, draft.finish()));
            draft = null;
            bytes += result.fingerprint().sizeBytes();
            answers.put(uid, new CopyInput.Ready(uid, result.fingerprint(), flags, result.messageId()));
        } catch (IOException e) {
            broken = e;
            drop();
        }
    }

    private OffsetDateTime scannedDate(long uid) {
        SourceItem item = scanned.get(uid);
        return item != null && item.hasDate() ? item.date().atOffset(ZoneOffset.UTC) : null;
    }

    @Override
    public void unreadable(long uid, String detail) {
        drop();
        answers.putIfAbsent(uid, new CopyInput.Lost(uid, Reason.UNREADABLE, detail));
    }

    private void drop() {
        if (draft != null) {
            draft.discard();
            draft = null;
        }
    }

    /** Never throws into the connector: its connection is not to blame when the disk is full, and stays in step. */
    private final class Tee extends OutputStream {
        private final OutputStream kept;
        private final Fingerprinter computed;

        Tee(OutputStream kept, Fingerprinter computed) {
            this.kept = kept;
            this.computed = computed;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] data, int offset, int length) {
            computed.update(data, offset, length);
            if (broken == null) {
                try {
                    kept.write(data, offset, length);
                } catch (IOException e) {
                    broken = e;
                }
            }
        }
    }
}
