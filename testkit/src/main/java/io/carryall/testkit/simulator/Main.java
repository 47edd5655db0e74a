package io.carryall.testkit.simulator;

import io.carryall.testkit.simulator.Simulation.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** {@code SEED} replays one seed, event by event; {@code --seeds N [--from K]} runs many on all processors. {@code --mutation NAME} does on purpose what must not be done. Exits 1 when a promise was broken. */
public final class Main {
    private static final int FAILURES_MAX = 5;
    private static final int PROGRESS_SEEDS = 10_000;

    private Main() {}

    public static void main(String[] arguments) throws InterruptedException {
        long from = 1;
        long seeds = 0;
        Long seed = null;
        Mutation mutation = Mutation.NONE;
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--seeds" -> seeds = Long.parseLong(arguments[++i]);
                case "--from" -> from = Long.parseLong(arguments[++i]);
                case "--mutation" -> mutation = Mutation.valueOf(arguments[++i]);
                default -> seed = Long.parseLong(arguments[i]);
            }
        }
        boolean sound = seed != null ? replay(seed, mutation) : many(from, seeds == 0 ? 1_000 : seeds, mutation);
        System.exit(sound ? 0 : 1);
    }

    private static boolean replay(long seed, Mutation mutation) {
        Outcome outcome = Simulation.replay(seed, mutation);
        System.out.println(outcome.violation() == null ? "seed " + seed + ": every promise was kept in " + outcome.events() + " events" : "seed " + seed + ": " + outcome.violation());
        return outcome.violation() == null;
    }

    private static boolean many(long from, long seeds, Mutation mutation) throws InterruptedException {
        AtomicLong next = new AtomicLong(from);
        AtomicInteger failures = new AtomicInteger();
        AtomicLong events = new AtomicLong();
        AtomicLong beyond = new AtomicLong();
        AtomicLong ran = new AtomicLong();
        long started = System.nanoTime();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            threads.add(new Thread(() -> {
                for (long seed = next.getAndIncrement(); seed < from + seeds && failures.get() < FAILURES_MAX; seed = next.getAndIncrement()) {
                    Outcome outcome = Simulation.run(seed, mutation);
                    if (ran.incrementAndGet() % PROGRESS_SEEDS == 0) {
                        System.err.println(ran.get() + " seeds so far");
                    }
                    events.addAndGet(outcome.events());
                    beyond.addAndGet(outcome.doubledBeyondTheLimit());
                    if (outcome.violation() != null) {
                        failures.incrementAndGet();
                        tell(outcome);
                    }
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        double minutes = (System.nanoTime() - started) / 60e9;
        System.out.printf("%d seeds from %d, %d events, %.0f seeds a minute: %d broke a promise; doubled beyond the limit: %d messages%n", ran.get(), from, events.get(), ran.get() / minutes, failures.get(), beyond.get());
        return failures.get() == 0 && ran.get() == seeds;
    }

    private static synchronized void tell(Outcome outcome) {
        outcome.trace().forEach(System.out::println);
        System.out.println("seed " + outcome.seed() + ": " + outcome.violation());
        System.out.println("replay it with: ./dev simulate " + outcome.seed());
    }
}
