package io.carryall.core.rekey;

import io.carryall.core.item.SourceItem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;

/**
 * Which drafts are newer states of drafts that are done. On IMAP a message that was edited has a new UID; it is a revision when it bears the Message-ID of an item that is done and gone from the folder. Where both are present, or the
 * newest one that is known is, it is an item of its own: so of two new ones at once, one is the revision.
 */
public final class Revisions {
    private Revisions() {}

    /**
     * A draft that no scan noted before and that is not done.
     *
     * @param headers digest, see {@link io.carryall.core.item.Fingerprint#headers()}
     */
    public record Draft(SourceItem item, String messageId, String headers) {}

    /** @param formerUid the state before, which is done and gone */
    public record Revision(Draft draft, long formerUid) {}

    /**
     * @param noted     Message-IDs by UID, of all items that scans met
     * @param isDone    of those
     * @param isPresent whether the folder holds it now
     */
    public static List<Revision> of(List<Draft> fresh, Map<Long, String> noted, LongPredicate isDone, LongPredicate isPresent) {
        Map<String, Long> newest = new HashMap<>();
        noted.forEach((uid, id) -> {
            if (isDone.test(uid)) {
                newest.merge(id, uid, Math::max);
            }
        });
        List<Revision> revisions = new ArrayList<>();
        for (Draft draft : fresh.stream().sorted(Comparator.comparingLong(draft -> draft.item().uid())).toList()) {
            Long former = newest.put(draft.messageId(), draft.item().uid());
            if (former != null && !isPresent.test(former)) {
                revisions.add(new Revision(draft, former));
            }
        }
        return revisions;
    }
}
