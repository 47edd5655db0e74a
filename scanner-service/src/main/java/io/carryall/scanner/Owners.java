package io.carryall.scanner;

import io.carryall.core.item.ItemKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Intents.Intent;
import io.carryall.core.port.Ledger;
import io.carryall.core.rekey.Adoption.InDoubt;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whose the messages of a target folder are, as far as the ledger knows. Asked after the folder was looked at, and for what is under way before what is done: a message that a copier appended before the look is then either still under
 * way, or claimed. What was under way when a ledger was saved is so for ever in the one that is restored, and much may stand behind it: so only a message that can be such an item is left to it.
 *
 * @param doubtFrom from this UID on a message may be one that a copier is about to record
 * @param inDoubt   the items that are under way, and have claimed nothing
 * @param claimed   the others' items, by UID
 */
record Owners(long doubtFrom, List<InDoubt> inDoubt, Map<Long, ItemKey> claimed) {

    /** @param fromUid of no message below it anything is told */
    static Owners of(Ledger ledger, TargetFolder target, long uidValidity, long fromUid) {
        List<Intent> open = ledger.leases().read(target)
                .map(lease -> ledger.intents().open(target, lease.settledEpoch() + 1, lease.epoch()).stream().filter(intent -> intent.targetUidValidity() == uidValidity).toList()).orElse(List.of());
        long doubtFrom = open.stream().mapToLong(Intent::uidNextLow).min().orElse(Long.MAX_VALUE);
        Map<Long, ItemKey> claimed = ledger.items().claimed(target, uidValidity, Math.min(fromUid, doubtFrom));
        return new Owners(doubtFrom, inDoubt(open, claimed), claimed);
    }

    private static List<InDoubt> inDoubt(List<Intent> open, Map<Long, ItemKey> claimed) {
        Set<ItemKey> keys = open.stream().flatMap(intent -> intent.items().stream().map(item -> intent.source().item(item.uid()))).collect(Collectors.toSet());
        claimed.values().forEach(keys::remove);
        return open.stream().flatMap(intent -> intent.items().stream().filter(item -> keys.contains(intent.source().item(item.uid()))).map(item -> new InDoubt(intent.uidNextLow(), item.fingerprint().headers()))).toList();
    }

    boolean isClaimed(long uid) {
        return claimed.containsKey(uid);
    }

    /** Whose the message is; null: nobody's. */
    PairId pairOf(long uid) {
        ItemKey item = claimed.get(uid);
        return item == null ? null : item.folder().pair();
    }

    /** @param headers digest of the message's own */
    boolean mayBeInDoubt(long uid, String headers) {
        return inDoubt.stream().anyMatch(item -> uid >= item.fromUid() && item.headers().equals(headers));
    }
}
