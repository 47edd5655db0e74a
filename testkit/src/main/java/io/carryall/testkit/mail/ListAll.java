package io.carryall.testkit.mail;

import io.carryall.testkit.dovecot.Dovecot;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * For measurements: what a server needs to list UID, size and date of each message of a mailbox, with a client that does nothing with them. Prints seconds.
 *
 * <pre>ListAll --port N --user NAME</pre>
 */
public final class ListAll {
    private ListAll() {
    }

    public static void main(String[] arguments) {
        Map<String, String> options = new HashMap<>(Map.of("--password", Dovecot.PASSWORD));
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            options.put(arguments[i], arguments[i + 1]);
        }
        try (PlainImap imap = PlainImap.login(Dovecot.HOST, Integer.parseInt(options.get("--port")), options.get("--user"), options.get("--password"))) {
            long begun = System.nanoTime();
            for (PlainImap.ListedFolder folder : imap.list()) {
                if (folder.selectable() && imap.examine(folder.name()).messages() > 0) {
                    imap.execute("UID FETCH 1:* (RFC822.SIZE INTERNALDATE)", response -> { });
                }
            }
            System.out.printf(Locale.ROOT, "%.2f%n", (System.nanoTime() - begun) / 1e9);
        }
    }
}
