package io.carryall.core.port;

import io.carryall.core.item.SourceItem;
import io.carryall.core.record.FolderStatus;
import java.io.OutputStream;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** One connection to a source mailbox, which it never changes: folders are only ever opened with EXAMINE, bodies fetched with BODY.PEEK. */
public interface SourceSession extends AutoCloseable {

    /** Every folder that the server lists, the ones that hold no messages (\Noselect) too. */
    List<MailFolder> folders() throws MailException;

    /** The folders as they stand now, by their raw names, in as few commands as the server lets us. A folder that is gone is left out. */
    java.util.Map<String, FolderStatus> statuses(List<String> rawNames) throws MailException;

    /** The two above at once: every folder, and how those stand that hold messages. A server may let us ask for it with fewer commands. */
    default Listing listing() throws MailException {
        List<MailFolder> folders = folders();
        return new Listing(folders, statuses(folders.stream().filter(MailFolder::selectable).map(MailFolder::rawName).toList()));
    }

    /** @param statuses by raw names */
    record Listing(List<MailFolder> folders, java.util.Map<String, FolderStatus> statuses) {}

    /**
     * Hands over every item from {@code fromUid} on, in the order of UIDs, one by one as they come.
     *
     * @throws MailException FOLDER_CHANGED if the folder is gone or its UIDVALIDITY is not {@code uidValidity}
     */
    void enumerate(String rawName, long uidValidity, long fromUid, Consumer<SourceItem> items) throws MailException;

    /**
     * The same, each item with the lines of its identifying header fields ({@link io.carryall.core.item.Fingerprinter#IDENTIFYING}) as the message has them. Costs the server a look into each message.
     *
     * @throws MailException FOLDER_CHANGED as above
     */
    void enumerateHeaders(String rawName, long uidValidity, long fromUid, Headers items) throws MailException;

    /**
     * The same for some items, in any order. What is gone is left out.
     *
     * @throws MailException FOLDER_CHANGED as above
     */
    void headers(String rawName, long uidValidity, List<Long> uids, Headers items) throws MailException;

    /**
     * Fetches items whole, streamed, in any order. What the receiver hears nothing of has vanished.
     *
     * @throws MailException FOLDER_CHANGED as above
     */
    void fetch(String rawName, long uidValidity, List<Long> uids, Receiver receiver) throws MailException;

    /**
     * Hands over the flags of the folder's messages: of all, or only of those that changed in any way since that state.
     *
     * @param sinceModSeq a HIGHESTMODSEQ that {@link #statuses} told (RFC 7162); 0: all. Messages that did not change may come as well
     * @throws MailException FOLDER_CHANGED as above
     */
    void flags(String rawName, long uidValidity, long sinceModSeq, Flags flags) throws MailException;

    /**
     * The same of some messages. What is not handed over has vanished.
     *
     * @throws MailException FOLDER_CHANGED as above
     */
    void flags(String rawName, long uidValidity, List<Long> uids, Flags flags) throws MailException;

    /** Whether this system is known to give a message that somebody edits a new id in whatever folder, and not among drafts alone. Asks nothing of the server. */
    default boolean editsAnywhere() {
        return false;
    }

    /** Whether the server still answers; cheap. */
    boolean isAlive();

    @Override
    void close();

    /** What takes in fetched items. For each item: {@link #content} once, its bytes into that stream, then {@link #fetched} or {@link #unreadable}. */
    interface Receiver {
        /** Where the bytes of the item go. It is closed before the next call. */
        OutputStream content(long uid);

        /** @param date the internal date with the zone that the source gave; null where it could not be read */
        void fetched(long uid, Set<String> flags, OffsetDateTime date);

        /** The server has the item and can't deliver it (NO, NIL, or less than it announced). What came of it is to be thrown away. */
        void unreadable(long uid, String detail);
    }

    /** Takes items with their identifying header fields; {@code lines} is empty where the server could not tell them. */
    interface Headers {
        void item(SourceItem item, byte[] lines);
    }

    /** Takes flags of messages, as the server wrote them. A message may come more than once: the last time counts. */
    interface Flags {
        void flags(long uid, Set<String> flags);
    }

    /**
     * A folder as LIST tells it.
     *
     * @param rawName    the name as the server wrote it
     * @param path       the same, decoded, {@code /} between levels, a {@code /} within a level written {@code \/}; {@code INBOX} for the inbox
     * @param specialUse RFC 6154 attribute such as {@code \Sent}, or null
     * @param selectable false for \Noselect and \NonExistent
     */
    record MailFolder(String rawName, String path, String specialUse, boolean selectable, boolean subscribed) {}
}
