package io.carryall.testkit.mail;

import io.carryall.testkit.dovecot.Dovecot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * For measurements: how long a message that arrives in a mailbox takes until it is in another one. Messages arrive in the source's INBOX at random times, and the target's is looked at ten times a second meanwhile.
 *
 * <pre>Lag --source-port N --target-port N --source USER --target USER [--seconds N] [--every N] [--wait N]</pre>
 *
 * Messages arrive for {@code --seconds}, on average one every {@code --every} seconds. Prints {@code SENT ARRIVED MEDIAN MAX}, times in seconds; what has not arrived {@code --wait} seconds after the last one was sent counts as not arrived.
 */
public final class Lag {
    private static final Map<String, String> DEFAULTS = Map.of("--source-port", "", "--target-port", "", "--source", "", "--target", "", "--seconds", "120", "--every", "4", "--wait", "180");
    private static final long LOOK_MILLIS = 100;
    private static final long SEED = 4711;

    private final PlainImap source;
    private final PlainImap target;
    private final Random random = new Random(SEED);
    private final List<Long> sentNanos = new ArrayList<>();
    private final List<Double> lags = new ArrayList<>();
    private final int before;

    private Lag(PlainImap source, PlainImap target) {
        this.source = source;
        this.target = target;
        this.before = target.examine("INBOX").messages();
    }

    public static void main(String[] arguments) throws InterruptedException {
        Map<String, String> options = new HashMap<>(DEFAULTS);
        for (int i = 0; i < arguments.length; i += 2) {
            if (!DEFAULTS.containsKey(arguments[i]) || i + 1 == arguments.length) {
                throw new IllegalArgumentException("not understood: " + arguments[i]);
            }
            options.put(arguments[i], arguments[i + 1]);
        }
        try (PlainImap source = PlainImap.login(Dovecot.HOST, Integer.parseInt(options.get("--source-port")), options.get("--source"), Dovecot.PASSWORD);
                PlainImap target = PlainImap.login(Dovecot.HOST, Integer.parseInt(options.get("--target-port")), options.get("--target"), Dovecot.PASSWORD)) {
            new Lag(source, target).measure(Long.parseLong(options.get("--seconds")), Double.parseDouble(options.get("--every")), Long.parseLong(options.get("--wait")));
        }
    }

    private void measure(long seconds, double everySeconds, long waitSeconds) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        long last = end + TimeUnit.SECONDS.toNanos(waitSeconds);
        long next = System.nanoTime();
        while (System.nanoTime() < end || lags.size() < sentNanos.size() && System.nanoTime() < last) {
            if (System.nanoTime() >= next && next < end) {
                sentNanos.add(System.nanoTime());
                source.append("INBOX", Mail.of("lag " + sentNanos.size() + " " + end));
                next += (long) ((0.5 + random.nextDouble()) * everySeconds * 1e9);
            }
            look();
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
        List<Double> sorted = lags.stream().sorted().toList();
        System.out.printf(Locale.ROOT, "%d %d %.1f %.1f%n", sentNanos.size(), lags.size(), sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2), sorted.isEmpty() ? 0 : sorted.get(sorted.size() - 1));
    }

    /** They arrive in the order in which they were sent. */
    private void look() {
        int arrived = target.examine("INBOX").messages() - before;
        while (lags.size() < Math.min(arrived, sentNanos.size())) {
            lags.add((System.nanoTime() - sentNanos.get(lags.size())) / 1e9);
        }
    }
}
