package io.carryall.imap;

import io.carryall.core.port.Content;
import io.carryall.core.port.MailException;
import io.carryall.core.port.MailboxLogin;
import io.carryall.core.port.Secret;
import io.carryall.core.port.ServerAddress;
import io.carryall.core.port.SourceSession;
import io.carryall.core.port.TargetSession;
import io.carryall.core.port.TargetSession.Outgoing;
import io.carryall.testkit.dovecot.Dovecot;
import io.carryall.testkit.mail.Mail;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the tests of the sessions share. */
final class Boxes {
    static final ImapMailSystem MAIL = new ImapMailSystem(new Timeouts(5_000, 20_000, 20_000));

    private Boxes() {
    }

    static ServerAddress plain(Dovecot server) {
        return plain(server.port());
    }

    static ServerAddress plain(int port) {
        return new ServerAddress(Dovecot.HOST, port, ServerAddress.Security.NONE, null);
    }

    static MailboxLogin login(ServerAddress server, String user) {
        return new MailboxLogin(server, user, user, null, null, new Secret(Dovecot.PASSWORD));
    }

    static SourceSession source(Dovecot server, String user) throws MailException {
        return MAIL.openSource(login(plain(server), user));
    }

    static TargetSession target(Dovecot server, String user) throws MailException {
        return MAIL.openTarget(login(plain(server), user));
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static Outgoing outgoing(byte[] bytes, String... flags) {
        return new Outgoing(Set.of(flags), OffsetDateTime.parse("2024-05-06T07:08:09+02:00"), new Bytes(bytes));
    }

    static Outgoing outgoing(Mail mail) {
        return new Outgoing(mail.flags(), mail.internalDate(), new Bytes(mail.content()));
    }

    /** Everything of a folder of a mailbox, by UID. */
    static Map<Long, Message> read(Dovecot server, String user, String rawName) throws MailException {
        try (SourceSession source = source(server, user)) {
            long uidValidity = source.statuses(List.of(rawName)).get(rawName).uidValidity();
            List<Long> uids = new ArrayList<>();
            source.enumerate(rawName, uidValidity, 1, item -> uids.add(item.uid()));
            Received received = new Received();
            source.fetch(rawName, uidValidity, uids, received);
            return received.messages;
        }
    }

    record Message(byte[] content, Set<String> flags, OffsetDateTime date) {}

    static final class Received implements SourceSession.Receiver {
        final Map<Long, Message> messages = new LinkedHashMap<>();
        final Map<Long, String> unreadable = new LinkedHashMap<>();
        private ByteArrayOutputStream current;

        @Override
        public OutputStream content(long uid) {
            current = new ByteArrayOutputStream();
            return current;
        }

        @Override
        public void fetched(long uid, Set<String> flags, OffsetDateTime date) {
            messages.put(uid, new Message(current.toByteArray(), flags, date));
            current = null;
        }

        @Override
        public void unreadable(long uid, String detail) {
            unreadable.put(uid, detail);
            current = null;
        }
    }

    record Bytes(byte[] all) implements Content {
        @Override
        public long sizeBytes() {
            return all.length;
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(all);
        }

        @Override
        public void close() {
        }
    }
}
