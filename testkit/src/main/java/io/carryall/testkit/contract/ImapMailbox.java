package io.carryall.testkit.contract;

import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

import io.carryall.testkit.dovecot.Dovecot;
import io.carryall.testkit.mail.Mail;
import io.carryall.testkit.mail.MailboxSnapshot;
import io.carryall.testkit.mail.PlainImap;

/** A mailbox on a real server, by a connection of its own for each step. */
public final class ImapMailbox implements Mailbox {
    private final Supplier<PlainImap> login;

    public ImapMailbox(Dovecot server, String user) {
        this(() -> PlainImap.login(server, user));
    }

    /** On a server of any kind. */
    public ImapMailbox(Supplier<PlainImap> login) {
        this.login = login;
    }

    @Override
    public void create(String path) {
        with(imap -> {
            imap.create(imap.namespace().name(path));
            return null;
        });
    }

    @Override
    public void subscribe(String path) {
        with(imap -> {
            imap.subscribe(imap.namespace().name(path));
            return null;
        });
    }

    @Override
    public void delete(String path) {
        with(imap -> {
            imap.delete(imap.namespace().name(path));
            return null;
        });
    }

    @Override
    public List<Long> append(String path, Mail... mails) {
        return with(imap -> imap.append(imap.namespace().name(path), mails));
    }

    @Override
    public void expunge(String path, long uid) {
        with(imap -> {
            imap.select(imap.namespace().name(path));
            imap.expunge(Long.toString(uid));
            return null;
        });
    }

    @Override
    public void flag(String path, long uid, Set<String> add, Set<String> remove) {
        with(imap -> {
            imap.select(imap.namespace().name(path));
            if (!add.isEmpty()) {
                imap.addFlags(Long.toString(uid), add.toArray(String[]::new));
            }
            if (!remove.isEmpty()) {
                imap.removeFlags(Long.toString(uid), remove.toArray(String[]::new));
            }
            return null;
        });
    }

    @Override
    public MailboxSnapshot snapshot() {
        return with(MailboxSnapshot::of);
    }

    private <T> T with(Function<PlainImap, T> work) {
        try (PlainImap imap = login.get()) {
            return work.apply(imap);
        }
    }
}
