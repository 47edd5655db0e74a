package io.carryall.verify;

import io.carryall.core.port.MailException;
import io.carryall.core.port.MailException.Kind;
import io.carryall.core.port.MailboxLogin;
import io.carryall.core.port.MailboxReader;
import io.carryall.core.port.MailboxReaders;
import io.carryall.core.port.SourceSession.MailFolder;
import io.carryall.core.port.SourceSession.Receiver;
import io.carryall.core.port.TargetSession.Planned;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** Mailboxes of a server that can be told to misbehave. */
final class MailboxesInMemory implements MailboxReaders {
    final Map<String, Map<String, List<Message>>> mailboxes = new ConcurrentHashMap<>();
    /** What happens next when messages are listed, once each: thrown after the first message. */
    final Deque<MailException> whileListing = new ArrayDeque<>();
    /** Thrown at each login. */
    MailException atLogin;
    Predicate<String> storable = keyword -> true;
    final AtomicInteger logins = new AtomicInteger();
    final List<String> selected = new ArrayList<>();

    record Message(String header, String body, Set<String> flags, boolean readable) {
        static Message of(String id, String body, String... flags) {
            return new Message("Message-ID: <" + id + "@x>\r\n", body, Set.of(flags), true);
        }

        Message unreadable() {
            return new Message(header, body, flags, false);
        }
    }

    MailboxesInMemory with(String mailbox, String folder, Message... messages) {
        mailboxes.computeIfAbsent(mailbox, name -> new TreeMap<>()).put(folder, List.of(messages));
        return this;
    }

    @Override
    public MailboxReader openReader(MailboxLogin login) throws MailException {
        logins.incrementAndGet();
        if (atLogin != null) {
            throw atLogin;
        }
        return new Reader(mailboxes.getOrDefault(login.mailbox(), Map.of()));
    }

    private final class Reader implements MailboxReader {
        private final Map<String, List<Message>> folders;
        private List<Message> open = List.of();

        Reader(Map<String, List<Message>> folders) {
            this.folders = folders;
        }

        @Override
        public List<MailFolder> folders() {
            return folders.keySet().stream().map(name -> new MailFolder(name, name, null, true, true)).toList();
        }

        @Override
        public List<Planned> names(String path) {
            return List.of(new Planned(path, path, null));
        }

        @Override
        public long open(String rawName) throws MailException {
            if (!folders.containsKey(rawName) || folders.get(rawName) == null) {
                throw new MailException(Kind.FOLDER_CHANGED, "gone");
            }
            open = folders.get(rawName);
            return open.size();
        }

        @Override
        public void messages(Messages messages) throws MailException {
            messages(java.util.stream.LongStream.rangeClosed(1, open.size()).boxed().toList(), messages);
        }

        @Override
        public void messages(List<Long> uids, Messages messages) throws MailException {
            for (long uid : uids) {
                Message message = open.get((int) uid - 1);
                messages.message(uid, message.header.length() + message.body.length(), 1_700_000_000L, message.flags, message.header.getBytes(StandardCharsets.UTF_8));
                if (!whileListing.isEmpty()) {
                    throw whileListing.pop();
                }
            }
        }

        @Override
        public void bodies(List<Long> uids, Receiver receiver) {
            uids.forEach(uid -> body(uid, open.get((int) (uid - 1)), receiver));
        }

        private void body(long uid, Message message, Receiver receiver) {
            try (OutputStream to = receiver.content(uid)) {
                to.write((message.header + "\r\n" + message.body).getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            if (message.readable) {
                receiver.fetched(uid, message.flags, null);
            } else {
                receiver.unreadable(uid, "NIL");
            }
        }

        @Override
        public Predicate<String> storableKeywords(String rawName) {
            selected.add(rawName);
            return storable;
        }

        @Override
        public void close() {
        }
    }
}
