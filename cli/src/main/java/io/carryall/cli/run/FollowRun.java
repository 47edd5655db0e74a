package io.carryall.cli.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carryall.cli.stack.Stack;
import io.carryall.cli.stack.StackFailure;
import io.carryall.core.follow.Following.Next;
import io.carryall.core.follow.Pace;
import io.carryall.core.migration.MailboxPair;
import io.carryall.core.migration.MigrationSpec;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Follows a migration: pass after pass until somebody stops it. A stack that is gone is come back to, and pairs that stop hold up nobody. For one thread, which is interrupted by Ctrl-C.
 */
public final class FollowRun {
    private static final long LOOK_MILLIS = 250;
    private static final long BACKOFF_MIN_MILLIS = 1_000;
    private static final long BACKOFF_MAX_MILLIS = 30_000;

    private final MigrationSpec spec;
    private final List<String> part;
    private final Way way;
    private final FollowTally tally;
    private Stack stack;
    private PassRun running;
    private boolean beginning;
    /** A pass was begun that has not come to its end, whether somebody watches it at the moment or not; before the first it is as if. */
    private boolean open = true;
    private JsonNode last = MissingNode.getInstance();
    private long backoffMillis = BACKOFF_MIN_MILLIS;

    /** How passes are begun, and to whom it is told what happens. */
    public interface Way {
        /** The stack to use, before each pass: the one that was used last, or another where that one is gone. Empty where it was stopped, and has not been started again. */
        Optional<Stack> stack(Stack last) throws StackFailure, InterruptedException;

        /** @param first whether this is the first pass */
        PassRun.Begun begin(Stack stack, List<String> mailboxes, boolean first) throws StackFailure, InterruptedException;

        void begun(PassRun.Accepted pass, int mailboxes);

        void progress(JsonNode progress);

        /** @param told how following stands now */
        void ended(JsonNode result, JsonNode told);

        void waiting(JsonNode told);

        void trouble(String what);
    }

    /** What came of it: a result, or the first pass could not be begun. */
    public sealed interface Ended {
        record Followed(JsonNode result) implements Ended {
        }

        record NotBegun(PassRun.Begun why) implements Ended {
        }
    }

    /** @param part the source mailboxes that are meant; empty: all */
    public FollowRun(MigrationSpec spec, List<String> part, Way way) {
        this.spec = spec;
        this.part = part.isEmpty() ? spec.mailboxes().stream().map(MailboxPair::source).distinct().toList() : part;
        this.way = way;
        this.tally = new FollowTally(spec.migration(), this.part, now());
    }

    private static long now() {
        return System.nanoTime() / 1_000_000;
    }

    /**
     * Until it is stopped.
     *
     * @param first the stack to begin on; the one that is used last is closed by whoever gave it ({@link Way#stack})
     */
    public Ended run(Stack first) throws InterruptedException {
        stack = first;
        try (FollowBeat beat = new FollowBeat(spec.migration())) {
            beat.on(stack);
            boolean begun = false;
            while (!beat.stopAsked()) {
                Next next = tally.following().next(now());
                long waitMillis = next instanceof Next.Wait wait ? wait.millis() : 0;
                if (waitMillis > 0) {
                    told(beat, waitMillis);
                    TimeUnit.MILLISECONDS.sleep(Math.min(waitMillis, LOOK_MILLIS));
                    continue;
                }
                Next.Pass due = (Next.Pass) next;
                try {
                    if (!usable(beat)) {
                        continue;
                    }
                    PassRun.Begun answer = begin(due, !begun);
                    if (!(answer instanceof PassRun.Accepted accepted)) {
                        if (!begun) {
                            return new Ended.NotBegun(answer);
                        }
                        trouble(answer instanceof PassRun.Wrong wrong ? String.join("; ", wrong.messages()) : ((PassRun.Busy) answer).detail());
                        continue;
                    }
                    begun = true;
                    String state = pass(accepted, due, beat);
                    if (!state.isEmpty()) {
                        return new Ended.Followed(tally.result(state, now()));
                    }
                } catch (StackFailure e) {
                    trouble(e.getMessage());
                }
            }
            return new Ended.Followed(tally.result(open ? "paused" : "finished", now()));
        } catch (InterruptedException e) {
            return new Ended.Followed(stopped());
        }
    }

    /** Ctrl-C between two passes is the end that following has; during one, the pass is cut. One that lost its stack, and was not gone on with yet, is cut already. */
    private JsonNode stopped() throws InterruptedException {
        if (running == null) {
            return tally.result(beginning || open ? "interrupted" : "finished", now());
        }
        JsonNode cut = running.interrupt(last);
        ObjectNode result = tally.result("interrupted", now());
        result.set("cut", cut);
        return result;
    }

    private boolean usable(FollowBeat beat) throws StackFailure, InterruptedException {
        Optional<Stack> found = way.stack(stack);
        beat.on(found.orElse(null));
        if (found.isEmpty()) {
            trouble("the stack was stopped: waiting until somebody starts it again (Ctrl-C ends following)");
            return false;
        }
        stack = found.get();
        return true;
    }

    private PassRun.Begun begin(Next.Pass due, boolean first) throws StackFailure, InterruptedException {
        boolean whole = due.all() && part.size() == spec.mailboxes().stream().map(MailboxPair::source).distinct().count();
        beginning = true;
        PassRun.Begun begun = way.begin(stack, whole ? List.of() : due.mailboxes(), first);
        beginning = false;
        return begun;
    }

    /** The state in which following ends with it; empty where it goes on. */
    private String pass(PassRun.Accepted accepted, Next.Pass due, FollowBeat beat) throws StackFailure, InterruptedException {
        way.begun(accepted, due.mailboxes().size());
        beat.say(tally.told(now(), -1));
        long begun = accepted.askedMillis();
        running = accepted.run();
        open = true;
        last = MissingNode.getInstance();
        JsonNode result = accepted.run().follow(progress -> {
            last = progress.path("result");
            beat.say(tally.told(now(), -1));
            way.progress(progress);
        });
        running = null;
        backoffMillis = BACKOFF_MIN_MILLIS;
        String state = result.path("state").asText();
        if (state.equals("paused")) {
            return state;
        }
        if (state.equals("interrupted")) {
            trouble("pass " + accepted.pass() + " was interrupted by somebody else, or its stack is stopping: going on with it");
            return "";
        }
        open = false;
        tally.add(result, accepted.resumed(), begun, now());
        way.ended(result, tally.told(now(), Pace.SHORTEST_MILLIS));
        return "";
    }

    private void told(FollowBeat beat, long waitMillis) {
        ObjectNode told = tally.told(now(), waitMillis);
        beat.say(told);
        way.waiting(told);
    }

    private void trouble(String what) throws InterruptedException {
        running = null;
        beginning = false;
        way.trouble(what);
        TimeUnit.MILLISECONDS.sleep(backoffMillis);
        backoffMillis = Math.min(BACKOFF_MAX_MILLIS, backoffMillis * 2);
    }
}
