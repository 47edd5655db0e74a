package io.carryall.control;

import io.carryall.core.flags.FlagSet;
import io.carryall.core.item.PassId;
import io.carryall.core.port.Items.Followed;
import io.carryall.core.port.Items.FollowedFlags;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** What one pass made of the flags of one folder's items. Keeps those of which a warning tells, up to a limit. For one thread. */
final class FollowedCount {
    private static final Map<Followed, String> WHY = new EnumMap<>(Map.of(
            Followed.GONE, "its copy is not in the target folder any more",
            Followed.FOLDER_CHANGED, "the target folder is gone, or its UIDVALIDITY is not the one under which the copy was made: nobody can tell which message is the copy",
            Followed.CONTENDED, "the copy changed on the target each time that it was to be changed; the next pass tries again"));

    private final PassId pass;
    private final int toldMax;
    private final TreeMap<Long, Followed> left = new TreeMap<>();
    private final TreeMap<Long, FlagSet> refused = new TreeMap<>();
    private long carried;
    private long more;
    private long open;

    interface Warnings {
        void warn(long uid, String what, String detail);
    }

    FollowedCount(PassId pass, int toldMax) {
        this.pass = pass;
        this.toldMax = toldMax;
    }

    /**
     * A page of items whose flags were to be carried.
     *
     * @param rows what the ledger says of them
     */
    void page(Collection<Long> flagged, Map<Long, FollowedFlags> rows) {
        for (long uid : flagged) {
            FollowedFlags row = rows.get(uid);
            if (row == null || !row.pass().equals(pass)) {
                // Its source was not there to tell them, or a pass beside this one wrote over it.
                open++;
            } else {
                item(row);
            }
        }
    }

    private void item(FollowedFlags item) {
        open += item.how() == Followed.CONTENDED || item.base().isUnderWay() ? 1 : 0;
        carried += item.how() == Followed.CARRIED && !item.base().isUnderWay() ? 1 : 0;
        if (WHY.containsKey(item.how())) {
            keep(left, item.uid(), item.how());
        }
        if (!item.refused().isEmpty()) {
            keep(refused, item.uid(), item.refused());
        }
    }

    private <T> void keep(TreeMap<Long, T> kept, long uid, T value) {
        if (kept.size() < toldMax) {
            kept.put(uid, value);
        } else {
            more++;
        }
    }

    /** Whether it is known of each item what came of it. Where it is not, the next pass has to look at the same changes again. */
    boolean isWhole() {
        return open == 0;
    }

    long carried() {
        return carried;
    }

    void tell(Warnings warnings) {
        left.forEach((uid, how) -> warnings.warn(uid, "flags-not-followed", WHY.get(how)));
        refused.forEach((uid, flags) -> warnings.warn(uid, "keyword-refused", "the target did not take " + String.join(", ", flags.names())));
        if (more > 0) {
            warnings.warn(0, "flags-not-followed", more + " more than are listed");
        }
    }
}
