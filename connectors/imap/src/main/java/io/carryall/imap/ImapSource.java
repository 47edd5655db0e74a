package io.carryall.imap;

import io.carryall.core.item.Fingerprinter;
import io.carryall.core.item.SourceItem;
import io.carryall.core.port.MailException;
import io.carryall.core.port.MailException.Kind;
import io.carryall.core.port.SourceSession;
import io.carryall.core.record.FolderStatus;
import io.carryall.imap.FolderCommands.Opened;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** A source mailbox on an IMAP server. Folders are opened with EXAMINE, bodies fetched with BODY.PEEK: nothing in it changes. */
final class ImapSource implements SourceSession {
    private static final String MEASURED = "(UID RFC822.SIZE INTERNALDATE)";
    private static final String DESCRIBED = "(UID RFC822.SIZE INTERNALDATE BODY.PEEK[HEADER.FIELDS (" + String.join(" ", Fingerprinter.IDENTIFYING).toUpperCase(Locale.ROOT) + ")])";
    /** What is taken of a message's identifying lines at most; what is longer is cut. */
    private static final int HEADER_BYTES_MAX = 64 * 1024;
    private static final byte[] NO_LINES = {};

    private final ImapConnection connection;
    private final FolderCommands folders;
    private String openName;
    private Opened opened;

    ImapSource(ImapConnection connection) throws MailException {
        this(connection, FolderCommands.on(connection));
    }

    ImapSource(ImapConnection connection, FolderCommands folders) {
        this.connection = connection;
        this.folders = folders;
    }

    @Override
    public List<MailFolder> folders() throws MailException {
        return folders.list();
    }

    @Override
    public Listing listing() throws MailException {
        return folders.listing();
    }

    @Override
    public Map<String, FolderStatus> statuses(List<String> rawNames) throws MailException {
        return folders.statuses(rawNames);
    }

    @Override
    public void enumerate(String rawName, long uidValidity, long fromUid, Consumer<SourceItem> items) throws MailException {
        enumerate(rawName, uidValidity, fromUid, List.of(MEASURED), (item, lines) -> items.accept(item));
    }

    @Override
    public void enumerateHeaders(String rawName, long uidValidity, long fromUid, Headers items) throws MailException {
        enumerate(rawName, uidValidity, fromUid, List.of(DESCRIBED, MEASURED), items);
    }

    @Override
    public void headers(String rawName, long uidValidity, List<Long> uids, Headers items) throws MailException {
        open(rawName, uidValidity);
        Enumeration some = new Enumeration(1, items);
        for (String piece : UidSet.pieces(uids.stream().mapToLong(Long::longValue).sorted().distinct().toArray())) {
            Reply reply = some.ask(piece, DESCRIBED);
            if (!reply.isOk()) some.ask(piece, MEASURED);
        }
    }

    /** From much to little: a message that can't be measured must not be lost, its UID alone is enough to copy it. */
    private void enumerate(String rawName, long uidValidity, long fromUid, List<String> whats, Headers items) throws MailException {
        openName = null;   // EXISTS and UIDNEXT must be those of now
        open(rawName, uidValidity);
        if (opened.exists() == 0 || opened.uidNext() > 0 && fromUid >= opened.uidNext()) return;
        Enumeration all = new Enumeration(fromUid, items);
        for (String what : whats) {
            Reply reply = all.ask(what);
            // Of a part we can't tell how many there are: whoever the answer left out shows at the second look.
            if (reply.isOk() && fromUid <= 1 && all.met.count() >= opened.exists()) {
                all.handOverBare();
                return;
            }
        }
        Reply last = all.ask("(UID)");
        if (!last.isOk()) throw last.failure(Kind.REFUSED, "listing messages");
        all.handOverBare();
    }

    /** Replies of one enumeration. Those with neither size nor date are flags that changed meanwhile, or messages that the server can't measure: they are kept back to the end. */
    private final class Enumeration implements ImapConnection.Untagged, FetchReply.Body {
        private final long fromUid;
        private final Headers items;
        private final FetchReply fetched = new FetchReply();
        private final UidTally met = new UidTally();
        private final Set<Long> bare = new TreeSet<>();
        private byte[] lines = NO_LINES;

        Enumeration(long fromUid, Headers items) {
            this.fromUid = fromUid;
            this.items = items;
        }

        Reply ask(String what) throws MailException {
            return ask(Math.max(fromUid, 1) + ":*", what);
        }

        Reply ask(String set, String what) throws MailException {
            Reply reply = connection.command("UID FETCH " + set + " " + what, this);
            if (!reply.isOk() && reply.asksForTime()) throw reply.failure(Kind.REFUSED, "listing messages");
            return reply;
        }

        @Override
        public void data(String name, long number, WireInput in) throws IOException {
            if (!name.equals("FETCH")) return;
            lines = NO_LINES;
            try {
                fetched.read(in, this);
            } finally {
                take(fetched.uid(), fetched.sizeBytes(), fetched.rawDate());
            }
        }

        private void take(long uid, long sizeBytes, String date) {
            // n:* names the last message, even one below n
            if (uid == 0 || uid < fromUid) return;
            if (sizeBytes < 0 && (date == null || date.isEmpty())) bare.add(uid);
            else if (met.add(uid)) items.item(new SourceItem(uid, Math.max(0, sizeBytes), date == null ? SourceItem.NO_DATE : InternalDate.epochSecond(date)), lines);
        }

        @Override
        public void take(long uid, long length, WireInput in) throws IOException {
            if (length <= 0) return;
            int taken = (int) Math.min(length, HEADER_BYTES_MAX);
            lines = in.bytes(taken);
            if (length > taken) in.discard(length - taken);
        }

        @Override
        public void take(long uid, byte[] bytes) {
            lines = Arrays.copyOf(bytes, Math.min(bytes.length, HEADER_BYTES_MAX));
        }

        void handOverBare() {
            for (long uid : bare) if (met.add(uid)) items.item(new SourceItem(uid, 0, SourceItem.NO_DATE), NO_LINES);
        }
    }

    @Override
    public void fetch(String rawName, long uidValidity, List<Long> uids, Receiver receiver) throws MailException {
        open(rawName, uidValidity);
        if (!uids.isEmpty()) MessageFetch.run(connection, uids, receiver);
    }

    @Override
    public void flags(String rawName, long uidValidity, long sinceModSeq, Flags flags) throws MailException {
        openName = null;
        open(rawName, uidValidity);
        if (opened.exists() == 0) return;
        boolean since = sinceModSeq > 0 && connection.capabilities().has("CONDSTORE") && opened.hasModSeqs();
        flags("1:*", since ? " (CHANGEDSINCE " + sinceModSeq + ")" : "", flags);
    }

    @Override
    public void flags(String rawName, long uidValidity, List<Long> uids, Flags flags) throws MailException {
        openName = null;   // flags must be those of now
        open(rawName, uidValidity);
        for (String set : UidSet.pieces(uids.stream().mapToLong(Long::longValue).sorted().distinct().toArray())) flags(set, "", flags);
    }

    private void flags(String set, String modifier, Flags flags) throws MailException {
        FetchReply fetched = new FetchReply();
        Reply reply = connection.command("UID FETCH " + set + " (UID FLAGS)" + modifier, (name, number, in) -> {
            if (!name.equals("FETCH")) return;
            fetched.read(in, NO_BODY);
            if (fetched.uid() > 0 && fetched.flags() != null) flags.flags(fetched.uid(), fetched.flags());
        });
        if (!reply.isOk()) throw reply.failure(Kind.REFUSED, "reading flags");
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
    public boolean editsAnywhere() {
        return connection.isExchange();
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
