package io.carryall.scanner;

import io.carryall.core.fold.UidSet;
import io.carryall.core.item.ItemKey;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Intents.Intent;
import io.carryall.core.port.Ledger;
import io.carryall.core.rekey.Adoption.InDoubt;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * Whose the messages of a target folder are, as far as the ledger knows. Asked after the folder was looked at, and for what is under way before what is done: a message that a copier appended before the look is then either still under
 * way, or claimed. What was under way when a ledger was saved is so for ever in the one that is restored, and much may stand behind it: so only a message that can be such an item is left to it.
 *
 * @param doubtFrom from this UID on a message may be one that a copier is about to record
 * @param inDoubt   the items that are under way, and have claimed nothing
 * @param claimed   what is claimed by any item
 */
record Owners(long doubtFrom, List<InDoubt> inDoubt, UidSet claimed) {

    /**
     * @param fromUid of no message below it anything is told
     * @param claims  is told each of them, in the order of UIDs: there may be a million
     */
    static Owners of(Ledger ledger, TargetFolder target, long uidValidity, long fromUid, BiConsumer<Long, ItemKey> claims) {
        List<Intent> open = ledger.leases().read(target)
                .map(lease -> ledger.intents().open(target, lease.settledEpoch() + 1, lease.epoch()).stream().filter(intent -> intent.targetUidValidity() == uidValidity).toList()).orElse(List.of());
        long doubtFrom = open.stream().mapToLong(Intent::uidNextLow).min().orElse(Long.MAX_VALUE);
        Set<ItemKey> withoutClaim = open.stream().flatMap(intent -> intent.items().stream().map(item -> intent.source().item(item.uid()))).collect(Collectors.toSet());
        UidSet claimed = new UidSet();
        ledger.items().forEachClaim(target, uidValidity, Math.min(fromUid, doubtFrom), (uid, item) -> {
            claimed.add(uid);
            withoutClaim.remove(item);
            claims.accept(uid, item);
        });
        return new Owners(doubtFrom, inDoubt(open, withoutClaim), claimed);
    }

    private static List<InDoubt> inDoubt(List<Intent> open, Set<ItemKey> keys) {
        return open.stream().flatMap(intent -> intent.items().stream().filter(item -> keys.contains(intent.source().item(item.uid()))).map(item -> new InDoubt(intent.uidNextLow(), item.fingerprint().headers()))).toList();
    }

    boolean isClaimed(long uid) {
        return claimed.contains(uid);
    }

    /** @param headers digest of the message's own */
    boolean mayBeInDoubt(long uid, String headers) {
        return inDoubt.stream().anyMatch(item -> uid >= item.fromUid() && item.headers().equals(headers));
    }
}
