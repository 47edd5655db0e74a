package io.carryall.testkit.mail;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import io.carryall.testkit.dovecot.Dovecot;

/**
 * For scripts: fills mailboxes of a server with generated mail over IMAP.
 *
 * <pre>Fill --port N [--profile small|mixed] [--users N] [--messages N] [--from N] [--seed N] [--prefix TEXT] [--password TEXT]</pre>
 *
 * The users are {@code PREFIX0001} and so on; {@code --from} is the index of the first message of each, so that a further call adds new ones.
 */
public final class Fill {
    private static final Map<String, String> DEFAULTS = Map.of("--port", "", "--profile", "small", "--users", "1", "--messages", "1000", "--from", "0", "--seed", "1", "--prefix", "user",
            "--password", Dovecot.PASSWORD);

    private Fill() {
    }

    public static void main(String[] arguments) {
        Map<String, String> options = new HashMap<>(DEFAULTS);
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < arguments.length; i += 2) {
            if (!DEFAULTS.containsKey(arguments[i]) || i + 1 == arguments.length) {
                wrong.add(arguments[i]);
            } else {
                options.put(arguments[i], arguments[i + 1]);
            }
        }
        if (!wrong.isEmpty() || options.get("--port").isEmpty() || !Set.of("small", "mixed").contains(options.get("--profile"))) {
            System.err.println("usage: Fill --port N [--profile small|mixed] [--users N] [--messages N] [--from N] [--seed N] [--prefix TEXT] [--password TEXT]" + (wrong.isEmpty() ? "" : "; not understood: " + wrong));
            System.exit(1);
        }
        fill(options);
    }

    private static void fill(Map<String, String> options) {
        MailGenerator generator = new MailGenerator(MailProfile.valueOf(options.get("--profile").toUpperCase(Locale.ROOT)), Long.parseLong(options.get("--seed")));
        long begun = System.nanoTime();
        long messages = 0;
        long bytes = 0;
        for (int user = 1; user <= Integer.parseInt(options.get("--users")); user++) {
            String name = options.get("--prefix") + String.format("%04d", user);
            try (PlainImap imap = PlainImap.login(Dovecot.HOST, Integer.parseInt(options.get("--port")), name, options.get("--password"))) {
                MailFiller.Filled filled = new MailFiller(imap).createFolders().fill(generator, user, Integer.parseInt(options.get("--from")), Integer.parseInt(options.get("--messages")));
                messages += filled.messages();
                bytes += filled.bytes();
            }
        }
        System.out.printf("filled %,d messages, %,d bytes, in %,d ms%n", messages, bytes, (System.nanoTime() - begun) / 1_000_000);
    }
}
