package io.carryall.core.rekey;

import io.carryall.core.fold.UidSet;
import io.carryall.core.item.Fingerprint;
import io.carryall.core.item.Fingerprinter;
import io.carryall.core.item.PassId;
import io.carryall.core.item.SourceItem;
import io.carryall.core.port.Items.Done;
import io.carryall.core.port.Items.How;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Decides which items of a folder were done under other UIDs. Feed it in this order: {@link #already}, {@link #former} (the newest state first), {@link #item} for each item of the folder as it is now,
 * then {@link #content} for each of {@link #doubtful}. About 80 bytes for each former fact, and as many for each item that is not recognised at once. For one thread.
 */
public final class Rekey {
    private static final String NO_HEADERS = Fingerprinter.ofHeaderLines(new byte[0], 0).fingerprint().headers();
    private static final int NONE = -1;

    private final UidSet alreadyDone = new UidSet();
    private final LongSet heirs = new LongSet();
    private final LongSet ofThisState = new LongSet();
    private final List<Integer> ends = new ArrayList<>();

    private int count;
    private long[] uids = new long[64];
    private long[] exact = new long[64];
    private long[] headers = new long[64];
    private long[] measures = new long[64];
    private long[] contents = new long[64];
    private final UidSet taken = new UidSet();
    private Chains byExact;

    private final List<Open> open = new ArrayList<>();
    private Chains byContent;
    private long recognised;
    private long unknown;

    private record Open(SourceItem item, long headers, long measures) {}

    /**
     * An item that was done under another UID, as far as hashes can tell.
     *
     * @param state     which of the former states, counted from 0 as they were fed
     * @param formerUid its UID there
     * @param headers   by which it was recognised; null: by contents
     * @param content   null: by headers
     */
    public record Match(SourceItem item, int state, long formerUid, String headers, String content) {

        /** What is written of the item, given the fact of its former self; empty where the hashes misled. */
        public Optional<Done> heirOf(Done former, PassId pass) {
            Fingerprint print = former.fingerprint();
            boolean same = content != null ? content.equals(print.content())
                    : headers.equals(print.headers()) && item.sizeBytes() == print.sizeBytes() && item.dateEpochSecond() == print.dateEpochSecond();
            return same ? Optional.of(new Done(item.uid(), pass, How.REKEYED, print, former.target(), former.targetUidValidity(), former.targetUid(), former.flags(), former.dropped())) : Optional.empty();
        }
    }

    /** A fact of the folder as it is now: written by an attempt that did not come to its end. */
    public void already(Done fact) {
        alreadyDone.add(fact.uid());
        ofThisState.add(identity(fact));
    }

    /** A fact of the former state with that number. Those of one state come one after the other, by UID. */
    public void former(int state, Done fact) {
        while (ends.size() <= state) {
            endState();
        }
        long identity = identity(fact);
        boolean sameCopyTwice = fact.targetUid() != 0 && ofThisState.contains(identity);
        if (sameCopyTwice || heirs.contains(identity)) {
            ofThisState.add(identity);
            return;
        }
        ofThisState.add(identity);
        grow();
        Fingerprint print = fact.fingerprint();
        uids[count] = fact.uid();
        headers[count] = Hashes.of(1, print.headers());
        measures[count] = Hashes.of(print.sizeBytes(), print.dateEpochSecond());
        exact[count] = Hashes.of(measures[count], print.headers());
        contents[count] = Hashes.of(2, print.content());
        count++;
        ends.set(state, count);
    }

    private void endState() {
        foldIn();
        ends.add(count);
    }

    /** What one state has is what its elders passed on to it. */
    private void foldIn() {
        ofThisState.forEach(heirs::add);
        ofThisState.clear();
    }

    /** Where the target tells UIDs, a copy is known by its own; else copies of one message are told apart by counting. */
    private long identity(Done fact) {
        Fingerprint print = fact.fingerprint();
        long item = Hashes.of(Hashes.of(print.sizeBytes(), print.dateEpochSecond()), print.headers() + print.content());
        if (fact.targetUid() != 0) {
            return Hashes.of(Hashes.of(item, fact.targetUidValidity()), fact.target() + " " + fact.targetUid());
        }
        return Hashes.of(item, counted(item));
    }

    /** How many of it this state has so far: they are numbered from 0 without a gap, so the end is found by doubling and halving. A folder may hold nothing but one and the same message. */
    private int counted(long item) {
        int high = 0;
        while (ofThisState.contains(Hashes.of(item, high))) {
            high = high * 2 + 1;
        }
        int low = high / 2;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ofThisState.contains(Hashes.of(item, middle))) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private void grow() {
        if (count == uids.length) {
            int room = count * 2;
            uids = Arrays.copyOf(uids, room);
            exact = Arrays.copyOf(exact, room);
            headers = Arrays.copyOf(headers, room);
            measures = Arrays.copyOf(measures, room);
            contents = Arrays.copyOf(contents, room);
        }
    }

    /** Whether there is nothing that could be recognised. */
    public boolean isEmpty() {
        return count == 0;
    }

    /** @param digest of its headers, see {@link Fingerprint#headers()} */
    public Optional<Match> item(SourceItem item, String digest) {
        if (alreadyDone.contains(item.uid())) {
            recognised++;
            return Optional.empty();
        }
        if (byExact == null) {
            byExact = new Chains(exact, count, at -> true);
        }
        boolean identified = !digest.equals(NO_HEADERS);
        long measure = Hashes.of(item.sizeBytes(), item.dateEpochSecond());
        int at = identified ? byExact.take(Hashes.of(measure, digest)) : NONE;
        if (at == NONE) {
            open.add(new Open(item, identified ? Hashes.of(1, digest) : 0, measure));
            unknown++;
            return Optional.empty();
        }
        return Optional.of(take(at, item, digest, null));
    }

    private Match take(int at, SourceItem item, String digest, String content) {
        taken.add(at);
        recognised++;
        int state = 0;
        while (ends.get(state) <= at) {
            state++;
        }
        return new Match(item, state, uids[at], digest, content);
    }

    /** What has the headers, or both size and date, of something that was done, and is not recognised: contents decide. */
    public List<SourceItem> doubtful() {
        Chains byHeaders = new Chains(headers, count, this::isFree);
        Chains byMeasures = new Chains(measures, count, this::isFree);
        byContent = new Chains(contents, count, this::isFree);
        open.removeIf(one -> !byHeaders.contains(one.headers) && !byMeasures.contains(one.measures));
        return open.stream().map(Open::item).toList();
    }

    private boolean isFree(int at) {
        return !taken.contains(at);
    }

    /** @param digest of all of its content, see {@link Fingerprint#content()} */
    public Optional<Match> content(SourceItem item, String digest) {
        int at = byContent.take(Hashes.of(2, digest));
        if (at == NONE) {
            return Optional.empty();
        }
        unknown--;
        return Optional.of(take(at, item, null, digest));
    }

    /** A match that turned out to be none. */
    public void misled() {
        recognised--;
        unknown++;
    }

    /** How many items were recognised, by attempts before as well. */
    public long recognised() {
        return recognised;
    }

    /** How many were not. */
    public long unknown() {
        return unknown;
    }
}
