package io.carryall.verify;

import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * What became of the messages of a folder, decided from what the two servers hold and nothing else. Both sides are counted multisets: each message of the source finds at most one of the target and the other way round, so
 * that true duplicates in the source stay as many as they are. Their order doesn't matter.
 *
 * <p>The most alike find each other first:
 * <ol>
 *   <li>the same content, date and flags; then the same content and date, the same content and flags, the same content;
 *   <li>what is left on the target and has the content of a message of the source that was found before is <em>doubled</em>;
 *   <li>the same Message-ID, or else the same identifying headers, with another content: <em>different</em> by its bytes;
 *   <li>what is left is <em>missing</em> on the source's side and <em>extra</em> on the target's.
 * </ol>
 * <em>The same content</em> means the same digest of all bytes where both were fetched, else the same identifying headers and size. Sizes may differ because a server made line ends canonical, and a server's word on sizes is
 * only advice: messages that would be called missing, different or extra, and could be each other by Message-ID, headers or date, are <em>doubtful</em>. Give their bodies' digests to the {@link Entries} and compare again.
 *
 * <p>Pure; needs 8 bytes a message while it lives and 12 more while it is made.
 */
final class FolderComparison {
    /** How a message of the target differs from its counterpart. */
    enum Aspect {
        BYTES, FLAGS, DATE;

        /** As results say it. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final int NONE = -1;

    private static final List<Key> BY_HEADERS = List.of(
            Key.of(Column.HEADERS, Column.SIZE, Column.DATE, Column.FLAGS),
            Key.of(Column.HEADERS, Column.SIZE, Column.DATE),
            Key.of(Column.STRONG_HEADERS, Column.SIZE, Column.FLAGS),
            Key.of(Column.STRONG_HEADERS, Column.SIZE));
    private static final List<Key> BY_BODY = List.of(
            Key.of(Column.BODY, Column.DATE, Column.FLAGS),
            Key.of(Column.BODY, Column.DATE),
            Key.of(Column.BODY, Column.FLAGS),
            Key.of(Column.BODY));
    private static final List<Key> SAME_CONTENT_BY_HEADERS = List.of(Key.of(Column.STRONG_HEADERS, Column.SIZE), Key.of(Column.HEADERS, Column.SIZE, Column.DATE));
    private static final List<Key> ALTERED = List.of(
            Key.of(Column.MESSAGE_ID, Column.DATE),
            Key.of(Column.MESSAGE_ID),
            Key.of(Column.HEADERS, Column.DATE),
            Key.of(Column.STRONG_HEADERS));
    private static final List<Key> COULD_BE_ANY = List.of(Key.of(Column.MESSAGE_ID), Key.of(Column.STRONG_HEADERS));
    private static final List<Key> COULD_BE_LOST = List.of(Key.of(Column.DATE), Key.of(Column.HEADERS, Column.SIZE));

    private final Entries source;
    private final Entries target;
    private final int[] targetOf;
    private final int[] sourceOf;
    private final BitSet taken = new BitSet();
    private final BitSet doubled = new BitSet();
    private final BitSet altered = new BitSet();
    private final BitSet doubtfulSource = new BitSet();
    private final BitSet doubtfulTarget = new BitSet();

    private FolderComparison(Entries source, Entries target) {
        this.source = source;
        this.target = target;
        this.targetOf = new int[source.size()];
        this.sourceOf = new int[target.size()];
        Arrays.fill(targetOf, NONE);
        Arrays.fill(sourceOf, NONE);
    }

    /** @param bodies the digests of the bodies decide, wherever both sides have them; else headers and sizes do, and bodies only settle doubts */
    static FolderComparison compare(Entries source, Entries target, boolean bodies) {
        FolderComparison comparison = new FolderComparison(source, target);
        if (bodies) {
            comparison.pairUp(BY_BODY, s -> true, t -> true);
            comparison.pairUp(BY_HEADERS, s -> !source.hasBody(s), t -> true);
            comparison.pairUp(BY_HEADERS, s -> true, t -> !target.hasBody(t));
        } else {
            comparison.pairUp(BY_HEADERS, s -> true, t -> true);
            comparison.pairUp(BY_BODY, s -> true, t -> true);
        }
        comparison.findDoubled();
        if (!bodies) {
            comparison.findDoubts();
        }
        comparison.pairUpAltered();
        return comparison;
    }

    private void pairUp(List<Key> keys, IntPredicate sources, IntPredicate targets) {
        for (Key key : keys) {
            join(key, s -> !source.excluded(s) && sources.test(s), targets, false);
            // what a filter leaves out may still explain what the target has
            join(key, s -> source.excluded(s) && sources.test(s), targets, false);
        }
    }

    private void pairUpAltered() {
        ALTERED.forEach(key -> join(key, s -> !source.excluded(s), t -> !doubled.get(t), true));
    }

    private void join(Key key, IntPredicate sources, IntPredicate targets, boolean differentBytes) {
        IntPredicate open = s -> targetOf[s] == NONE && sources.test(s);
        if (taken.cardinality() == target.size() || IntStream.range(0, source.size()).noneMatch(open)) {
            return;
        }
        Index free = new Index(target, key, t -> !taken.get(t) && targets.test(t));
        for (int s = 0; s < source.size(); s++) {
            int t = open.test(s) ? free.take(source, s) : NONE;
            if (t != NONE) {
                targetOf[s] = t;
                sourceOf[t] = s;
                taken.set(t);
                altered.set(s, differentBytes);
            }
        }
    }

    private void findDoubled() {
        markDoubled(Key.of(Column.BODY), s -> true, t -> true);
        for (Key key : SAME_CONTENT_BY_HEADERS) {
            markDoubled(key, s -> !source.hasBody(s), t -> true);
            markDoubled(key, s -> true, t -> !target.hasBody(t));
        }
    }

    private void markDoubled(Key key, IntPredicate sources, IntPredicate targets) {
        IntPredicate open = t -> isLeft(t) && targets.test(t);
        if (IntStream.range(0, target.size()).noneMatch(open)) {
            return;
        }
        Index known = new Index(source, key, sources);
        for (int t = 0; t < target.size(); t++) {
            int twin = open.test(t) ? known.find(target, t) : NONE;
            if (twin != NONE) {
                sourceOf[t] = twin;
                doubled.set(t);
            }
        }
    }

    private boolean isLeft(int t) {
        return !taken.get(t) && !doubled.get(t);
    }

    private void findDoubts() {
        if (IntStream.range(0, target.size()).noneMatch(this::isLeft)) {
            return;
        }
        COULD_BE_ANY.forEach(key -> markDoubtful(key, s -> true));
        COULD_BE_LOST.forEach(key -> markDoubtful(key, s -> targetOf[s] == NONE && !source.excluded(s)));
    }

    private void markDoubtful(Key key, IntPredicate sources) {
        Index left = new Index(target, key, this::isLeft);
        IntStream.range(0, source.size()).filter(s -> sources.test(s) && !source.hasBody(s) && left.find(source, s) != NONE).forEach(doubtfulSource::set);
        Index candidates = new Index(source, key, sources);
        IntStream.range(0, target.size()).filter(t -> isLeft(t) && !target.hasBody(t) && candidates.find(target, t) != NONE).forEach(doubtfulTarget::set);
    }

    /** Messages of the source whose bodies have to be fetched before this can be believed; empty when bodies decided anyway. */
    BitSet doubtfulSource() {
        return doubtfulSource;
    }

    BitSet doubtfulTarget() {
        return doubtfulTarget;
    }

    /** Messages of the source that the target lacks. */
    IntStream missing() {
        return IntStream.range(0, source.size()).filter(s -> targetOf[s] == NONE && !source.excluded(s));
    }

    /** Messages of the target that are there more often than in the source: the surplus. */
    IntStream doubled() {
        return doubled.stream();
    }

    /** Messages of the source whose counterparts are not the same in every aspect. */
    IntStream different() {
        return IntStream.range(0, source.size()).filter(s -> !differences(s).isEmpty());
    }

    /** Messages of the target that have nothing to do with any of the source. */
    IntStream extra() {
        return IntStream.range(0, target.size()).filter(this::isLeft);
    }

    Set<Aspect> differences(int s) {
        Set<Aspect> aspects = EnumSet.noneOf(Aspect.class);
        int t = targetOf[s];
        if (t == NONE || source.excluded(s)) {
            return aspects;
        }
        if (altered.get(s)) {
            aspects.add(Aspect.BYTES);
        }
        if (source.flagSet(s) != target.flagSet(t)) {
            aspects.add(Aspect.FLAGS);
        }
        if (source.hasDate(s) && target.hasDate(t) && source.date(s) != target.date(t)) {
            aspects.add(Aspect.DATE);
        }
        return aspects;
    }

    /** The counterpart of a message of the source, or -1. */
    int targetOf(int s) {
        return targetOf[s];
    }

    /** The message of the source that this one of the target is, or is a double of; or -1. */
    int sourceOf(int t) {
        return sourceOf[t];
    }
}
