package io.carryall.core.port;

import io.carryall.core.item.Fingerprint;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PassId;
import io.carryall.core.item.TargetFolder;
import java.util.List;
import java.util.Set;

/** Intents: durable lines that are written before a group is appended. */
public interface Intents {
    void open(Intent intent);

    /** Its items are recorded, or it is certain that nothing of it was or will be stored. */
    void close(TargetFolder target, long epoch, int group);

    /** Those that are open, of the epochs from {@code fromEpoch} to {@code toEpoch} inclusive, in the order of epoch and group. */
    List<Intent> open(TargetFolder target, long fromEpoch, long toEpoch);

    /**
     * @param epoch         of the lease under which it was written
     * @param group         counts within the epoch
     * @param uidNextLow    whatever is stored for this intent gets a UID of at least this
     */
    record Intent(TargetFolder target, long epoch, int group, PassId pass, FolderKey source, long targetUidValidity, long uidNextLow, List<Item> items) {
        public Intent {
            items = List.copyOf(items);
        }
    }

    record Item(long uid, Fingerprint fingerprint, Set<String> flags) {}
}
