package io.carryall.testkit.fake;

import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import io.carryall.core.migration.FolderPath;
import io.carryall.core.port.SourceSession.MailFolder;
import io.carryall.core.port.TargetSession.Position;
import io.carryall.core.record.FolderStatus;
import io.carryall.testkit.contract.Mailbox;
import io.carryall.testkit.mail.Mail;
import io.carryall.testkit.mail.MailboxSnapshot;

/** One mailbox of a {@link FakeMailServer}. Thread-safe: one lock a mailbox. */
final class FakeMailbox implements Mailbox {
    static final String DELIMITER = "|";

    private final Map<String, FakeFolder> folders = new LinkedHashMap<>();
    private final Set<String> subscribed = new HashSet<>();
    private long nextUidValidity = 4_000_000_000L;
    private long quotaBytes = Long.MAX_VALUE;

    FakeMailbox() {
        createRaw("INBOX");
    }

    /** @param flags without Recent */
    record Message(long uid, Set<String> flags, OffsetDateTime date, byte[] content, long modSeq) { }

    private static final class FakeFolder {
        long uidValidity;
        long uidNext = 1;
        long modSeq = 1;
        boolean selectable = true;
        String specialUse;
        String mailboxId;
        final List<Message> messages = new ArrayList<>();
        final Set<Long> unreadable = new HashSet<>();

        void add(Mail mail) {
            messages.add(new Message(uidNext++, mail.flags(), mail.internalDate(), mail.content(), ++modSeq));
        }
    }

    static String raw(String path) {
        return String.join(DELIMITER, FolderPath.parse(path).levels());
    }

    static String path(String raw) {
        return new FolderPath(Arrays.asList(raw.split("\\|"))).toString();
    }

    // Folders

    synchronized boolean createRaw(String raw) {
        FakeFolder there = folders.get(raw);
        if (there != null && there.selectable) {
            return false;
        }
        for (int at = raw.indexOf(DELIMITER); at > 0; at = raw.indexOf(DELIMITER, at + 1)) {
            folders.computeIfAbsent(raw.substring(0, at), above -> {
                FakeFolder parent = new FakeFolder();
                parent.selectable = false;
                return parent;
            });
        }
        FakeFolder made = new FakeFolder();
        made.uidValidity = nextUidValidity++;
        folders.put(raw, made);
        return true;
    }

    synchronized void subscribeRaw(String raw) {
        subscribed.add(raw);
    }

    synchronized List<MailFolder> list() {
        return folders.entrySet().stream().map(one -> new MailFolder(one.getKey(), path(one.getKey()), one.getValue().specialUse, one.getValue().selectable, subscribed.contains(one.getKey()))).toList();
    }

    synchronized Optional<FolderStatus> status(String raw) {
        return folder(raw).map(folder -> new FolderStatus(folder.uidValidity, folder.uidNext, folder.modSeq, folder.messages.size(), folder.mailboxId));
    }

    synchronized Optional<Position> position(String raw) {
        return folder(raw).map(folder -> new Position(folder.uidValidity, folder.uidNext));
    }

    /** The messages from a UID on; empty when there is no such folder. */
    synchronized Optional<List<Message>> messages(String raw, long fromUid) {
        return folder(raw).map(folder -> folder.messages.stream().filter(message -> message.uid() >= fromUid).toList());
    }

    synchronized boolean isUnreadable(String raw, long uid) {
        return folder(raw).map(folder -> folder.unreadable.contains(uid)).orElse(false);
    }

    private Optional<FakeFolder> folder(String raw) {
        return Optional.ofNullable(folders.get(raw)).filter(folder -> folder.selectable);
    }

    private FakeFolder required(String path) {
        return folder(raw(path)).orElseThrow(() -> new IllegalArgumentException("no folder " + path));
    }

    // Messages

    synchronized boolean hasRoomFor(long bytes) {
        long held = folders.values().stream().flatMap(folder -> folder.messages.stream()).mapToLong(message -> message.content().length).sum();
        return held + bytes <= quotaBytes;
    }

    /** All of them at once; their UIDs, or empty where there is no such folder. */
    synchronized Optional<List<Long>> store(String raw, List<Mail> mails) {
        return folder(raw).map(folder -> {
            long first = folder.uidNext;
            mails.forEach(folder::add);
            List<Long> uids = new ArrayList<>();
            for (long uid = first; uid < folder.uidNext; uid++) {
                uids.add(uid);
            }
            return uids;
        });
    }

    /** Sets and removes flags of one message, unless it changed since that state; false if so, or if it is gone. */
    synchronized boolean flag(String raw, long uid, Set<String> add, Set<String> remove, long unchangedSince) {
        FakeFolder folder = folders.get(raw);
        for (int i = 0; folder != null && i < folder.messages.size(); i++) {
            Message message = folder.messages.get(i);
            if (message.uid() == uid && message.modSeq() <= unchangedSince) {
                Set<String> flags = new TreeSet<>(message.flags());
                flags.addAll(add);
                flags.removeAll(remove);
                folder.messages.set(i, new Message(uid, flags, message.date(), message.content(), ++folder.modSeq));
                return true;
            }
        }
        return false;
    }

    // For tests

    @Override
    public void flag(String path, long uid, Set<String> add, Set<String> remove) {
        flag(raw(path), uid, add, remove, Long.MAX_VALUE);
    }

    @Override
    public void create(String path) {
        createRaw(raw(path));
    }

    @Override
    public void subscribe(String path) {
        subscribeRaw(raw(path));
    }

    @Override
    public synchronized void delete(String path) {
        folders.remove(raw(path));
    }

    @Override
    public List<Long> append(String path, Mail... mails) {
        return store(raw(path), List.of(mails)).orElseThrow(() -> new IllegalArgumentException("no folder " + path));
    }

    @Override
    public synchronized void expunge(String path, long uid) {
        FakeFolder folder = required(path);
        folder.messages.removeIf(message -> message.uid() == uid);
        folder.modSeq++;
    }

    @Override
    public synchronized MailboxSnapshot snapshot() {
        Map<String, MailboxSnapshot.Folder> all = new TreeMap<>();
        folders.forEach((raw, folder) -> {
            if (folder.selectable) {
                all.put(path(raw), new MailboxSnapshot.Folder(folder.uidValidity, folder.uidNext,
                        folder.messages.stream().map(message -> MailboxSnapshot.Item.of(message.uid(), message.flags(), message.date().toInstant(), message.content())).toList()));
            }
        });
        return new MailboxSnapshot(all, subscribed.stream().map(FakeMailbox::path).collect(Collectors.toCollection(TreeSet::new)));
    }

    synchronized void quotaBytes(long bytes) {
        quotaBytes = bytes;
    }

    synchronized void unreadable(String path, long uid) {
        required(path).unreadable.add(uid);
    }

    synchronized void renumber(String path) {
        FakeFolder folder = required(path);
        List<Message> messages = List.copyOf(folder.messages);
        folder.messages.clear();
        folder.unreadable.clear();
        folder.uidValidity = nextUidValidity++;
        folder.uidNext = 1;
        messages.forEach(message -> folder.add(new Mail(message.flags(), message.date(), message.content())));
    }

    synchronized void specialUse(String path, String use) {
        required(path).specialUse = use;
    }

    synchronized void mailboxId(String path, String id) {
        required(path).mailboxId = id;
    }

    synchronized void rename(String from, String to) {
        FakeFolder folder = required(from);
        folders.remove(raw(from));
        createRaw(raw(to));
        folders.put(raw(to), folder);
    }

    synchronized void uidValidity(String path, long uidValidity) {
        required(path).uidValidity = uidValidity;
    }

    synchronized void rollBack(String path) {
        FakeFolder folder = required(path);
        folder.messages.clear();
        folder.uidNext = 1;
        folder.modSeq = 1;
    }
}
