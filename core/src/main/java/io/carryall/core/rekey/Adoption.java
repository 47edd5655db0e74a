package io.carryall.core.rekey;

import io.carryall.core.fold.UidSet;
import io.carryall.core.item.Fingerprint;
import io.carryall.core.item.SourceItem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;

/**
 * Decides which items of a source folder are on the target already, as a counted, ordered multiset: each message of the target is one item's at most. Feed it in this order: {@link #message} for each message of the target
 * folder, {@link #keepOnly} what is nobody's, {@link #inDoubt}, {@link #done}, {@link #item} for each item that is not done, {@link #messageRead} for each of {@link #messagesToRead}, {@link #itemRead} for each of {@link #itemsToRead} (both are asked for
 * first), then take {@link #matched} and {@link #unclear}. About 110 bytes for a message of the target, and 300 for an item that is not recognised at first sight and
 * resembles one; of those that resemble none nothing is kept. For one thread.
 */
public final class Adoption {
    private static final int NONE = -1;

    private int count;
    private long[] uids = new long[64];
    private long[] exact = new long[64];
    private long[] origins = new long[64];
    private long[] measures = new long[64];
    private long[] headers = new long[64];
    private long[] contents;
    private long[] bodies;
    private final UidSet taken = new UidSet();
    private Chains byExact;
    private Alike alike;
    private long strangers;

    private final List<Open> open = new ArrayList<>();
    private final Map<Long, Open> read = new HashMap<>();
    private final long[] counts = new long[How.values().length];

    /** An item that no message of the target is at first sight. 0: it has no such trait, or it was not read. */
    private static final class Open {
        private final SourceItem item;
        private final String headers;
        private final long originHash;
        private final long measures;
        private final boolean named;
        private String contentText = "";
        private long content;
        private long body;

        private Open(Traits traits) {
            item = traits.item();
            headers = traits.headers();
            originHash = traits.origin().isEmpty() ? 0 : traits.originHash();
            measures = traits.measures();
            named = traits.named();
        }
    }

    /** An item that may just have been appended, or was on its way when the ledger was saved: its message has that UID or a higher one. */
    public record InDoubt(long fromUid, String headers) {}

    /** What items have in common with messages that were free before the first item came. */
    private record Alike(Chains origins, Chains measures, Chains bare) {
        boolean has(Open one) {
            return one.originHash != 0 && origins.contains(one.originHash) || one.measures != 0 && (one.originHash == 0 ? measures : bare).contains(one.measures);
        }
    }

    /** By what an item was recognised. */
    public enum How {
        /** Size, date and all identifying headers. */
        SAME,
        /** All of its contents; its date or its line ends are other ones. */
        CONTENTS,
        /** The identifying headers but for Received, and the whole body: other headers were added to it, or taken from it. */
        BODY
    }

    /**
     * @param headers digest of the item's own
     * @param content digest of the item's own contents; empty where they were not read
     */
    public record Match(SourceItem item, String headers, String content, long targetUid, How how) {}

    /** An item of which a message of the target has the Message-ID and the other headers, but not the body: it may be the item as somebody changed it, or another state of it. */
    public record Unclear(SourceItem item, long targetUid) {}

    /** In the order of UIDs; one that comes out of it is one that the server could not describe, and nothing could be said of it. */
    public void message(Traits message) {
        if (count > 0 && message.item().uid() <= uids[count - 1]) {
            return;
        }
        if (count == uids.length) {
            int room = count * 2;
            uids = Arrays.copyOf(uids, room);
            exact = Arrays.copyOf(exact, room);
            origins = Arrays.copyOf(origins, room);
            measures = Arrays.copyOf(measures, room);
            headers = Arrays.copyOf(headers, room);
        }
        uids[count] = message.item().uid();
        exact[count] = message.origin().isEmpty() ? 0 : message.exact();
        origins[count] = message.origin().isEmpty() ? 0 : message.originHash();
        measures[count] = message.measures();
        headers[count] = headersHash(message.headers());
        count++;
    }

    /** Leaves out the messages that are somebody's already, once all of them have been told. */
    public void keepOnly(LongPredicate isNobodys) {
        for (int at = 0; at < count; at++) {
            if (!isNobodys.test(uids[at])) {
                taken.add(at);
            }
        }
    }

    private static long headersHash(String headers) {
        return Hashes.of(6, headers);
    }

    /** The first message that can be one of these is left to it, as who settles it would; and no other, since what stands behind it may be anything. After {@link #keepOnly}. */
    public void inDoubt(List<InDoubt> items) {
        Map<Long, List<Long>> waiting = new HashMap<>();
        items.forEach(item -> waiting.computeIfAbsent(headersHash(item.headers()), hash -> new ArrayList<>()).add(item.fromUid()));
        for (int at = 0; at < count && !waiting.isEmpty(); at++) {
            List<Long> fromUids = isFree(at) ? waiting.getOrDefault(headers[at], List.of()) : List.of();
            long uid = uids[at];
            Optional<Long> first = fromUids.stream().filter(from -> from <= uid).findFirst();
            if (first.isPresent()) {
                fromUids.remove(first.get());
                taken.add(at);
            }
        }
    }

    /**
     * An item that is done, and of whose message the target did not tell the UID: one that is the same is left to it. After {@link #keepOnly}.
     */
    public void done(Fingerprint print) {
        int at = byExact().take(Hashes.of(Hashes.of(print.sizeBytes(), print.dateEpochSecond()), print.headers()));
        if (at != NONE) {
            taken.add(at);
        }
    }

    private Chains byExact() {
        byExact = byExact == null ? new Chains(exact, count, at -> isFree(at) && exact[at] != 0) : byExact;
        return byExact;
    }

    /** Whether there is nothing that an item could be. */
    public boolean isNeedless() {
        return free() == 0;
    }

    /** In the order of UIDs. What bears no Message-ID is never recognised at first sight: what a program sends every second looks alike, and is not. */
    public Optional<Match> item(Traits item) {
        alike = alike == null ? alike() : alike;
        int at = !item.named() || !item.item().hasDate() ? NONE : byExact().take(item.exact());
        if (at == NONE) {
            keep(new Open(item));
            return Optional.empty();
        }
        take(at, How.SAME);
        return Optional.of(new Match(item.item(), item.headers(), "", uids[at], How.SAME));
    }

    private Alike alike() {
        return new Alike(new Chains(origins, count, at -> isFree(at) && origins[at] != 0), new Chains(measures, count, at -> isFree(at) && measures[at] != 0),
                new Chains(measures, count, at -> isFree(at) && measures[at] != 0 && origins[at] == 0));
    }

    /** What resembles nothing is new, and is not asked about again. */
    private void keep(Open one) {
        if (alike.has(one)) {
            open.add(one);
        } else {
            strangers++;
        }
    }

    private void take(int at, How how) {
        taken.add(at);
        counts[how.ordinal()]++;
    }

    private boolean isFree(int at) {
        return !taken.contains(at);
    }

    /** Items that have the headers of a message that is still free; or its size and date, where one of the two shows no headers. */
    public List<SourceItem> itemsToRead() {
        Alike stillFree = alike();
        List<SourceItem> items = new ArrayList<>();
        for (Open one : open) {
            if (stillFree.has(one)) {
                read.put(one.item.uid(), one);
                items.add(one.item);
            }
        }
        return items;
    }

    /** Free messages that have the headers of an item that is still open; or its size and date, where one of the two shows no headers. */
    public List<Long> messagesToRead() {
        LongSet itsOrigins = new LongSet();
        LongSet itsMeasures = new LongSet();
        LongSet bare = new LongSet();
        for (Open one : open) {
            itsOrigins.add(one.originHash);
            itsMeasures.add(one.measures);
            if (one.originHash == 0) {
                bare.add(one.measures);
            }
        }
        contents = new long[count];
        bodies = new long[count];
        List<Long> messages = new ArrayList<>();
        for (int at = 0; at < count; at++) {
            boolean alike = origins[at] != 0 && itsOrigins.contains(origins[at]);
            if (isFree(at) && (alike || measures[at] != 0 && (origins[at] == 0 ? itsMeasures : bare).contains(measures[at]))) {
                messages.add(uids[at]);
            }
        }
        return messages;
    }

    public void messageRead(Fingerprints.Print print) {
        int at = Arrays.binarySearch(uids, 0, count, print.uid());
        if (at >= 0) {
            contents[at] = Hashes.of(2, print.fingerprint().content());
            bodies[at] = Hashes.of(origins[at], print.body());
        }
    }

    public void itemRead(Fingerprints.Print print) {
        Open one = read.get(print.uid());
        if (one != null) {
            one.contentText = print.fingerprint().content();
            one.content = Hashes.of(2, print.fingerprint().content());
            one.body = Hashes.of(one.originHash, print.body());
        }
    }

    /** What was recognised by being read: first what is the same to the byte, then what only has other headers around the same body. */
    public List<Match> matched() {
        List<Match> matches = new ArrayList<>();
        Chains byContent = new Chains(contents, count, at -> isFree(at) && contents[at] != 0);
        open.removeIf(one -> one.content != 0 && matched(byContent.take(one.content), one, How.CONTENTS, matches));
        Chains byBody = new Chains(bodies, count, at -> isFree(at) && bodies[at] != 0 && origins[at] != 0);
        open.removeIf(one -> one.body != 0 && one.originHash != 0 && matched(byBody.take(one.body), one, How.BODY, matches));
        return matches;
    }

    private boolean matched(int at, Open one, How how, List<Match> matches) {
        if (at == NONE) {
            return false;
        }
        take(at, how);
        matches.add(new Match(one.item, one.headers, one.contentText, uids[at], how));
        return true;
    }

    /** Open items that resemble a free message so much that nobody can say that they are not on the target. All that resemble it, since nobody can say which one it is. */
    public List<Unclear> unclear() {
        Chains byOrigin = new Chains(origins, count, at -> isFree(at) && origins[at] != 0);
        List<Unclear> unclear = new ArrayList<>();
        for (Open one : open) {
            int at = one.named ? byOrigin.first(one.originHash) : NONE;
            if (at != NONE) {
                unclear.add(new Unclear(one.item, uids[at]));
            }
        }
        return unclear;
    }

    public long recognised(How how) {
        return counts[how.ordinal()];
    }

    /** Items that no message of the target is. */
    public long open() {
        return open.size() + strangers;
    }

    /** Messages of the target that are no item's: people's own, or what is not on the source any more. */
    public long free() {
        return count - taken.size();
    }
}
