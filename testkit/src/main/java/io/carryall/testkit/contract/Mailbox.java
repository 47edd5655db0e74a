package io.carryall.testkit.contract;

import java.util.List;
import java.util.Set;

import io.carryall.testkit.mail.Mail;
import io.carryall.testkit.mail.MailboxSnapshot;

/**
 * The other way into a mailbox: how a test arranges what is in it and sees what became of it, without the sessions that it tests. Paths are decoded, {@code /} between
 * levels; {@code INBOX} and nothing else exists at first, as far as the server lets us.
 */
public interface Mailbox {
    /** Makes the folder; those above it that are not there come to be as well, and hold no messages. */
    void create(String path);

    void subscribe(String path);

    /** Takes a folder away that has no others below it. */
    void delete(String path);

    /** UIDs in the order of the messages. */
    List<Long> append(String path, Mail... mails);

    void expunge(String path, long uid);

    /** Sets and removes flags of one message. */
    void flag(String path, long uid, Set<String> add, Set<String> remove);

    MailboxSnapshot snapshot();
}
