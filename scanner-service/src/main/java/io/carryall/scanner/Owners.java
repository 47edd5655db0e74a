package io.carryall.scanner;

import io.carryall.core.item.ItemKey;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Intents.Intent;
import io.carryall.core.port.Ledger;
import java.util.Map;

/**
 * Whose the messages of a target folder are, as far as the ledger knows. Asked after the folder was looked at, and for what is under way before what is done: a message that a copier appended before the look is then either still under
 * way, or claimed.
 *
 * @param doubtFrom from this UID on a message may be one that a copier is about to record
 * @param claimed   the others' items, by UID
 */
record Owners(long doubtFrom, Map<Long, ItemKey> claimed) {

    /** @param fromUid of no message below it anything is told */
    static Owners of(Ledger ledger, TargetFolder target, long uidValidity, long fromUid) {
        long doubtFrom = ledger.leases().read(target)
                .map(lease -> ledger.intents().open(target, lease.settledEpoch() + 1, lease.epoch()).stream().filter(intent -> intent.targetUidValidity() == uidValidity).mapToLong(Intent::uidNextLow).min().orElse(Long.MAX_VALUE))
                .orElse(Long.MAX_VALUE);
        return new Owners(doubtFrom, ledger.items().claimed(target, uidValidity, fromUid));
    }

    boolean isNobodys(long uid) {
        return uid < doubtFrom && !claimed.containsKey(uid);
    }
}
