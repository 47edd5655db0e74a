package io.carryall.imap;

import io.carryall.core.item.SourceItem;
import io.carryall.core.port.MailException;
import io.carryall.core.port.MailException.Kind;
import io.carryall.core.port.SourceSession;
import io.carryall.core.record.FolderStatus;
import io.carryall.imap.FolderCommands.Opened;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** A source mailbox on an IMAP server. Folders are opened with EXAMINE, bodies fetched with BODY.PEEK: nothing in it changes. */
final class ImapSource implements SourceSession {
    private final ImapConnection connection;
    private final FolderCommands folders;
    private String openName;
    private Opened opened;

    ImapSource(ImapConnection connection) throws MailException {
        this.connection = connection;
        this.folders = FolderCommands.on(connection);
    }

    @Override
    public List<MailFolder> folders() throws MailException {
        return folders.list();
    }

    @Override
    public Map<String, FolderStatus> statuses(List<String> rawNames) throws MailException {
        return folders.statuses(rawNames);
    }

    @Override
    public void enumerate(String rawName, long uidValidity, long fromUid, Consumer<SourceItem> items) throws MailException {
        openName = null;   // EXISTS and UIDNEXT must be those of now
        open(rawName, uidValidity);
        if (opened.exists() == 0 || opened.uidNext() > 0 && fromUid >= opened.uidNext()) return;
        Enumeration all = new Enumeration(fromUid, items);
        Reply reply = all.ask("(UID RFC822.SIZE INTERNALDATE)");
        // a message that can't be measured must not be lost: its UID alone is enough to copy it
        if (!reply.isOk() || fromUid <= 1 && all.met.count() < opened.exists()) {
            Reply second = all.ask("(UID)");
            if (!second.isOk()) throw second.failure(Kind.REFUSED, "listing messages");
        }
        all.handOverBare();
    }

    /** Replies of one enumeration. Those with neither size nor date are flags that changed meanwhile, or messages that the server can't measure: they are kept back to the end. */
    private final class Enumeration implements ImapConnection.Untagged {
        private final long fromUid;
        private final Consumer<SourceItem> items;
        private final FetchReply fetched = new FetchReply();
        private final UidTally met = new UidTally();
        private final Set<Long> bare = new TreeSet<>();

        Enumeration(long fromUid, Consumer<SourceItem> items) {
            this.fromUid = fromUid;
            this.items = items;
        }

        Reply ask(String what) throws MailException {
            Reply reply = connection.command("UID FETCH " + Math.max(fromUid, 1) + ":* " + what, this);
            if (!reply.isOk() && reply.asksForTime()) throw reply.failure(Kind.REFUSED, "listing messages");
            return reply;
        }

        @Override
        public void data(String name, long number, WireInput in) throws IOException {
            if (!name.equals("FETCH")) return;
            try {
                fetched.read(in, NO_BODY);
            } finally {
                take(fetched.uid(), fetched.sizeBytes(), fetched.date());
            }
        }

        private void take(long uid, long sizeBytes, InternalDate date) {
            // n:* names the last message, even one below n
            if (uid == 0 || uid < fromUid) return;
            if (sizeBytes < 0 && date.raw().isEmpty()) bare.add(uid);
            else if (met.add(uid)) items.accept(new SourceItem(uid, Math.max(0, sizeBytes), seconds(date)));
        }

        void handOverBare() {
            for (long uid : bare) if (met.add(uid)) items.accept(new SourceItem(uid, 0, SourceItem.NO_DATE));
        }
    }

    private static long seconds(InternalDate date) {
        return date.value() == null ? SourceItem.NO_DATE : date.value().toEpochSecond();
    }

    @Override
    public void fetch(String rawName, long uidValidity, List<Long> uids, Receiver receiver) throws MailException {
        open(rawName, uidValidity);
        if (!uids.isEmpty()) MessageFetch.run(connection, uids, receiver);
    }

    /** A folder that is open stays open, and keeps its UIDVALIDITY while it is. */
    private void open(String rawName, long uidValidity) throws MailException {
        if (!rawName.equals(openName)) {
            openName = null;
            opened = folders.examine(rawName);
            openName = rawName;
        }
        if (opened.uidValidity() != uidValidity) {
            throw new MailException(Kind.FOLDER_CHANGED, "the folder's UIDVALIDITY is " + opened.uidValidity() + ", not " + uidValidity);
        }
    }

    @Override
    public boolean isAlive() {
        return connection.isAlive();
    }

    @Override
    public void close() {
        connection.logout();
    }

    static final FetchReply.Body NO_BODY = new FetchReply.Body() {
        @Override
        public void take(long uid, long length, WireInput in) throws IOException {
            if (length > 0) in.discard(length);
        }

        @Override
        public void take(long uid, byte[] bytes) {
        }
    };
}
