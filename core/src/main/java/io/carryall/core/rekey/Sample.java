package io.carryall.core.rekey;

import io.carryall.core.item.SourceItem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether a target folder holds what a source folder holds, as far as a sample tells: the first and the last items of the source, and some spread over those between. Feed it in this order: {@link #source} with each item that would be
 * copied, {@link #sourceTraits} of those of {@link #sourceUids}, {@link #target} with each message of the target folder, {@link #targetTraits} of those of {@link #targetUids}. Keeps some hundred items, however many there are. For one thread.
 */
public final class Sample {
    private static final int EDGE_ITEMS = 50;
    private static final int SPREAD_ITEMS = 100;
    /** So many messages are looked at, at most, for one size or one date. */
    private static final int ALIKE_MAX = 4;
    /** Fewer that are merely {@link #likely} say nothing, however small the sample is. */
    private static final int LIKELY_MIN = 3;

    private final List<SourceItem> first = new ArrayList<>();
    private final ArrayDeque<SourceItem> last = new ArrayDeque<>();
    private List<SourceItem> spread = new ArrayList<>();
    private long between;
    private long stride = 1;

    private final Set<String> headers = new HashSet<>();
    private final Set<Long> exact = new HashSet<>();
    private final Set<Long> dated = new HashSet<>();
    private final Map<Long, Integer> looks = new HashMap<>();
    private final Set<Long> candidates = new LinkedHashSet<>();
    private final ArrayDeque<Long> lastTargets = new ArrayDeque<>();
    private int edge;
    private int sampled;

    private final Set<Long> certain = new TreeSet<>();
    private final Set<Long> likely = new TreeSet<>();

    public void source(SourceItem item) {
        if (first.size() < EDGE_ITEMS) {
            first.add(item);
            return;
        }
        last.addLast(item);
        if (last.size() > EDGE_ITEMS) {
            spread(last.removeFirst());
        }
    }

    private void spread(SourceItem item) {
        if (between++ % stride != 0) {
            return;
        }
        spread.add(item);
        if (spread.size() > SPREAD_ITEMS) {
            List<SourceItem> sparser = new ArrayList<>();
            for (int i = 0; i < spread.size(); i += 2) {
                sparser.add(spread.get(i));
            }
            spread = sparser;
            stride *= 2;
        }
    }

    public List<Long> sourceUids() {
        List<Long> uids = new ArrayList<>();
        List.of(first, spread, last).forEach(part -> part.forEach(item -> uids.add(item.uid())));
        return uids;
    }

    public void sourceTraits(Traits item) {
        sampled++;
        looks.put(sizeKey(item.item()), 0);
        if (item.named()) {
            headers.add(item.headers());
        }
        if (item.item().hasDate()) {
            looks.put(dateKey(item.item()), 0);
            looks.put(item.measures(), 0);
            exact.add(item.exact());
        }
        if (item.named() && item.item().hasDate()) {
            dated.add(Hashes.of(item.originHash(), item.item().dateEpochSecond()));
        }
    }

    private static long sizeKey(SourceItem item) {
        return Hashes.of(4, item.sizeBytes());
    }

    private static long dateKey(SourceItem item) {
        return Hashes.of(5, item.dateEpochSecond());
    }

    /** In the order of UIDs. What has neither size nor date of a sampled item is only looked at if it is among the first or the last. */
    public void target(SourceItem message) {
        boolean both = message.hasDate() && isWanted(Hashes.of(message.sizeBytes(), message.dateEpochSecond()));
        boolean date = message.hasDate() && isWanted(dateKey(message));
        boolean size = isWanted(sizeKey(message));
        if (both || date || size || edge++ < EDGE_ITEMS) {
            candidates.add(message.uid());
        } else {
            lastTargets.addLast(message.uid());
            if (lastTargets.size() > EDGE_ITEMS) {
                lastTargets.removeFirst();
            }
        }
    }

    private boolean isWanted(long key) {
        Integer looked = looks.get(key);
        if (looked == null || looked >= ALIKE_MAX) {
            return false;
        }
        looks.put(key, looked + 1);
        return true;
    }

    public List<Long> targetUids() {
        List<Long> uids = new ArrayList<>(candidates);
        uids.addAll(lastTargets);
        return uids;
    }

    public void targetTraits(Traits message) {
        if (message.item().hasDate() && exact.contains(message.exact()) || message.named() && headers.contains(message.headers())) {
            certain.add(message.item().uid());
        } else if (message.named() && message.item().hasDate() && dated.contains(Hashes.of(message.originHash(), message.item().dateEpochSecond()))) {
            likely.add(message.item().uid());
        }
    }

    /** How many items of the source were looked for. */
    public int sampled() {
        return sampled;
    }

    /** Messages of the target with all identifying headers of a sampled item; where it has no Message-ID, with its size and date, too. */
    public Set<Long> certain() {
        return certain;
    }

    /**
     * Messages that are a sampled item but for a Received that was put above its own, with its date to the second. A copy that some tools make looks so, and so does mail that was delivered to both systems: a few of these say nothing.
     */
    public Set<Long> likely() {
        return likely;
    }

    /** Whether these messages, of those that are alike, say that the source was copied here before. One is enough, but see {@link #likely()}: of these it takes a quarter of the sample, and three. */
    public boolean saysCopied(Set<Long> unexplained) {
        long unexplainedLikely = likely.stream().filter(unexplained::contains).count();
        return certain.stream().anyMatch(unexplained::contains) || unexplainedLikely >= LIKELY_MIN && unexplainedLikely * 4 >= sampled;
    }
}
