package io.carryall.testkit.mail;

import io.carryall.testkit.dovecot.Dovecot;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * For measurements: one large mailbox, made cheaply. The first folder gets its messages by APPEND, the others get them by COPY on the server, which on Dovecot's mdbox writes no message again. Messages are tiny: what is measured with them does not read them.
 *
 * <pre>
 * FillByCopy --port N --user NAME [--folders N] [--messages N]     so many messages in all
 * FillByCopy --port N --user NAME --new N [--folders N]            so many new messages, dated later, over the first folders
 * </pre>
 */
public final class FillByCopy {
    private static final Map<String, String> DEFAULTS = Map.of("--port", "", "--user", "", "--folders", "500", "--messages", "1000000", "--new", "0", "--password", Dovecot.PASSWORD);
    private static final OffsetDateTime OLD = OffsetDateTime.parse("2024-05-06T07:08:09+02:00");
    private static final OffsetDateTime NEW = OffsetDateTime.parse("2025-11-12T13:14:15+01:00");
    private static final int BATCH = 500;

    private FillByCopy() {
    }

    public static void main(String[] arguments) {
        Map<String, String> options = new HashMap<>(DEFAULTS);
        for (int i = 0; i < arguments.length; i += 2) {
            if (!DEFAULTS.containsKey(arguments[i]) || i + 1 == arguments.length) {
                throw new IllegalArgumentException("not understood: " + arguments[i]);
            }
            options.put(arguments[i], arguments[i + 1]);
        }
        int folders = Integer.parseInt(options.get("--folders"));
        int fresh = Integer.parseInt(options.get("--new"));
        long begun = System.nanoTime();
        try (PlainImap imap = PlainImap.login(Dovecot.HOST, Integer.parseInt(options.get("--port")), options.get("--user"), options.get("--password"))) {
            if (fresh > 0) {
                arrive(imap, fresh, folders);
            } else {
                fill(imap, folders, Integer.parseInt(options.get("--messages")) / folders);
            }
        }
        System.out.printf("filled in %,d ms%n", (System.nanoTime() - begun) / 1_000_000);
    }

    private static String folder(int number) {
        return "Archive/" + String.format("%04d", number);
    }

    private static void fill(PlainImap imap, int folders, int messages) {
        imap.create(folder(0));
        for (int from = 0; from < messages; from += BATCH) {
            imap.append(folder(0), mails("old", from, Math.min(BATCH, messages - from), OLD));
        }
        for (int folder = 1; folder < folders; folder++) {
            imap.create(folder(folder));
            imap.examine(folder(0));
            imap.copy("1:*", folder(folder));
        }
    }

    private static void arrive(PlainImap imap, int messages, int folders) {
        // A second call brings others.
        String kind = "new " + Long.toHexString(System.nanoTime());
        for (int folder = 0; folder < folders; folder++) {
            int from = messages * folder / folders;
            imap.append(folder(folder), mails(kind, from, messages * (folder + 1) / folders - from, NEW));
        }
    }

    private static List<Mail> mails(String kind, int from, int count, OffsetDateTime date) {
        List<Mail> mails = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            mails.add(Mail.of(kind + " " + i).at(date.plusSeconds(i)));
        }
        return mails;
    }
}
