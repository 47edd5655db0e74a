package io.carryall.control;

import io.carryall.core.flags.FlagSet;
import io.carryall.core.item.PassId;
import io.carryall.core.port.Items.Followed;
import io.carryall.core.port.Items.FollowedFlags;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** What one pass made of the flags of one folder's items. Keeps those of which a warning tells, up to a limit. For one thread. */
final class FollowedCount {
    private static final Map<Followed, String> WHY = new EnumMap<>(Map.of(
            Followed.GONE, "its copy is not in the target folder any more",
            Followed.FOLDER_CHANGED, "the target folder is gone, or its UIDVALIDITY is not the one under which the copy was made: nobody can tell which message is the copy",
            Followed.CONTENDED, "the copy changed on the target each time that it was to be changed"));

    private final PassId pass;
    private final int toldMax;
    private final TreeMap<Long, Followed> left = new TreeMap<>();
    private final TreeMap<Long, FlagSet> refused = new TreeMap<>();
    private long carried;
    private long more;

    interface Warnings {
        void warn(long uid, String what, String detail);
    }

    FollowedCount(PassId pass, int toldMax) {
        this.pass = pass;
        this.toldMax = toldMax;
    }

    void item(FollowedFlags item) {
        if (!item.pass().equals(pass)) {
            return;
        }
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
