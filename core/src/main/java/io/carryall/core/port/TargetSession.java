package io.carryall.core.port;

import io.carryall.core.flags.FlagSet;
import io.carryall.core.flags.FlagTurn.Flagged;
import io.carryall.core.port.SourceSession.MailFolder;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;

/** One connection to a target mailbox. */
public interface TargetSession extends AutoCloseable {

    Capabilities capabilities();

    List<MailFolder> folders() throws MailException;

    /**
     * The name under which a source path would stand here: delimiter and prefix of this server, modified UTF-7, what cannot be said here escaped. The same path gives the same name always.
     */
    Planned plan(String path);

    /** Makes sure that the folder is there and subscribed as asked. Where the server refuses the name, an escaped one is made and told. May be called again. */
    Planned create(Planned planned, boolean subscribe) throws MailException;

    /** UIDVALIDITY and UIDNEXT now. */
    Position position(String rawName) throws MailException;

    /**
     * Appends messages in their order. With MULTIAPPEND all or nothing; else one by one.
     *
     * @param mayCommit asked when all but the end of a message (or of the group) has been sent and flushed; false: the rest never goes out, the connection is closed
     */
    Appended append(String rawName, List<Outgoing> messages, BooleanSupplier mayCommit);

    /**
     * Hands over what stands in the folder from {@code lowUid} on.
     *
     * @param wanted which UIDs are to be fetched; the others are only counted in {@link Seen#uids()}
     */
    Seen look(String rawName, long lowUid, LongPredicate wanted, SourceSession.Receiver receiver) throws MailException;

    /** The same mailbox, on the same connection, as one that is only read. It is not closed: it ends with this session. */
    SourceSession reading();

    /**
     * Opens a folder to look at flags and to store some. Until it is closed nothing else may be asked of the session.
     *
     * @throws MailException FOLDER_CHANGED if it is not there
     */
    FlagFolder openFlags(String rawName) throws MailException;

    boolean isAlive();

    @Override
    void close();

    /** A folder whose flags are looked at and stored. Never expunges. */
    interface FlagFolder extends AutoCloseable {
        long uidValidity();

        /** Whether the folder keeps this flag for good. */
        boolean holds(String flag);

        /** The flags of these messages as they are now. What is absent is gone. */
        Map<Long, Flagged> look(List<Long> uids) throws MailException;

        /**
         * Stores changes, as far as the server takes them: what came of it, a further look tells. Where the server has CONDSTORE (RFC 7162), nothing is stored to a message that changed since it was looked at; else only the
         * flags that are named change.
         *
         * @param mayStore asked before each command; false: no further one goes out
         * @return false if {@code mayStore} said so
         */
        boolean store(List<FlagEdit> edits, BooleanSupplier mayStore) throws MailException;

        @Override
        void close();
    }

    /** @param before as they were looked at */
    record FlagEdit(long uid, FlagSet add, FlagSet remove, Flagged before) {}

    /** @param appendLimitBytes RFC 7889; -1 where the server names none */
    record Capabilities(boolean uidPlus, boolean multiAppend, long appendLimitBytes) {}

    /** @param warning what an operator should know of the name, or null */
    record Planned(String rawName, String path, String warning) {}

    record Position(long uidValidity, long uidNext) {}

    record Seen(Position position, List<Long> uids) {}

    /** @param flags system flags and keywords as the source gave them; the target leaves out what may not be sent */
    record Outgoing(Set<String> flags, OffsetDateTime date, Content content) {}

    /** What came of an append. */
    sealed interface Appended {}

    /**
     * @param uids    in the order of the messages; empty where the server has no UIDPLUS (RFC 4315)
     * @param dropped the keywords that were left out, message by message; empty where none was
     */
    record Stored(long uidValidity, List<Long> uids, List<Set<String>> dropped) implements Appended {}

    /**
     * The tagged NO or BAD of this very command: the one proof that nothing was stored.
     *
     * @param code          the response code in capitals, without arguments; empty where there was none
     * @param text          cleaned
     * @param backoffMillis what the server asked us to wait, else 0
     */
    record Refused(boolean bad, String code, String text, long backoffMillis) implements Appended {}

    /** No committing byte has left us. */
    record NotSent(String detail) implements Appended {}

    /** Committing bytes may have left us, and no answer came. */
    record InDoubt(String detail) implements Appended {}

    /** Without MULTIAPPEND: one answer per message, in their order. */
    record OneByOne(List<Appended> each) implements Appended {}
}
