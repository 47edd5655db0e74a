package io.carryall.imap;

import io.carryall.core.migration.FolderPath;
import io.carryall.core.port.MailException;
import io.carryall.core.port.MailException.Kind;
import io.carryall.core.port.SourceSession;
import io.carryall.core.port.SourceSession.MailFolder;
import io.carryall.core.port.SourceSession.Receiver;
import io.carryall.core.port.TargetSession;
import io.carryall.core.record.FolderStatus;
import io.carryall.imap.AppendCommand.Answer;
import io.carryall.imap.FolderCommands.Opened;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;

/** A target mailbox on an IMAP server. */
final class ImapTarget implements TargetSession {
    /** Codes by which a refusal is not about a message's keywords. */
    private static final Set<String> NOT_THE_KEYWORDS = Set.of("OVERQUOTA", "TOOBIG", "TRYCREATE", "NONEXISTENT", "UNAVAILABLE", "INUSE", "NOPERM", "SERVERBUG", "EXPIRED", "CONTACTADMIN", "THROTTLED");
    private static final Set<String> NOT_THE_NAME = Set.of("OVERQUOTA", "UNAVAILABLE", "INUSE", "NOPERM", "LIMIT", "SERVERBUG", "CONTACTADMIN");
    /** A refused keyword costs one more try of the group: so many at most. */
    private static final int TRIES_MAX = 8;

    private final ImapConnection connection;
    private final FolderCommands folders;
    private final Map<String, Keywords> keywords = new HashMap<>();

    ImapTarget(ImapConnection connection) throws MailException {
        this.connection = connection;
        this.folders = FolderCommands.on(connection);
    }

    @Override
    public Capabilities capabilities() {
        ServerCapabilities can = connection.capabilities();
        return new Capabilities(can.has("UIDPLUS"), can.has("MULTIAPPEND"), can.appendLimitBytes());
    }

    @Override
    public List<MailFolder> folders() throws MailException {
        return folders.list();
    }

    @Override
    public Planned plan(String path) {
        return folders.names().plan(FolderPath.parse(path));
    }

    @Override
    public Planned create(Planned planned, boolean subscribe) throws MailException {
        Planned made = planned.rawName().equals("INBOX") || make(planned.rawName()) ? planned : makeEscaped(planned);
        // what is not subscribed is there all the same, and no reason to fail
        if (subscribe) connection.command("SUBSCRIBE", made.rawName(), "", ImapConnection.Untagged.IGNORED);
        return made;
    }

    /** False where the server does not take the name. */
    private boolean make(String rawName) throws MailException {
        Reply reply = connection.command("CREATE", rawName, "", ImapConnection.Untagged.IGNORED);
        if (reply.isOk() || reply.code().equals("ALREADYEXISTS") || folders.exists(rawName)) return true;
        if (reply.asksForTime() || NOT_THE_NAME.contains(reply.code())) throw reply.failure(Kind.REFUSED, "making a folder");
        return false;
    }

    private Planned makeEscaped(Planned refused) throws MailException {
        Planned escaped = folders.names().planEscaped(FolderPath.parse(refused.path()));
        if (escaped.rawName().equals(refused.rawName()) || !make(escaped.rawName())) {
            throw new MailException(Kind.REFUSED, "the server makes no folder of the name " + ServerText.clean(refused.path()));
        }
        return escaped;
    }

    @Override
    public Position position(String rawName) throws MailException {
        FolderStatus status = folders.statuses(List.of(rawName)).get(rawName);
        if (status == null) throw new MailException(Kind.FOLDER_CHANGED, "the folder is not there");
        return new Position(status.uidValidity(), status.uidNext());
    }

    @Override
    public Appended append(String rawName, List<Outgoing> messages, BooleanSupplier mayCommit) {
        if (messages.isEmpty()) throw new IllegalArgumentException("nothing to append");
        if (!connection.isOpen()) return new NotSent("the connection is closed");
        Keywords known = keywords.computeIfAbsent(rawName, name -> new Keywords());
        AppendCommand command = new AppendCommand(connection, rawName, mayCommit);
        try {
            known.learn(rawName, messages);
        } catch (MailException e) {
            return new NotSent(e.getMessage());
        }
        if (messages.size() == 1 || capabilities().multiAppend()) return together(command, known, messages);
        return oneByOne(command, known, messages);
    }

    /** A refusal that may be about keywords is tried again without them: nothing of the group was stored. If that is refused, too, it was not about them. */
    private Appended together(AppendCommand command, Keywords known, List<Outgoing> messages) {
        Set<String> blamed = new HashSet<>();
        for (int tries = 1; ; tries++) {
            List<AppendFlags> flags = known.flags(messages);
            Answer answer = command.together(known.ready(messages, flags));
            if (answer.appended() instanceof Refused refused && connection.isOpen()) {
                // the server tells which one only where it refused it before its literal
                int at = answer.refusedAt() < 0 && messages.size() == 1 ? 0 : answer.refusedAt();
                Set<String> suspects = at < 0 || tries == TRIES_MAX ? Set.of() : known.suspects(refused, flags.get(at));
                if (!suspects.isEmpty()) {
                    blamed.addAll(suspects);
                    known.refuse(suspects);
                    continue;
                }
            }
            if (!(answer.appended() instanceof Stored)) known.acquit(blamed);
            return known.learn(answer.appended(), flags);
        }
    }

    /** Each message is a command of its own; one whose keywords were refused is tried again at once, before those behind it. */
    private Appended oneByOne(AppendCommand command, Keywords known, List<Outgoing> messages) {
        List<Appended> each = new ArrayList<>();
        while (each.size() < messages.size()) {
            // what is not proven goes alone: it may have to be tried again, and order is kept
            int from = each.size();
            int to = from + 1;
            if (known.areProven(messages.get(from))) while (to < messages.size() && known.areProven(messages.get(to))) to++;
            List<Outgoing> run = messages.subList(from, to);
            if (!connection.isOpen()) run.forEach(message -> each.add(new NotSent("the connection was closed before")));
            else if (to == from + 1) each.add(together(command, known, run));
            else each.addAll(proven(command, known, run));
        }
        return new OneByOne(each);
    }

    private static List<Appended> proven(AppendCommand command, Keywords known, List<Outgoing> run) {
        List<AppendFlags> flags = known.flags(run);
        List<Answer> answers = command.each(known.ready(run, flags));
        List<Appended> each = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) each.add(known.learn(answers.get(i).appended(), flags.subList(i, i + 1)));
        return each;
    }

    @Override
    public Seen look(String rawName, long lowUid, LongPredicate wanted, Receiver receiver) throws MailException {
        Opened opened = folders.examine(rawName);
        long low = Math.max(lowUid, 1);
        Set<Long> uids = new LinkedHashSet<>();
        if (opened.exists() > 0) {
            FetchReply fetched = new FetchReply();
            Reply reply = connection.command("UID FETCH " + low + ":* (UID)", (name, number, in) -> {
                if (!name.equals("FETCH")) return;
                fetched.read(in, ImapSource.NO_BODY);
                if (fetched.uid() >= low) uids.add(fetched.uid());
            });
            if (!reply.isOk()) throw reply.failure(Kind.REFUSED, "looking at a folder");
        }
        List<Long> ascending = uids.stream().sorted().toList();
        List<Long> fetch = ascending.stream().filter(wanted::test).toList();
        if (!fetch.isEmpty()) MessageFetch.run(connection, fetch, receiver);
        unselect(rawName);
        long uidNext = opened.uidNext() > 0 ? opened.uidNext() : position(rawName).uidNext();
        return new Seen(new Position(opened.uidValidity(), uidNext), ascending);
    }

    /** Lets go of a folder without CLOSE, which would expunge. Else each APPEND to it would be told to us as news, too. */
    private void unselect(String rawName) throws MailException {
        if (connection.capabilities().has("UNSELECT")) connection.command("UNSELECT", ImapConnection.Untagged.IGNORED);
        else folders.examine(rawName);
    }

    @Override
    public SourceSession reading() {
        return new ImapSource(connection, folders);
    }

    @Override
    public FlagFolder openFlags(String rawName) throws MailException {
        Opened opened = folders.select(rawName);
        return new ImapFlagFolder(connection, opened, () -> unselect(rawName));
    }

    @Override
    public boolean isAlive() {
        return connection.isAlive();
    }

    @Override
    public void close() {
        connection.logout();
    }

    /** What this server takes in one folder: learnt from PERMANENTFLAGS, from what it took and from what it refused. */
    private final class Keywords {
        private final Set<String> taken = new HashSet<>();
        private final Set<String> refused = new HashSet<>();
        private Opened opened;
        private boolean folderTaken;

        /** PERMANENTFLAGS is told by SELECT only, so it is asked for only where there are keywords. */
        void learn(String rawName, List<Outgoing> messages) throws MailException {
            if (opened != null || messages.stream().allMatch(message -> message.flags().stream().noneMatch(AppendFlags::isKeyword))) return;
            opened = folders.select(rawName);
            unselect(rawName);
        }

        List<AppendFlags> flags(List<Outgoing> messages) {
            return messages.stream().map(message -> AppendFlags.of(message.flags(), this::permits)).toList();
        }

        private boolean permits(String keyword) {
            return !refused.contains(keyword) && (taken.contains(keyword) || opened == null || opened.permits(keyword));
        }

        List<AppendCommand.Message> ready(List<Outgoing> messages, List<AppendFlags> flags) {
            List<AppendCommand.Message> ready = new ArrayList<>();
            for (int i = 0; i < messages.size(); i++) {
                Outgoing message = messages.get(i);
                boolean proven = (folderTaken || i > 0) && isProven(flags.get(i)) && InternalDate.isOrdinary(message.date());
                ready.add(new AppendCommand.Message(flags.get(i).sent(), message.date() == null ? null : InternalDate.format(message.date()), message.content(), proven));
            }
            return ready;
        }

        boolean areProven(Outgoing message) {
            return folderTaken && InternalDate.isOrdinary(message.date()) && isProven(AppendFlags.of(message.flags(), this::permits));
        }

        private boolean isProven(AppendFlags flags) {
            return flags.sent().stream().allMatch(flag -> flag.startsWith("\\") || taken.contains(flag));
        }

        /** Keywords that the server never took, if the refusal may be about them: the odd ones among them, else all. */
        Set<String> suspects(Refused answer, AppendFlags flags) {
            if (NOT_THE_KEYWORDS.contains(answer.code()) || answer.backoffMillis() > 0) return Set.of();
            List<String> unknown = flags.sent().stream().filter(flag -> !flag.startsWith("\\") && !taken.contains(flag)).toList();
            List<String> odd = unknown.stream().filter(flag -> !flag.matches("[$\\w.-]{1,50}")).toList();
            return Set.copyOf(odd.isEmpty() ? unknown : odd);
        }

        void refuse(Set<String> keywords) {
            refused.addAll(keywords);
        }

        void acquit(Set<String> keywords) {
            refused.removeAll(keywords);
        }

        Appended learn(Appended answer, List<AppendFlags> flags) {
            if (!(answer instanceof Stored stored)) return answer;
            folderTaken = true;
            boolean dropped = false;
            List<Set<String>> each = new ArrayList<>();
            for (AppendFlags its : flags) {
                for (String flag : its.sent()) if (!flag.startsWith("\\")) taken.add(flag);
                each.add(Set.copyOf(its.dropped()));
                dropped |= !its.dropped().isEmpty();
            }
            return new Stored(stored.uidValidity(), stored.uids(), dropped ? each : List.of());
        }
    }
}
