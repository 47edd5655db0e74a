package io.carryall.acceptance;

import io.carryall.testkit.dovecot.Dovecot;
import io.carryall.testkit.mail.Mail;
import io.carryall.testkit.mail.MailFiller;
import io.carryall.testkit.mail.MailGenerator;
import io.carryall.testkit.mail.MailProfile;
import io.carryall.testkit.mail.MailboxSnapshot;
import io.carryall.testkit.mail.PlainImap;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** One mailbox on a mail server, for what people do in it between two passes, and for looking at it without changing anything. */
record Box(Dovecot server, String user) {
    private static final long SEED = 20_240_506;

    /** {@code ann@old.example} on the shared source. */
    static Box source(String name) {
        return new Box(Installation.shared().source(), name + "@old.example");
    }

    /** {@code ann@new.example} on the shared target. */
    static Box target(String name) {
        return new Box(Installation.shared().target(), name + "@new.example");
    }

    Box use(Consumer<PlainImap> work) {
        try (PlainImap imap = PlainImap.login(server, user)) {
            work.accept(imap);
        }
        return this;
    }

    /** Makes the folder where it is missing. */
    Box append(String folder, Mail... mails) {
        return use(imap -> {
            if (!folder.equals("INBOX")) {
                imap.ensure(folder);
            }
            imap.append(folder, mails);
        });
    }

    /** So many small messages, numbered from there on. */
    Box fill(String folder, int from, int count) {
        return append(folder, IntStream.range(from, from + count).mapToObj(i -> Mail.of(user.replaceAll("@.*", "") + " " + folder.replace('/', ' ') + " " + i)).toArray(Mail[]::new));
    }

    /** Realistic mail in twelve folders: the messages {@code from} to {@code from + count - 1} of an endless row. */
    Box generate(int from, int count) {
        return use(imap -> new MailFiller(imap).createFolders().fill(new MailGenerator(MailProfile.SMALL, SEED), Math.floorMod(user.hashCode(), 1_000), from, count));
    }

    /** @param uids a sequence set */
    Box flag(String folder, String uids, String... flags) {
        return use(imap -> {
            imap.select(folder);
            imap.addFlags(uids, flags);
        });
    }

    /** @param uids a sequence set */
    Box unflag(String folder, String uids, String... flags) {
        return use(imap -> {
            imap.select(folder);
            imap.removeFlags(uids, flags);
        });
    }

    MailboxSnapshot look() {
        return Migration.look(server, user);
    }

    int messages() {
        return look().messages();
    }

    List<String> messageIds(String folder) {
        return look().items(folder).stream().map(MailboxSnapshot.Item::messageId).toList();
    }
}
