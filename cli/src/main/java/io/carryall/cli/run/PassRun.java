package io.carryall.cli.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carryall.cli.stack.ControlClient;
import io.carryall.cli.stack.ControlClient.Reply;
import io.carryall.cli.stack.Stack;
import io.carryall.cli.stack.StackFailure;
import io.carryall.core.migration.MigrationSpec;
import io.carryall.json.MigrationJson;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One pass as the control service sees it. */
public final class PassRun {
    private static final Duration WAIT = Duration.ofSeconds(1);
    private static final Duration BUSY_INTERVAL = Duration.ofSeconds(2);
    private static final Duration INTERRUPT_PATIENCE = Duration.ofSeconds(8);
    private static final int MOST_LOST_REPLIES = 20;
    private static final int MOST_ORPHANS = 5;

    private final Stack stack;
    private final String path;

    private PassRun(Stack stack, String migration, long pass) {
        this.stack = stack;
        this.path = "/api/migrations/" + ControlClient.segment(migration) + "/passes/" + pass;
    }

    /** What a pass does with what it finds. */
    public enum Mode {
        COPY,
        /** First takes into the ledger what is on the target already. */
        ADOPT,
        /** Copies nothing. */
        DRY_RUN
    }

    /** What became of the wish to begin a pass. */
    public sealed interface Begun {
    }

    /**
     * @param changes     of the migration since the pass before; of one that is resumed: since it began
     * @param askedMillis the monotonic clock before it was asked for
     */
    public record Accepted(PassRun run, long pass, String kind, boolean resumed, JsonNode changes, long askedMillis) implements Begun {
    }

    /** The migration is running. */
    public record Busy(String detail) implements Begun {
    }

    /** The server finds the migration wrong. */
    public record Wrong(List<String> messages) implements Begun {
    }

    /**
     * @param spec the migration over its whole list
     * @param part the source mailboxes that are meant; empty: all
     */
    public static Begun begin(Stack stack, MigrationSpec spec, List<String> part, Mode mode) throws StackFailure, InterruptedException {
        long askedMillis = nowMillis();
        return begun(stack, spec, post(stack, body(spec, part, mode)), askedMillis);
    }

    private static long nowMillis() {
        return System.nanoTime() / 1_000_000;
    }

    private static Begun begun(Stack stack, MigrationSpec spec, Reply reply, long askedMillis) throws StackFailure {
        if (reply.status() == 409) {
            return new Busy(reply.detail());
        }
        if (reply.status() == 400) {
            List<String> messages = reply.body().path("errors").findValuesAsText("message");
            return new Wrong(messages.isEmpty() ? List.of(reply.detail()) : messages);
        }
        if (!reply.succeeded()) {
            throw new StackFailure("the stack did not begin a pass: " + reply.detail());
        }
        long pass = reply.body().path("pass").asLong();
        return new Accepted(new PassRun(stack, spec.migration(), pass), pass, reply.body().path("kind").asText(), reply.body().path("resumed").asBoolean(), reply.body().path("changes"), askedMillis);
    }

    /** Goes on with the pass that was paused or interrupted; {@link Wrong} where there is none. */
    public static Begun resume(Stack stack, MigrationSpec spec) throws StackFailure, InterruptedException {
        Reply reply = post(stack, "{\"spec\":" + new MigrationJson().write(spec) + ",\"resume\":true}");
        boolean nothing = reply.status() == 409 && reply.body().at("/error/reason").asText().equals("nothing-to-resume");
        return nothing ? new Wrong(List.of(reply.detail())) : begun(stack, spec, reply, nowMillis());
    }

    private static String body(MigrationSpec spec, List<String> part, Mode mode) {
        // The spec is JSON already, and may be long: it is set in as it is.
        ObjectNode rest = JsonNodeFactory.instance.objectNode();
        part.forEach(rest.putArray("mailboxes")::add);
        rest.put("dryRun", mode == Mode.DRY_RUN).put("adopt", mode == Mode.ADOPT);
        return "{\"spec\":" + new MigrationJson().write(spec) + "," + rest.toString().substring(1);
    }

    private static Reply post(Stack stack, String body) throws StackFailure, InterruptedException {
        try {
            return stack.client().postSlow("/api/passes", body);
        } catch (IOException e) {
            throw lost(stack, e);
        }
    }

    /** Until no pass of the migration is running: the one who asks has found it busy. */
    public static Begun beginWhenFree(Stack stack, MigrationSpec spec, List<String> part, Mode mode, Consumer<String> busy) throws StackFailure, InterruptedException {
        boolean told = false;
        while (true) {
            Begun begun = begin(stack, spec, part, mode);
            if (!(begun instanceof Busy waiting)) {
                return begun;
            }
            if (!told) {
                told = true;
                busy.accept(waiting.detail());
            }
            TimeUnit.MILLISECONDS.sleep(BUSY_INTERVAL.toMillis());
        }
    }

    /**
     * For a command that knows that no other command runs this migration: a pass that is running all the same was left behind by one that was killed. It is stopped, and begun again, which resumes it.
     */
    public static Begun beginInsteadOfOrphan(Stack stack, MigrationSpec spec, List<String> part, Mode mode, Consumer<String> orphan) throws StackFailure, InterruptedException {
        Begun begun = begin(stack, spec, part, mode);
        for (int attempt = 0; attempt < MOST_ORPHANS && begun instanceof Busy busy; attempt++) {
            orphan.accept(busy.detail());
            stopNewest(stack, spec.migration());
            begun = begin(stack, spec, part, mode);
        }
        return begun;
    }

    private static void stopNewest(Stack stack, String migration) throws StackFailure, InterruptedException {
        try {
            Reply newest = stack.client().get("/api/migrations/" + ControlClient.segment(migration));
            if (newest.succeeded() && newest.body().path("state").asText().equals("running")) {
                new PassRun(stack, migration, newest.body().path("pass").asLong()).interrupt(newest.body());
            } else {
                TimeUnit.SECONDS.sleep(1);
            }
        } catch (IOException e) {
            throw lost(stack, e);
        }
    }

    /** Follows the pass to its end and gives its result. */
    public JsonNode follow(Consumer<JsonNode> progress) throws StackFailure, InterruptedException {
        long revision = 0;
        int lost = 0;
        while (true) {
            try {
                Reply reply = stack.client().await(path + "?wait=" + WAIT.toSeconds() + "&since=" + revision, WAIT);
                if (!reply.succeeded()) {
                    throw new StackFailure("the stack lost sight of the pass: " + reply.detail());
                }
                lost = 0;
                revision = reply.body().path("revision").asLong();
                progress.accept(reply.body());
                if (!reply.body().path("state").asText().equals("running")) {
                    return reply.body().path("result");
                }
            } catch (IOException e) {
                if (stack.gone() || ++lost > MOST_LOST_REPLIES) {
                    throw lost(stack, e);
                }
                TimeUnit.MILLISECONDS.sleep(500);
            }
        }
    }

    /** Stops the pass at its next safe point and gives what stands then, within seconds. Called by an interrupted thread, whose mark has been cleared. */
    public JsonNode interrupt(JsonNode lastResult) throws InterruptedException {
        long deadline = System.nanoTime() + INTERRUPT_PATIENCE.toNanos();
        JsonNode newest = lastResult;
        try {
            stack.client().post(path + "/interrupt", "{}");
            while (System.nanoTime() < deadline) {
                Reply reply = stack.client().get(path);
                newest = reply.succeeded() ? reply.body().path("result") : newest;
                if (!reply.body().path("state").asText().equals("running")) {
                    break;
                }
                TimeUnit.MILLISECONDS.sleep(100);
            }
        } catch (IOException e) {
            // the stack is gone: what it said last is what we know
        }
        return newest.isObject() ? ((ObjectNode) newest.deepCopy()).put("state", "interrupted") : newest;
    }

    private static StackFailure lost(Stack stack, IOException e) {
        return new StackFailure("the stack at " + stack.url() + (stack.gone() ? " has ended" : " does not answer (" + e.getClass().getSimpleName() + ")") + ": run the same command again, it goes on where it stopped");
    }
}
