package io.carryall.imap;

import io.carryall.core.item.SourceItem;
import io.carryall.core.migration.FolderPath;
import io.carryall.core.port.MailException;
import io.carryall.core.port.MailException.Kind;
import io.carryall.core.port.MailboxReader;
import io.carryall.core.port.SourceSession.MailFolder;
import io.carryall.core.port.SourceSession.Receiver;
import io.carryall.core.port.TargetSession.Planned;
import io.carryall.imap.FolderCommands.Opened;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Looks at a mailbox on an IMAP server. */
final class ImapReader implements MailboxReader {
    /** What is taken of a message's identifying lines at most; what is longer is cut. */
    private static final int HEADER_BYTES_MAX = 64 * 1024;
    /** From much to little: what one message makes a server refuse must not hide the others. */
    private static final List<String> ITEMS = List.of("(UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS (MESSAGE-ID DATE FROM TO SUBJECT)])", "(UID FLAGS INTERNALDATE RFC822.SIZE)", "(UID)");

    private final ImapConnection connection;
    private final FolderCommands folders;
    private long exists;

    ImapReader(ImapConnection connection) throws MailException {
        this.connection = connection;
        this.folders = FolderCommands.on(connection);
    }

    @Override
    public List<MailFolder> folders() throws MailException {
        return folders.list();
    }

    @Override
    public List<Planned> names(String path) {
        FolderPath folder = FolderPath.parse(path);
        return Stream.of(folders.names().plan(folder), folders.names().planEscaped(folder)).distinct().toList();
    }

    @Override
    public long open(String rawName) throws MailException {
        exists = folders.examine(rawName).exists();
        return exists;
    }

    @Override
    public void messages(Messages messages) throws MailException {
        if (exists > 0) new Listing(messages).run(List.of("1:*"), exists);
    }

    @Override
    public void messages(List<Long> uids, Messages messages) throws MailException {
        long[] ascending = uids.stream().mapToLong(Long::longValue).sorted().distinct().toArray();
        new Listing(messages).run(UidSet.pieces(ascending), ascending.length);
    }

    @Override
    public void bodies(List<Long> uids, Receiver receiver) throws MailException {
        if (!uids.isEmpty()) MessageFetch.run(connection, uids, receiver);
    }

    @Override
    public Predicate<String> storableKeywords(String rawName) throws MailException {
        Opened opened = folders.select(rawName);
        // without CLOSE, which would expunge
        if (connection.capabilities().has("UNSELECT")) connection.command("UNSELECT", ImapConnection.Untagged.IGNORED);
        else folders.examine(rawName);
        exists = 0;
        return opened::permits;
    }

    @Override
    public void close() {
        connection.logout();
    }

    /** Replies to one listing. News of flags that changed meanwhile look like replies to the shortest request: they are kept back to the end. */
    private final class Listing implements ImapConnection.Untagged, FetchReply.Body {
        private final Messages messages;
        private final FetchReply fetched = new FetchReply();
        private final UidTally met = new UidTally();
        private final Set<Long> bare = new TreeSet<>();
        private byte[] header = {};

        Listing(Messages messages) {
            this.messages = messages;
        }

        void run(List<String> sets, long expected) throws MailException {
            for (String items : ITEMS) {
                boolean all = true;
                for (String set : sets) all &= ask(set, items).isOk();
                if (all && met.count() >= expected) break;
            }
            for (long uid : bare) if (met.add(uid)) messages.message(uid, -1, SourceItem.NO_DATE, Set.of(), new byte[0]);
        }

        private Reply ask(String set, String items) throws MailException {
            Reply reply = connection.command("UID FETCH " + set + " " + items, this);
            boolean last = items.equals(ITEMS.get(ITEMS.size() - 1));
            if (!reply.isOk() && (last || reply.asksForTime())) throw reply.failure(Kind.REFUSED, "listing messages");
            return reply;
        }

        @Override
        public void data(String name, long number, WireInput in) throws IOException {
            if (!name.equals("FETCH")) return;
            header = new byte[0];
            try {
                fetched.read(in, this);
            } finally {
                take();
            }
        }

        private void take() {
            long uid = fetched.uid();
            if (uid == 0) return;
            if (fetched.sizeBytes() < 0 && (fetched.rawDate() == null || fetched.rawDate().isEmpty())) {
                bare.add(uid);
            } else if (met.add(uid)) {
                long date = fetched.rawDate() == null ? SourceItem.NO_DATE : InternalDate.epochSecond(fetched.rawDate());
                messages.message(uid, fetched.sizeBytes(), date, fetched.flags() == null ? Set.of() : fetched.flags(), header);
            }
        }

        @Override
        public void take(long uid, long length, WireInput in) throws IOException {
            if (length <= 0) return;
            int taken = (int) Math.min(length, HEADER_BYTES_MAX);
            header = in.bytes(taken);
            if (length > taken) in.discard(length - taken);
        }

        @Override
        public void take(long uid, byte[] bytes) {
            header = Arrays.copyOf(bytes, Math.min(bytes.length, HEADER_BYTES_MAX));
        }
    }
}
