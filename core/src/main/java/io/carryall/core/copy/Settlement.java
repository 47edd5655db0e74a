package io.carryall.core.copy;

import io.carryall.core.copy.CopyInput.Window;
import io.carryall.core.item.Fingerprint;
import io.carryall.core.item.ItemKey;
import io.carryall.core.port.Intents;
import io.carryall.core.port.Intents.Intent;
import io.carryall.core.port.Items.Done;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one look at the target folder says of all open intents together. An item that has claimed a UID is there: only its record is missing. Messages that nobody claimed are matched with the items in doubt by fingerprint, in their order, each message
 * once: true duplicates in the source stay as many as they are.
 *
 * <p>What is found there may be believed at once. What is not found is only {@code absent} if every UID that the server gave out since the intent is accounted for (claimed, or
 * clearly another message); and a single look proves nothing, since the server, or a network between us, may still carry out what it received. Whatever else is left is {@code unclear}.
 */
record Settlement(List<Found> found, List<Doubt> absent, List<Unclear> unclear) {

    record Doubt(Intent intent, Intents.Item item) {
        ItemKey key() {
            return intent.source().item(item.uid());
        }
    }

    record Found(Doubt doubt, long targetUid) {}

    record Unclear(Doubt doubt, String detail) {}

    static Settlement decide(List<Intent> open, Window window) {
        TreeMap<Long, Fingerprint> unmatched = new TreeMap<>(window.unclaimed());
        Map<ItemKey, Long> claims = new HashMap<>();
        window.claimed().forEach((uid, key) -> claims.putIfAbsent(key, uid));
        open.forEach(intent -> leaveOutDone(intent, window, unmatched));
        Settlement settlement = new Settlement(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        List<Doubt> notFound = new ArrayList<>();
        for (Intent intent : open) {
            for (Intents.Item item : intent.items()) {
                Doubt doubt = new Doubt(intent, item);
                if (window.done().containsKey(doubt.key())) {
                    continue;
                }
                Long uid = claims.get(doubt.key());
                if (uid == null && intent.targetUidValidity() == window.position().uidValidity()) {
                    uid = firstMatch(unmatched, doubt);
                }
                if (uid == null) {
                    notFound.add(doubt);
                } else {
                    unmatched.remove(uid);
                    settlement.found.add(new Found(doubt, uid));
                }
            }
        }
        for (Doubt doubt : notFound) {
            String why = whyUnclear(doubt, window, unmatched);
            if (why == null) {
                settlement.absent.add(doubt);
            } else {
                settlement.unclear.add(new Unclear(doubt, why));
            }
        }
        return settlement;
    }

    /**
     * The messages of those that are done are theirs, and no other's. Where the target tells no UIDs nothing is claimed; and who wrote under an earlier lease may have claimed and
     * recorded after the claims were read.
     */
    private static void leaveOutDone(Intent intent, Window window, TreeMap<Long, Fingerprint> unmatched) {
        for (Intents.Item item : intent.items()) {
            Doubt recorded = new Doubt(intent, item);
            Done done = window.done().get(recorded.key());
            if (done != null && done.targetUid() == 0) {
                Long uid = firstMatch(unmatched, recorded);
                unmatched.remove(uid == null ? -1L : uid);
            } else if (done != null && done.target().equals(intent.target()) && done.targetUidValidity() == window.position().uidValidity()) {
                unmatched.remove(done.targetUid());
            }
        }
    }

    private static Long firstMatch(TreeMap<Long, Fingerprint> unmatched, Doubt doubt) {
        return unmatched.tailMap(doubt.intent.uidNextLow()).entrySet().stream()
                .filter(entry -> entry.getValue().matches(doubt.item.fingerprint()))
                .map(Map.Entry::getKey).findFirst().orElse(null);
    }

    private static String whyUnclear(Doubt doubt, Window window, TreeMap<Long, Fingerprint> unmatched) {
        if (doubt.intent.targetUidValidity() != window.position().uidValidity()) {
            return "the target folder's UIDVALIDITY changed from " + doubt.intent.targetUidValidity() + " to " + window.position().uidValidity() + " while the item was in doubt";
        }
        long low = doubt.intent.uidNextLow();
        long given = Math.max(0, window.position().uidNext() - low);
        long accounted = window.unclaimed().keySet().stream().filter(uid -> uid >= low && uid < window.position().uidNext()).count()
                + window.claimed().keySet().stream().filter(uid -> uid >= low && uid < window.position().uidNext()).count();
        if (accounted < given) {
            return (given - accounted) + " of the UIDs from " + low + " to " + (window.position().uidNext() - 1) + " are gone from the target folder or cannot be read: the item may be among them";
        }
        return unmatched.tailMap(low).entrySet().stream()
                .filter(entry -> entry.getValue().resembles(doubt.item.fingerprint())).findFirst()
                .map(entry -> "UID " + entry.getKey() + " in the target folder resembles the item, but is not the same").orElse(null);
    }
}
