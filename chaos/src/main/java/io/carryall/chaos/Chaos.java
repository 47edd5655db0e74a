package io.carryall.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/** {@code ./dev chaos --minutes N --seed S}: rounds of mail under faults until the time is over. Exits with 1 when anything was lost, doubled, in doubt at the end, or never finished; logs are kept then. */
public final class Chaos {
    private static final int FAULTS_A_ROUND_MAX = 5;
    private static final int USERS = 4;
    private static final int MESSAGES_A_FOLDER = 40;
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");

    private final Random random;
    private final Tally tally;
    private final Stage stage;
    private final Deque<Fault> deck = new ArrayDeque<>();

    private Chaos(long seed, Tally tally, Stage stage) {
        this.random = new Random(seed);
        this.tally = tally;
        this.stage = stage;
    }

    public static void main(String[] arguments) throws IOException {
        long minutes = option(arguments, "--minutes", 10);
        long seed = option(arguments, "--seed", System.nanoTime() & 0xFFFFFF);
        Path directory = Files.createTempDirectory("carryall-chaos");
        // Dovecot's users must be able to pass.
        directory.toFile().setExecutable(true, false);
        System.out.printf("seed %d, %d minutes, logs in %s%n", seed, minutes, directory);
        Tally tally = new Tally();
        boolean clean = run(seed, Duration.ofMinutes(minutes), directory, tally);
        System.out.println(tally.table());
        System.out.printf("%s; seed %d; logs in %s%n", clean ? "every message arrived once" : "FAILED", seed, directory);
        System.exit(clean ? 0 : 1);
    }

    private static long option(String[] arguments, String name, long otherwise) {
        int at = Arrays.asList(arguments).indexOf(name);
        return at < 0 || at + 1 >= arguments.length ? otherwise : Long.parseLong(arguments[at + 1]);
    }

    private static boolean run(long seed, Duration length, Path directory, Tally tally) {
        Stage stage = Stage.set(directory, tally, line -> System.out.println(LocalTime.now().format(CLOCK) + " " + line));
        Thread end = new Thread(stage::close, "chaos-end");
        Runtime.getRuntime().addShutdownHook(end);
        try {
            long deadline = System.nanoTime() + length.toNanos();
            Chaos chaos = new Chaos(seed, tally, stage);
            for (int round = 1; System.nanoTime() < deadline; round++) {
                chaos.round("s" + seed + "r" + round);
            }
            return tally.isClean();
        } finally {
            Runtime.getRuntime().removeShutdownHook(end);
            stage.close();
        }
    }

    /** A first pass, and every other time a delta pass over new mail after it. */
    private void round(String name) {
        Mailboxes mailboxes = new Mailboxes(stage, name, USERS, MESSAGES_A_FOLDER).fill(random);
        pass(mailboxes, 0);
        if (random.nextBoolean()) {
            mailboxes.fill(random);
            pass(mailboxes, mailboxes.messages());
        }
    }

    /** What a pass did not come to is the first thing that the next one meets. */
    private void pass(Mailboxes mailboxes, long already) {
        List<Fault> missed = new Round(stage, mailboxes, plan(), random, tally).run(already);
        for (int last = missed.size() - 1; last >= 0; last--) {
            deck.addFirst(missed.get(last));
        }
    }

    /** Every fault has its turn before one has a second. */
    private List<Fault> plan() {
        List<Fault> plan = new ArrayList<>();
        int faults = 1 + random.nextInt(FAULTS_A_ROUND_MAX);
        while (plan.size() < faults) {
            if (deck.isEmpty()) {
                List<Fault> all = new ArrayList<>(List.of(Fault.values()));
                Collections.shuffle(all, random);
                deck.addAll(all);
            }
            plan.add(deck.poll());
        }
        return plan;
    }
}
