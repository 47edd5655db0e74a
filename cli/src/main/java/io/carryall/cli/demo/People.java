package io.carryall.cli.demo;

import io.carryall.testkit.mail.GeneratedMail;
import io.carryall.testkit.mail.Mail;
import io.carryall.testkit.mail.MailFiller;
import io.carryall.testkit.mail.MailGenerator;
import io.carryall.testkit.mail.MailProfile;
import io.carryall.testkit.mail.PlainImap;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The people whose mail is moved: what they have, and what they do meanwhile. Everything is the same in every demo. */
public final class People {
    public static final List<String> NAMES = List.of("ann", "ben", "cleo", "dan", "eve");
    public static final int MESSAGES_EACH = 200;
    /** What everybody does between the two passes. */
    public static final int NEW_EACH = 10;
    public static final int MOVED_EACH = 3;
    public static final int DELETED_EACH = 2;
    public static final int COPIED_EACH = 4;

    private static final MailGenerator MAIL = new MailGenerator(MailProfile.SMALL, 1);

    private People() {
    }

    public static String address(String name) {
        return name + "@old.example";
    }

    public static void fill(DemoServers servers) {
        for (int user = 0; user < NAMES.size(); user++) {
            try (PlainImap imap = servers.logInAtSource(address(NAMES.get(user)))) {
                new MailFiller(imap).createFolders();
                receive(imap, user, 0, MESSAGES_EACH);
            }
        }
    }

    /** New mail arrives; some is filed away, some deleted for good, some copied. Flags of messages that were copied are left alone: a migration carries their changes over only where it says {@code flags: follow}. */
    public static void work(DemoServers servers) {
        for (int user = 0; user < NAMES.size(); user++) {
            try (PlainImap imap = servers.logInAtSource(address(NAMES.get(user)))) {
                receive(imap, user, MESSAGES_EACH, NEW_EACH);
                imap.select("INBOX");
                List<Long> uids = imap.uids();
                String filed = PlainImap.set(uids.subList(0, MOVED_EACH));
                imap.copy(filed, imap.namespace().name("Archive/2023"));
                String deleted = PlainImap.set(uids.subList(MOVED_EACH, MOVED_EACH + DELETED_EACH));
                imap.addFlags(filed + "," + deleted, "\\Deleted");
                imap.expunge(filed + "," + deleted);
                imap.copy(PlainImap.set(uids.subList(MOVED_EACH + DELETED_EACH, MOVED_EACH + DELETED_EACH + COPIED_EACH)), imap.namespace().name("Archive/2024/Q3"));
            }
        }
    }

    private static void receive(PlainImap imap, int user, int from, int count) {
        Map<String, List<Mail>> byFolder = new LinkedHashMap<>();
        for (GeneratedMail generated : MAIL.mails(user, from, count)) {
            byFolder.computeIfAbsent(generated.folder(), folder -> new ArrayList<>()).add(notAtNoon(generated.mail()));
        }
        byFolder.forEach((folder, mails) -> imap.append(imap.namespace().name(folder), mails));
    }

    /** GreenMail reads 12 o'clock of an APPEND as midnight, and tells dates in the zone of this machine. */
    private static Mail notAtNoon(Mail mail) {
        OffsetDateTime here = mail.internalDate().atZoneSameInstant(ZoneId.systemDefault()).toOffsetDateTime();
        return here.getHour() == 12 ? mail.at(here.plusHours(1)) : mail.at(here);
    }
}
