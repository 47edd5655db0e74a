package io.carryall.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** A pass under faults, and the comparison of both servers after it. */
final class Round {
    private static final Duration ROUND_MAX = Duration.ofMinutes(7);
    private static final int PAUSE_MILLIS_MAX = 1_500;
    private static final int DIFFERENCES_SHOWN_MAX = 12;

    private final Stage stage;
    private final Mailboxes mailboxes;
    private final List<Fault> plan;
    private final Random random;
    private final Tally tally;
    private volatile boolean givenUp;

    Round(Stage stage, Mailboxes mailboxes, List<Fault> plan, Random random, Tally tally) {
        this.stage = stage;
        this.mailboxes = mailboxes;
        this.plan = plan;
        this.random = random;
        this.tally = tally;
    }

    /**
     * @param already messages that an earlier pass of these mailboxes has moved
     * @return the faults that it did not come to: their point was not passed any more, or the pass was over
     */
    List<Fault> run(long already) {
        stage.slowDown(random);
        CompletableFuture<JsonNode> result = CompletableFuture.supplyAsync(() -> new Driver(stage, mailboxes).drive(() -> givenUp), work -> daemon(work).start());
        List<Fault> missed = new ArrayList<>();
        for (Fault fault : plan) {
            // The first one lies in wait from the beginning.
            if (!strike(fault, fault == plan.get(0) ? 0 : random.nextInt(PAUSE_MILLIS_MAX), result)) {
                missed.add(fault);
            }
        }
        stage.calm();
        finish(result, already);
        return missed;
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "chaos-operator");
        thread.setDaemon(true);
        return thread;
    }

    private boolean strike(Fault fault, long afterMillis, CompletableFuture<JsonNode> result) {
        if (result.isDone()) {
            return false;
        }
        Waiting.pause(afterMillis);
        long began = System.nanoTime();
        boolean struck = fault.strike(stage, random, result::isDone);
        stage.say(mailboxes.prefix() + ": " + fault.words() + (struck ? "" : " (did not come to it)") + ", " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began) + " ms");
        if (struck) {
            tally.struck(fault.words());
        }
        return struck;
    }

    private void finish(CompletableFuture<JsonNode> result, long already) {
        try {
            long began = System.nanoTime();
            JsonNode json = result.get(ROUND_MAX.toMillis(), TimeUnit.MILLISECONDS);
            stage.say(mailboxes.prefix() + ": done " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began) + " ms after the last fault");
            check(json, already);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.TimeoutException e) {
            givenUp = true;
            tally.problem(mailboxes.prefix() + ": not done " + ROUND_MAX.toSeconds() + " s after the last fault");
        } catch (java.util.concurrent.ExecutionException | CompletionException e) {
            tally.problem(mailboxes.prefix() + ": " + e.getCause());
        }
        compare(already);
    }

    private void check(JsonNode json, long already) {
        long found = json.path("found").asLong();
        long sum = json.path("migrated").asLong() + json.path("alreadyThere").asLong() + json.path("excluded").asLong() + json.path("failed").asLong() + json.path("pending").asLong();
        if (found != sum || found != mailboxes.messages() + already || json.path("failed").asLong() != 0 || json.path("pending").asLong() != 0) {
            tally.problem(mailboxes.prefix() + ": of " + (mailboxes.messages() + already) + " messages the result says " + brief(json));
        }
        json.path("pairs").forEach(pair -> pair.path("failures").forEach(failure -> {
            if (failure.path("reason").asText().equals("ambiguous")) {
                tally.ambiguous(1);
            }
        }));
    }

    private static String brief(JsonNode json) {
        String text = json.toString();
        return text.substring(0, Math.min(2_000, text.length()));
    }

    private void compare(long already) {
        Comparison comparison = mailboxes.compare();
        tally.round(mailboxes.messages(), comparison);
        // What was settled since the last look at the copiers counts too.
        stage.copiers().forEach(Service::sample);
        tally.settled(stage.groupsSettled());
        comparison.differences().stream().limit(DIFFERENCES_SHOWN_MAX).forEach(difference -> tally.problem(mailboxes.prefix() + ": " + difference));
        stage.say(mailboxes.prefix() + ": " + (mailboxes.messages() + already) + " messages, lost " + comparison.lost() + ", doubled " + comparison.doubled());
    }
}
