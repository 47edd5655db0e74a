package io.carryall.chaos;

import io.carryall.testkit.dovecot.Dovecot;
import io.carryall.testkit.mail.Mail;
import io.carryall.testkit.mail.MailboxSnapshot;
import io.carryall.testkit.mail.PlainImap;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The mail of one round. Every message has a mark in its middle and one at its end, for traps; some are there twice, on purpose. */
record Mailboxes(Stage stage, String prefix, int users, int messagesAFolder) {
    static final String MIDDLE = "middle of the message";
    static final String END = "end of the message";
    private static final List<String> FOLDERS = List.of("INBOX", "Sent", "Archive/2023", "Projects");
    private static final int LARGE_BYTES = 150_000;

    List<String> names() {
        List<String> names = new ArrayList<>();
        for (int user = 0; user < users; user++) {
            names.add(prefix + "u" + user);
        }
        return names;
    }

    static String source(String name) {
        return name + "@old.example";
    }

    static String target(String name) {
        return name + "@new.example";
    }

    /** Appends so many more messages to each folder of each. */
    Mailboxes fill(Random random) {
        for (String name : names()) {
            try (PlainImap imap = PlainImap.login(stage.source(), source(name))) {
                for (String folder : FOLDERS) {
                    imap.ensure(folder);
                    imap.append(folder, mails(random));
                }
            }
        }
        return this;
    }

    private List<Mail> mails(Random random) {
        List<Mail> mails = new ArrayList<>();
        for (int i = 0; i < messagesAFolder; i++) {
            boolean twin = i > 0 && random.nextInt(12) == 0;
            mails.add(twin ? mails.get(random.nextInt(i)) : mail(random, i == messagesAFolder / 2 ? LARGE_BYTES : 400 + random.nextInt(4_000)));
        }
        return mails;
    }

    private static Mail mail(Random random, int bytes) {
        String id = Long.toHexString(random.nextLong());
        StringBuilder text = new StringBuilder("From: a@old.example\r\nTo: b@old.example\r\nSubject: " + id + "\r\nMessage-ID: <" + id + "@old.example>\r\nDate: Mon, 6 May 2024 07:08:09 +0200\r\n\r\n");
        lines(text, random, bytes / 2);
        text.append(MIDDLE).append("\r\n");
        lines(text, random, bytes);
        text.append(END).append("\r\n");
        Mail mail = new Mail(random.nextBoolean() ? java.util.Set.of("\\Seen") : java.util.Set.of(), OffsetDateTime.parse("2020-01-01T00:00:00Z").plusMinutes(random.nextInt(2_000_000)), text.toString().getBytes(StandardCharsets.UTF_8));
        return mail;
    }

    private static void lines(StringBuilder text, Random random, int upTo) {
        while (text.length() < upTo) {
            text.append(Long.toHexString(random.nextLong())).append(' ').append(Long.toHexString(random.nextLong())).append("\r\n");
        }
    }

    long messages() {
        return (long) users * FOLDERS.size() * messagesAFolder;
    }

    Comparison compare() {
        Comparison all = new Comparison(0, 0, List.of());
        for (String name : names()) {
            all = all.and(Comparison.of(look(stage.source(), source(name)), look(stage.target(), target(name))));
        }
        return all;
    }

    private static MailboxSnapshot look(Dovecot server, String user) {
        try (PlainImap imap = PlainImap.loginAsMaster(server, user)) {
            return MailboxSnapshot.of(imap);
        }
    }
}
