package io.carryall.imap;

import io.carryall.core.port.MailException;
import io.carryall.core.port.MailException.Kind;
import io.carryall.core.port.SourceSession.Listing;
import io.carryall.core.port.SourceSession.MailFolder;
import io.carryall.core.record.FolderStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** LIST, LSUB, STATUS, NAMESPACE and EXAMINE on one connection. */
final class FolderCommands {
    /** So many STATUS commands are under way at once where there is no LIST-STATUS: few enough that neither side's buffers fill. */
    private static final int PIPELINED_STATUS_MAX = 50;
    /** From so many folders on, one LIST of all is less work than a STATUS each. */
    private static final int LIST_STATUS_FROM = 4;
    private static final int FOLDERS_MAX = 200_000;
    private static final List<String> SPECIAL_USES = List.of("\\All", "\\Archive", "\\Drafts", "\\Flagged", "\\Important", "\\Junk", "\\Sent", "\\Trash");

    private final ImapConnection connection;
    private final FolderNames names;
    private final List<String> foreignPrefixes;

    private FolderCommands(ImapConnection connection, FolderNames names, List<String> foreignPrefixes) {
        this.connection = connection;
        this.names = names;
        this.foreignPrefixes = foreignPrefixes;
    }

    /** Learns how this server names folders. */
    static FolderCommands on(ImapConnection connection) throws MailException {
        Namespaces spaces = new Namespaces();
        if (connection.capabilities().has("NAMESPACE")) connection.command("NAMESPACE", spaces);
        if (!spaces.personalFound) {
            // the reply to an empty name tells the delimiter (RFC 9051 section 6.3.9)
            Reply reply = connection.command("LIST \"\" \"\"", (name, number, in) -> {
                if (name.equals("LIST")) spaces.delimiter = Listed.read(in).delimiter();
            });
            if (!reply.isOk()) throw reply.failure(Kind.REFUSED, "LIST");
        }
        return new FolderCommands(connection, new FolderNames(spaces.delimiter, spaces.prefix), spaces.foreign);
    }

    FolderNames names() {
        return names;
    }

    /** The personal folders; other people's and shared ones (RFC 2342) are not this mailbox's. INBOX always comes first. */
    List<MailFolder> list() throws MailException {
        return list("", ImapConnection.Untagged.IGNORED);
    }

    /** The same, and how those stand that hold messages: with LIST-STATUS (RFC 5819) all of it is one command and its answer. */
    Listing listing() throws MailException {
        Map<String, FolderStatus> stand = new HashMap<>();
        List<MailFolder> folders = listsStatus() ? list("STATUS " + statusItems(), (name, number, in) -> {
            if (name.equals("STATUS")) status(in, stand);
        }) : list();
        Map<String, FolderStatus> statuses = new HashMap<>();
        List<String> others = new ArrayList<>();
        for (MailFolder folder : folders) {
            FolderStatus status = stand.get(key(folder.rawName()));
            if (folder.selectable() && status == null) others.add(folder.rawName());
            else if (folder.selectable()) statuses.put(folder.rawName(), status);
        }
        statuses.putAll(statuses(others));
        return new Listing(folders, statuses);
    }

    private boolean listsStatus() {
        return connection.capabilities().has("LIST-STATUS") && connection.capabilities().has("LIST-EXTENDED");
    }

    /** @param more what else LIST is to return; empty: nothing */
    private List<MailFolder> list(String more, ImapConnection.Untagged others) throws MailException {
        boolean asksForUse = connection.capabilities().has("LIST-EXTENDED") && connection.capabilities().has("SPECIAL-USE");
        String returns = ((asksForUse ? "SPECIAL-USE " : "") + more).trim();
        List<Listed> listed = new ArrayList<>();
        List<Listed> lsub = new ArrayList<>();
        // LSUB even where LIST could tell (RFC 5258): Dovecot 2.3 forgets to mark a subscribed INBOX there
        String first = beginList("LIST \"\" \"*\"" + (returns.isEmpty() ? "" : " RETURN (" + returns + ")"));
        String second = beginList("LSUB \"\" \"*\"");
        connection.flush();
        Reply listing = endList(first, "LIST", listed, others);
        Reply subscriptions = endList(second, "LSUB", lsub, others);
        // Some tell of LIST-STATUS and refuse it, or one of the items that are asked for with it
        if (!listing.isOk() && !more.isEmpty()) return list();
        if (!listing.isOk()) throw listing.failure(Kind.REFUSED, "listing folders");
        if (!subscriptions.isOk()) throw subscriptions.failure(Kind.REFUSED, "listing folders");
        Set<String> subscribed = new HashSet<>();
        for (Listed one : lsub) if (!one.has("\\noselect")) subscribed.add(one.key());
        Map<String, MailFolder> folders = new LinkedHashMap<>();
        for (Listed one : listed) {
            if (one.raw().isEmpty() || isForeign(one.raw())) continue;
            boolean selectable = !one.has("\\noselect") && !one.has("\\nonexistent");
            MailFolder folder = new MailFolder(one.raw(), names.path(one.raw(), one.delimiter()).toString(), one.specialUse(), selectable, subscribed.contains(one.key()));
            folders.merge(one.key(), folder, (a, b) -> a.selectable() ? a : b);
        }
        List<MailFolder> inOrder = new ArrayList<>(folders.values());
        inOrder.sort((a, b) -> a.path().equals("INBOX") ? b.path().equals("INBOX") ? 0 : -1 : b.path().equals("INBOX") ? 1 : a.path().compareTo(b.path()));
        return inOrder;
    }

    private String beginList(String command) throws MailException {
        String tag = connection.begin();
        connection.send(command);
        connection.endUnflushed();
        return tag;
    }

    private Reply endList(String tag, String reply, List<Listed> into, ImapConnection.Untagged others) throws MailException {
        Reply end = connection.await(tag, (name, number, in) -> {
            if (!name.equals(reply)) others.data(name, number, in);
            else if (into.size() <= FOLDERS_MAX) into.add(Listed.read(in));
        });
        if (into.size() > FOLDERS_MAX) throw new MailException(Kind.REFUSED, "more than " + FOLDERS_MAX + " folders");
        return end;
    }

    private boolean isForeign(String raw) {
        if (raw.equalsIgnoreCase("INBOX")) return false;
        // Cyrus: ours are under INBOX., the shared ones under nothing
        if (foreignPrefixes.contains("") && !names.prefix().isEmpty()) return !raw.startsWith(names.prefix());
        for (String prefix : foreignPrefixes) if (!prefix.isEmpty() && raw.startsWith(prefix) || raw.concat(String.valueOf(names.delimiter())).equals(prefix)) return true;
        return false;
    }

    /** Whether that very name is there. */
    boolean exists(String raw) throws MailException {
        boolean[] found = new boolean[1];
        Reply reply = connection.command("LIST \"\"", raw, "", (name, number, in) -> {
            if (!name.equals("LIST")) return;
            Listed one = Listed.read(in);
            // the name may hold wildcards
            if (one.key().equals(key(raw)) && !one.has("\\nonexistent") && !one.has("\\noselect")) found[0] = true;
        });
        if (!reply.isOk()) throw reply.failure(Kind.REFUSED, "LIST");
        return found[0];
    }

    Map<String, FolderStatus> statuses(List<String> raws) throws MailException {
        Map<String, FolderStatus> stand = new HashMap<>();
        ImapConnection.Untagged taker = (name, number, in) -> {
            if (name.equals("STATUS")) status(in, stand);
        };
        List<String> left = raws;
        if (raws.size() >= LIST_STATUS_FROM && listsStatus()) {
            connection.command("LIST \"\" \"*\" RETURN (STATUS " + statusItems() + ")", taker);
            left = raws.stream().filter(raw -> !stand.containsKey(key(raw))).toList();
        }
        for (int from = 0; from < left.size(); from += PIPELINED_STATUS_MAX) pipelinedStatuses(left.subList(from, Math.min(left.size(), from + PIPELINED_STATUS_MAX)), taker);
        Map<String, FolderStatus> found = new HashMap<>();
        for (String raw : raws) if (stand.containsKey(key(raw))) found.put(raw, stand.get(key(raw)));
        return found;
    }

    private void pipelinedStatuses(List<String> raws, ImapConnection.Untagged taker) throws MailException {
        List<String> tags = new ArrayList<>();
        for (String raw : raws) {
            // a literal may have to wait for the server: nothing else may be under way then
            boolean mayWait = !ImapConnection.isQuotable(raw) && !connection.takesUnasked(raw.length());
            if (mayWait) awaitAll(tags, taker);
            String tag = connection.begin();
            connection.send("STATUS ");
            connection.sendString(tag, raw);
            connection.send(" " + statusItems());
            connection.endUnflushed();
            tags.add(tag);
        }
        awaitAll(tags, taker);
    }

    /** A tagged NO means that the folder is gone, or can't be opened: it has no status. */
    private void awaitAll(List<String> tags, ImapConnection.Untagged taker) throws MailException {
        connection.flush();
        for (String tag : tags) {
            Reply reply = connection.await(tag, taker);
            if (reply.status() == Reply.Status.BAD || reply.asksForTime()) throw reply.failure(Kind.REFUSED, "STATUS");
        }
        tags.clear();
    }

    private String statusItems() {
        return "(UIDVALIDITY UIDNEXT MESSAGES" + (connection.capabilities().has("CONDSTORE") ? " HIGHESTMODSEQ" : "") + (connection.capabilities().has("OBJECTID") ? " MAILBOXID" : "") + ")";
    }

    private static void status(WireInput in, Map<String, FolderStatus> found) throws IOException {
        in.skipSpaces();
        String key = key(Optional.ofNullable(in.string()).orElse("NIL"));
        in.skipSpaces();
        in.expect('(');
        long uidValidity = 0;
        long uidNext = 0;
        long modSeq = 0;
        long messages = 0;
        String mailboxId = null;
        for (in.skipSpaces(); !in.skipIf(')'); in.skipSpaces()) {
            String item = in.atom().toUpperCase(Locale.ROOT);
            in.skipSpaces();
            switch (item) {
                case "UIDVALIDITY" -> uidValidity = in.number();
                case "UIDNEXT" -> uidNext = in.number();
                case "HIGHESTMODSEQ" -> modSeq = in.number();
                case "MESSAGES" -> messages = in.number();
                case "MAILBOXID" -> mailboxId = objectId(in);
                default -> in.skipValue();
            }
        }
        if (found.size() <= FOLDERS_MAX) found.put(key, new FolderStatus(uidValidity, uidNext, modSeq, messages, mailboxId));
    }

    /** {@code (F2212ea87)}: letters, digits, {@code _} and {@code -} (RFC 8474, section 4). */
    private static String objectId(WireInput in) throws IOException {
        in.expect('(');
        String id = in.atom();
        in.expect(')');
        return id.isEmpty() ? null : id;
    }

    /** Opens a folder for reading: nothing in it changes, not even \Recent. */
    Opened examine(String raw) throws MailException {
        return open("EXAMINE", raw);
    }

    /** Opens a target folder for what only SELECT tells: which flags may be set for good. */
    Opened select(String raw) throws MailException {
        return open("SELECT", raw);
    }

    private Opened open(String command, String raw) throws MailException {
        Opened opened = new Opened();
        Reply reply = connection.command(command, raw, "", opened);
        if (reply.isOk()) return opened;
        boolean gone = reply.code().equals("NONEXISTENT") || reply.code().equals("TRYCREATE") || !reply.asksForTime() && reply.status() == Reply.Status.NO && !exists(raw);
        throw reply.failure(gone ? Kind.FOLDER_CHANGED : Kind.REFUSED, "opening a folder");
    }

    /** INBOX is the same in any case (RFC 9051 section 5.1); other names are their bytes. */
    private static String key(String raw) {
        return raw.equalsIgnoreCase("INBOX") ? "INBOX" : raw;
    }

    /** A line of LIST. */
    private record Listed(Set<String> attributes, char delimiter, String raw) {
        static Listed read(WireInput in) throws IOException {
            Set<String> attributes = new HashSet<>();
            in.skipSpaces();
            in.expect('(');
            for (in.skipSpaces(); !in.skipIf(')'); in.skipSpaces()) {
                String attribute = in.word().toLowerCase(Locale.ROOT);
                if (attribute.isEmpty()) throw new BadSyntax("an attribute expected");
                attributes.add(attribute);
            }
            in.skipSpaces();
            String delimiter = in.string();
            in.skipSpaces();
            boolean bare = in.peek() != '"' && in.peek() != '{';
            String raw = bare ? bareName(in.restOfLine()) : in.string();
            return new Listed(attributes, delimiter == null || delimiter.isEmpty() ? 0 : delimiter.charAt(0), raw == null ? "NIL" : raw);
        }

        /** Extended data items may stand behind a name (RFC 5258). */
        private static String bareName(String rest) {
            int items = rest.indexOf(" (\"");
            return items < 0 ? rest : rest.substring(0, items);
        }

        boolean has(String attribute) {
            return attributes.contains(attribute);
        }

        String key() {
            return FolderCommands.key(raw);
        }

        String specialUse() {
            return SPECIAL_USES.stream().filter(use -> has(use.toLowerCase(Locale.ROOT))).findFirst().orElse(null);
        }
    }

    /** What EXAMINE and SELECT tell. */
    static final class Opened implements ImapConnection.Untagged {
        private long uidValidity;
        private long uidNext;
        private long exists;
        private Set<String> permanentFlags;
        private boolean noModSeq;

        long uidValidity() {
            return uidValidity;
        }

        /** 0 where the server did not tell it. */
        long uidNext() {
            return uidNext;
        }

        long exists() {
            return exists;
        }

        /** Whether a keyword that the folder never saw may be set, or this one is known to it. Where the server says nothing, all flags may (RFC 9051 section 7.1). */
        boolean permits(String keyword) {
            return permanentFlags == null || permanentFlags.contains("\\*") || permanentFlags.contains(keyword.toLowerCase(Locale.ROOT));
        }

        /** Whether it may be set here for good: {@code \\*} speaks of keywords alone. */
        boolean holds(String flag) {
            return flag.startsWith("\\") ? permanentFlags == null || permanentFlags.contains(flag.toLowerCase(Locale.ROOT)) : permits(flag);
        }

        /** NOMODSEQ: the server has CONDSTORE, and this folder has not (RFC 7162 section 3.1.2.2). */
        boolean hasModSeqs() {
            return !noModSeq;
        }

        @Override
        public void data(String name, long number, WireInput in) {
            if (name.equals("EXISTS")) exists = number;
        }

        @Override
        public void status(Reply reply) {
            switch (reply.code()) {
                case "UIDVALIDITY" -> uidValidity = number(reply.arguments());
                case "UIDNEXT" -> uidNext = number(reply.arguments());
                case "PERMANENTFLAGS" -> permanentFlags = Set.of(distinct(reply.arguments()));
                case "NOMODSEQ" -> noModSeq = true;
                default -> { }
            }
        }

        private static String[] distinct(String list) {
            return java.util.Arrays.stream(list.toLowerCase(Locale.ROOT).replaceAll("[()]", " ").trim().split(" +")).distinct().toArray(String[]::new);
        }

        private static long number(String digits) {
            return digits.matches("\\d{1,18}") ? Long.parseLong(digits) : 0;
        }
    }

    private static final class Namespaces implements ImapConnection.Untagged {
        private boolean personalFound;
        private char delimiter;
        private String prefix = "";
        private final List<String> foreign = new ArrayList<>();

        /** {@code (("INBOX." ".")) (("user." ".")) NIL}: personal, other users', shared (RFC 2342). */
        @Override
        public void data(String name, long number, WireInput in) throws IOException {
            if (!name.equals("NAMESPACE")) return;
            for (int kind = 0; kind < 3; kind++) {
                in.skipSpaces();
                if (in.peek() != '(') {
                    in.string();
                    continue;
                }
                in.expect('(');
                for (in.skipSpaces(); !in.skipIf(')'); in.skipSpaces()) space(in, kind == 0);
            }
        }

        private void space(WireInput in, boolean personal) throws IOException {
            in.expect('(');
            in.skipSpaces();
            String itsPrefix = in.string();
            in.skipSpaces();
            String itsDelimiter = in.string();
            for (in.skipSpaces(); !in.skipIf(')'); in.skipSpaces()) in.skipValue();
            if (!personal) {
                if (itsPrefix != null) foreign.add(itsPrefix);
            } else if (!personalFound) {
                personalFound = true;
                prefix = itsPrefix == null ? "" : itsPrefix;
                delimiter = itsDelimiter == null || itsDelimiter.isEmpty() ? 0 : itsDelimiter.charAt(0);
            }
        }
    }
}
