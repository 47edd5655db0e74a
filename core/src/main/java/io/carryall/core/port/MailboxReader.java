package io.carryall.core.port;

import io.carryall.core.port.SourceSession.MailFolder;
import io.carryall.core.port.SourceSession.Receiver;
import io.carryall.core.port.TargetSession.Planned;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** One connection that only looks, at a mailbox of either side: for those who compare. Used by one thread at a time. */
public interface MailboxReader extends AutoCloseable {

    /** Every folder that the server lists, the ones that hold no messages too. */
    List<MailFolder> folders() throws MailException;

    /** The names under which the folder of that path may stand here, the likeliest first: what {@link TargetSession#plan} says, and what {@link TargetSession#create} makes where the server refuses that. */
    List<Planned> names(String path);

    /**
     * Opens a folder without changing anything in it, and says how many messages it holds.
     *
     * @throws MailException FOLDER_CHANGED if it is gone
     */
    long open(String rawName) throws MailException;

    /** Hands over every message of the open folder once, as they come. Those that the server can't describe come with what little it says of them. */
    void messages(Messages messages) throws MailException;

    /** The same for some of them. What the receiver hears nothing of is gone. */
    void messages(List<Long> uids, Messages messages) throws MailException;

    /** Fetches messages of the open folder whole, streamed, in any order. What the receiver hears nothing of is gone. */
    void bodies(List<Long> uids, Receiver receiver) throws MailException;

    /** Which keywords a target's folder can store. Only asked for where one is lacking: on IMAP this takes {@code \Recent} from its messages. No folder is open afterwards. */
    Predicate<String> storableKeywords(String rawName) throws MailException;

    @Override
    void close();

    /** Takes messages as they come. */
    interface Messages {
        /**
         * @param sizeBytes       as the server says it; -1 where it says nothing
         * @param dateEpochSecond the internal date; {@link io.carryall.core.item.SourceItem#NO_DATE} where the server gave none that can be read
         * @param header          the lines of Message-ID, Date, From, To and Subject, as far as there are such; empty where the server could not tell
         */
        void message(long uid, long sizeBytes, long dateEpochSecond, Set<String> flags, byte[] header);
    }
}
