package io.carryall.core.follow;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Where a migration that is followed stands: which mailboxes are due for a pass, and how far each lags behind. Moments are milliseconds of one monotonic clock, handed in. Immutable.
 */
public final class Following {
    private final Map<String, Course> courses;
    private final long restsUntilMillis;

    /**
     * One mailbox.
     *
     * @param carriedMillis the moment whose state of the source is on the target as a whole; negative: none yet
     * @param waitMillis    how long it was left alone the last time
     * @param failures      in a row
     * @param reason        why the last pass over it stopped; null where it did not
     */
    private record Course(long carriedMillis, long dueMillis, long waitMillis, int failures, String reason) {
        static final Course NEW = new Course(-1, Long.MIN_VALUE, 0, 0, null);

        Course after(PassEnd pass, PairEnd end) {
            if (end.reason() != null) {
                long wait = Pace.afterFailure(end.reason(), failures + 1);
                return new Course(carriedMillis, pass.endedMillis + wait, wait, failures + 1, end.reason());
            }
            long wait = Pace.afterSuccess(end.changed(), waitMillis, pass.endedMillis - pass.begunMillis);
            return pass.resumed ? new Course(carriedMillis, pass.endedMillis, 0, 0, null) : new Course(pass.begunMillis, pass.endedMillis + wait, failures > 0 ? Pace.SHORTEST_MILLIS : wait, 0, null);
        }

        /** A mailbox at rest that is due soon goes along with those that are due now: fewer passes for the same lag. */
        boolean goesAlong(long nowMillis) {
            return dueMillis <= nowMillis + (reason == null ? waitMillis / 2 : 0);
        }
    }

    /**
     * What became of a mailbox in a pass that came to its end.
     *
     * @param changed whether something was copied
     * @param reason  why it stopped; null where it finished
     */
    public record PairEnd(boolean changed, String reason) {
        public PairEnd and(PairEnd other) {
            return new PairEnd(changed || other.changed, reason == null ? other.reason : reason);
        }
    }

    /**
     * A pass that came to its end.
     *
     * @param begunMillis before it was asked for: what the sources held then, it has carried over
     * @param resumed     whether it had begun earlier: then nobody knows when its scans were, and nothing is said of the lag
     */
    public record PassEnd(long begunMillis, long endedMillis, boolean resumed, Map<String, PairEnd> pairs) {}

    /** What to do now. */
    public sealed interface Next {
        /** A pass over these mailboxes, of {@code all}. */
        record Pass(List<String> mailboxes, boolean all) implements Next {}

        /** Nothing is due before. */
        record Wait(long millis) implements Next {}
    }

    private Following(Map<String, Course> courses, long restsUntilMillis) {
        this.courses = courses;
        this.restsUntilMillis = restsUntilMillis;
    }

    /** Of none of these anything is known: all are due. */
    public static Following of(Collection<String> mailboxes) {
        Map<String, Course> courses = new LinkedHashMap<>();
        mailboxes.forEach(mailbox -> courses.put(mailbox, Course.NEW));
        return new Following(courses, Long.MIN_VALUE);
    }

    public Next next(long nowMillis) {
        long due = courses.values().stream().mapToLong(Course::dueMillis).min().orElse(Long.MAX_VALUE);
        long begins = Math.max(due, restsUntilMillis);
        if (begins > nowMillis) {
            return new Next.Wait(begins - nowMillis);
        }
        List<String> mailboxes = new ArrayList<>();
        courses.forEach((mailbox, course) -> {
            if (course.goesAlong(nowMillis)) {
                mailboxes.add(mailbox);
            }
        });
        return new Next.Pass(mailboxes, mailboxes.size() == courses.size());
    }

    /** Mailboxes that it does not tell of are left as they were. */
    public Following after(PassEnd pass) {
        Map<String, Course> next = new LinkedHashMap<>(courses);
        pass.pairs.forEach((mailbox, end) -> next.computeIfPresent(mailbox, (same, course) -> course.after(pass, end)));
        return new Following(next, pass.resumed ? restsUntilMillis : pass.endedMillis + Pace.SHORTEST_MILLIS);
    }

    /** How old the state of the source is that the target has as a whole; empty before the first. */
    public OptionalLong lagMillis(String mailbox, long nowMillis) {
        Course course = courses.get(mailbox);
        return course == null || course.carriedMillis < 0 ? OptionalLong.empty() : OptionalLong.of(Math.max(0, nowMillis - course.carriedMillis));
    }

    /** The longest lag of all; empty as long as one is not known. */
    public OptionalLong lagMillis(long nowMillis) {
        long oldest = courses.values().stream().mapToLong(Course::carriedMillis).min().orElse(-1);
        return oldest < 0 ? OptionalLong.empty() : OptionalLong.of(Math.max(0, nowMillis - oldest));
    }

    /** Why the mailbox is left alone for longer; null where it is not. */
    public String reason(String mailbox) {
        Course course = courses.get(mailbox);
        return course == null ? null : course.reason;
    }

    /** Until the mailbox is due; 0 where it is. */
    public long dueInMillis(String mailbox, long nowMillis) {
        Course course = courses.get(mailbox);
        return course == null || course.dueMillis <= nowMillis ? 0 : course.dueMillis - nowMillis;
    }

    public List<String> mailboxes() {
        return List.copyOf(courses.keySet());
    }

    /** Those that a failure keeps out of the passes for now. */
    public List<String> heldBack() {
        return courses.entrySet().stream().filter(entry -> entry.getValue().reason != null).map(Map.Entry::getKey).toList();
    }
}
