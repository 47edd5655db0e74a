package io.carryall.testkit.mail;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.carryall.testkit.dovecot.Dovecot;

/**
 * A small IMAP client on a socket, for tests: quick enough to fill mailboxes, plain enough to be believed as a yardstick, and rude enough ({@link #raw}) to break the
 * protocol on purpose. It shares no code with the IMAP connector.
 *
 * <p>Folder names are Unicode with the server's own delimiter between levels. A command answered NO or BAD throws {@link Refused}; a connection that ends throws
 * {@link UncheckedIOException}. Reads wait a minute at most. Not thread-safe.
 */
public final class PlainImap implements AutoCloseable {
    private static final DateTimeFormatter INTERNAL_DATE = DateTimeFormatter.ofPattern("dd-MMM-yyyy HH:mm:ss xx", Locale.ENGLISH);
    private static final DateTimeFormatter INTERNAL_DATE_READ = DateTimeFormatter.ofPattern("d-MMM-yyyy HH:mm:ss xx", Locale.ENGLISH);
    private static final Pattern LITERAL = Pattern.compile("\\{(\\d+)\\+?}$");
    private static final Pattern APPENDUID = Pattern.compile("\\[APPENDUID (\\d+) ([\\d:,]+)]");
    private static final int READ_MILLIS_MAX = 180_000;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final String greeting;
    private Set<String> capabilities = Set.of();
    private int commands;

    private PlainImap(String host, int port) throws IOException {
        socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(host, port), READ_MILLIS_MAX);
        socket.setSoTimeout(READ_MILLIS_MAX);
        in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
        greeting = readResponse().text();
    }

    /** A connection that has seen the greeting and nothing more. */
    public static PlainImap connect(String host, int port) {
        try {
            return new PlainImap(host, port);
        } catch (IOException e) {
            throw new UncheckedIOException("no IMAP server answers on " + host + ":" + port, e);
        }
    }

    public static PlainImap login(String host, int port, String user, String password) {
        PlainImap imap = connect(host, port);
        imap.command("LOGIN " + quoted(user) + " " + quoted(password));
        imap.readCapabilities();
        return imap;
    }

    public static PlainImap login(Dovecot server, String user) {
        return login(Dovecot.HOST, server.port(), user, Dovecot.PASSWORD);
    }

    /** Logs the administrator in to a user's mailbox, by SASL PLAIN with the user as authorization identity. */
    public static PlainImap loginAsMaster(Dovecot server, String user) {
        PlainImap imap = connect(Dovecot.HOST, server.port());
        String response = user + "\0" + Dovecot.MASTER_USER + "\0" + Dovecot.MASTER_PASSWORD;
        imap.command("AUTHENTICATE PLAIN " + Base64.getEncoder().encodeToString(response.getBytes(StandardCharsets.UTF_8)));
        imap.readCapabilities();
        return imap;
    }

    private void readCapabilities() {
        capabilities = new TreeSet<>();
        for (ImapResponse response : command("CAPABILITY").untagged()) {
            if (response.text().startsWith("* CAPABILITY ")) {
                capabilities.addAll(List.of(response.text().substring(13).trim().toUpperCase(Locale.ROOT).split(" ")));
            }
        }
    }

    public String greeting() {
        return greeting;
    }

    public boolean has(String capability) {
        return capabilities.contains(capability.toUpperCase(Locale.ROOT));
    }

    /** Between the levels of a folder name, and what personal folders start with (RFC 2342). */
    public Namespace namespace() {
        if (has("NAMESPACE")) {
            for (ImapResponse response : command("NAMESPACE").untagged()) {
                List<Object> values = response.values();
                if (values.size() > 2 && values.get(1).equals("NAMESPACE") && values.get(2) instanceof List<?> personal && personal.get(0) instanceof List<?> first) {
                    return new Namespace(ModifiedUtf7.decode(ImapResponse.asText(first.get(0))), ImapResponse.asText(first.get(1)));
                }
            }
        }
        List<Object> root = command("LIST \"\" \"\"").untagged().get(0).values();
        return new Namespace("", ImapResponse.asText(root.get(3)));
    }

    /** What personal folders start with, and what separates their levels. */
    public record Namespace(String prefix, String delimiter) {
        /** This server's name for a folder that is written with {@code /} between levels and without prefix. */
        public String name(String path) {
            return path.equalsIgnoreCase("INBOX") ? "INBOX" : prefix + path.replace("/", delimiter);
        }
    }

    // Folders

    public void create(String folder) {
        command("CREATE " + folderName(folder));
    }

    /** Makes the folder if it is not there. */
    public void ensure(String folder) {
        Reply reply = attempt("CREATE " + folderName(folder));
        if (!reply.ok() && !reply.text().contains("ALREADYEXISTS") && !reply.text().toLowerCase(Locale.ROOT).contains("exists")) {
            throw new Refused("CREATE", reply.text());
        }
    }

    public void delete(String folder) {
        command("DELETE " + folderName(folder));
    }

    public void rename(String folder, String to) {
        command("RENAME " + folderName(folder) + " " + folderName(to));
    }

    public void subscribe(String folder) {
        command("SUBSCRIBE " + folderName(folder));
    }

    public void unsubscribe(String folder) {
        command("UNSUBSCRIBE " + folderName(folder));
    }

    /** All folders, in the server's order. */
    public List<ListedFolder> list() {
        return listed("LIST");
    }

    public Set<String> subscribed() {
        Set<String> names = new TreeSet<>();
        listed("LSUB").stream().filter(folder -> !folder.attributes().contains("\\noselect")).forEach(folder -> names.add(folder.name()));
        return names;
    }

    private List<ListedFolder> listed(String verb) {
        List<ListedFolder> folders = new ArrayList<>();
        for (ImapResponse response : command(verb + " \"\" \"*\"").untagged()) {
            List<Object> values = response.values();
            if (values.size() >= 5 && values.get(1).equals(verb)) {
                Set<String> attributes = new TreeSet<>();
                ((List<?>) values.get(2)).forEach(attribute -> attributes.add(ImapResponse.asText(attribute).toLowerCase(Locale.ROOT)));
                String wire = ImapResponse.asText(values.get(4));
                folders.add(new ListedFolder(ModifiedUtf7.decode(wire), wire, ImapResponse.asText(values.get(3)), attributes));
            }
        }
        return folders;
    }

    /** @param attributes in lower case */
    public record ListedFolder(String name, String wireName, String delimiter, Set<String> attributes) {
        public boolean selectable() {
            return !attributes.contains("\\noselect") && !attributes.contains("\\nonexistent");
        }
    }

    /** Opens a folder to change it. Note that this takes {@code \Recent} from its messages. */
    public Selected select(String folder) {
        return open("SELECT " + folderName(folder));
    }

    /** Opens a folder read-only; nothing in it changes by that. */
    public Selected examine(String folder) {
        return open("EXAMINE " + folderName(folder));
    }

    Selected examineWireName(String wireName) {
        return open("EXAMINE " + quoted(wireName));
    }

    private Selected open(String command) {
        Reply reply = command(command);
        long uidValidity = 0;
        long uidNext = 0;
        int messages = 0;
        for (ImapResponse response : reply.untagged()) {
            String text = response.text();
            uidValidity = number(text, "\\[UIDVALIDITY (\\d+)]", uidValidity);
            uidNext = number(text, "\\[UIDNEXT (\\d+)]", uidNext);
            messages = (int) number(text, "^\\* (\\d+) EXISTS", messages);
        }
        return new Selected(uidValidity, uidNext, messages);
    }

    private static long number(String text, String pattern, long otherwise) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : otherwise;
    }

    public record Selected(long uidValidity, long uidNext, int messages) { }

    // Messages

    /** Appends messages in their order, as few commands and round trips as the server allows. Returns their UIDs, empty when the server does not say. */
    public List<Long> append(String folder, Collection<Mail> mails) {
        if (mails.isEmpty()) {
            return List.of();
        }
        if (has("MULTIAPPEND")) {
            return appendCommand(folder, mails);
        }
        List<Long> uids = new ArrayList<>();
        mails.forEach(mail -> uids.addAll(appendCommand(folder, List.of(mail))));
        return uids;
    }

    public List<Long> append(String folder, Mail... mails) {
        return append(folder, List.of(mails));
    }

    private List<Long> appendCommand(String folder, Collection<Mail> mails) {
        try {
            String tag = send("APPEND " + folderName(folder));
            for (Mail mail : mails) {
                literalHead(mail);
                out.write(mail.content());
            }
            write("\r\n");
            out.flush();
            Reply reply = await(tag, response -> { });
            return appended(require("APPEND", reply).text());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void literalHead(Mail mail) throws IOException {
        String head = " (" + String.join(" ", mail.flags()) + ") \"" + INTERNAL_DATE.format(mail.internalDate()) + "\" {" + mail.content().length;
        if (has("LITERAL+")) {
            write(head + "+}\r\n");
            return;
        }
        write(head + "}\r\n");
        out.flush();
        String line = readResponse().text();
        if (!line.startsWith("+")) {
            throw new Refused("APPEND", line);
        }
    }

    private static List<Long> appended(String text) {
        Matcher matcher = APPENDUID.matcher(text);
        return matcher.find() ? numbers(matcher.group(2)) : List.of();
    }

    private static List<Long> numbers(String set) {
        List<Long> numbers = new ArrayList<>();
        for (String range : set.split(",")) {
            String[] ends = range.split(":");
            for (long n = Long.parseLong(ends[0]); n <= Long.parseLong(ends[ends.length - 1]); n++) {
                numbers.add(n);
            }
        }
        return numbers;
    }

    /** UIDs of the messages of the folder that is open. */
    public List<Long> uids() {
        return search("ALL");
    }

    public List<Long> search(String criteria) {
        List<Long> uids = new ArrayList<>();
        for (ImapResponse response : command("UID SEARCH " + criteria).untagged()) {
            if (response.text().startsWith("* SEARCH ")) {
                for (String uid : response.text().substring(9).trim().split(" ")) {
                    uids.add(Long.parseLong(uid));
                }
            }
        }
        return uids;
    }

    /** Reads messages one by one, bodies with BODY.PEEK: nothing changes by that. At most one message is held. */
    public void fetch(String uidSet, Consumer<Fetched> each) {
        execute("UID FETCH " + uidSet + " (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])", response -> {
            List<Object> values = response.values();
            if (values.size() >= 4 && values.get(2).equals("FETCH") && ImapResponse.after((List<?>) values.get(3), "BODY[]") != null) {
                each.accept(fetched((List<?>) values.get(3)));
            }
        });
    }

    private static Fetched fetched(List<?> values) {
        Set<String> flags = new TreeSet<>();
        ((List<?>) ImapResponse.after(values, "FLAGS")).forEach(flag -> flags.add(ImapResponse.asText(flag)));
        Object body = ImapResponse.after(values, "BODY[]");
        return new Fetched(Long.parseLong(ImapResponse.asText(ImapResponse.after(values, "UID"))), flags,
                OffsetDateTime.parse(ImapResponse.asText(ImapResponse.after(values, "INTERNALDATE")).trim(), INTERNAL_DATE_READ),
                Long.parseLong(ImapResponse.asText(ImapResponse.after(values, "RFC822.SIZE"))),
                body instanceof byte[] bytes ? bytes : ImapResponse.asText(body).equals("NIL") ? new byte[0] : ImapResponse.asText(body).getBytes(StandardCharsets.ISO_8859_1));
    }

    /** @param sizeSaid what the server says the size is; it may not be so */
    public record Fetched(long uid, Set<String> flags, OffsetDateTime internalDate, long sizeSaid, byte[] content) { }

    public Fetched fetchOne(long uid) {
        List<Fetched> found = new ArrayList<>();
        fetch(Long.toString(uid), found::add);
        return found.stream().filter(one -> one.uid() == uid).findFirst().orElseThrow(() -> new AssertionError("no message with UID " + uid));
    }

    public void addFlags(String uidSet, String... flags) {
        command("UID STORE " + uidSet + " +FLAGS.SILENT (" + String.join(" ", flags) + ")");
    }

    public void removeFlags(String uidSet, String... flags) {
        command("UID STORE " + uidSet + " -FLAGS.SILENT (" + String.join(" ", flags) + ")");
    }

    /** Deletes for good exactly these messages of the open folder (needs UIDPLUS; without it, all that are marked deleted). */
    public void expunge(String uidSet) {
        addFlags(uidSet, "\\Deleted");
        command(has("UIDPLUS") ? "UID EXPUNGE " + uidSet : "EXPUNGE");
    }

    public void copy(String uidSet, String toFolder) {
        command("UID COPY " + uidSet + " " + folderName(toFolder));
    }

    public void move(String uidSet, String toFolder) {
        command("UID MOVE " + uidSet + " " + folderName(toFolder));
    }

    /** {@code 1,2,3} of a list of UIDs. */
    public static String set(Collection<Long> uids) {
        StringBuilder set = new StringBuilder();
        uids.forEach(uid -> set.append(set.length() == 0 ? "" : ",").append(uid));
        return set.toString();
    }

    // Commands

    /** Sends a command and returns what came, or throws {@link Refused} for NO and BAD. */
    public Reply command(String command) {
        return require(command.split(" ")[0], attempt(command));
    }

    /** Sends a command and returns what came, whatever it is. */
    public Reply attempt(String command) {
        List<ImapResponse> untagged = new ArrayList<>();
        Reply reply = run(command, untagged::add);
        return new Reply(reply.text(), untagged);
    }

    /** Sends a command and hands each untagged response on as it comes. */
    public void execute(String command, Consumer<ImapResponse> each) {
        require(command.split(" ")[0], run(command, each));
    }

    private Reply run(String command, Consumer<ImapResponse> each) {
        try {
            String tag = send(command);
            write("\r\n");
            out.flush();
            return await(tag, each);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Reply require(String verb, Reply reply) {
        if (!reply.ok()) {
            throw new Refused(verb, reply.text());
        }
        return reply;
    }

    /** Bytes as they are, tag and all; the way to break the protocol on purpose. */
    public void raw(byte[] bytes) {
        try {
            out.write(bytes);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next response, whatever it is: after {@link #raw}. */
    public ImapResponse next() {
        try {
            return readResponse();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A folder name as it stands in a command. */
    public static String folderName(String unicode) {
        return quoted(ModifiedUtf7.encode(unicode));
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private String send(String command) throws IOException {
        String tag = "p" + ++commands;
        write(tag + " " + command);
        return tag;
    }

    private void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private Reply await(String tag, Consumer<ImapResponse> each) throws IOException {
        while (true) {
            ImapResponse response = readResponse();
            if (response.text().startsWith(tag + " ")) {
                return new Reply(response.text().substring(tag.length() + 1), List.of());
            }
            each.accept(response);
        }
    }

    private ImapResponse readResponse() throws IOException {
        List<String> pieces = new ArrayList<>();
        List<byte[]> literals = new ArrayList<>();
        while (true) {
            String line = readLine();
            pieces.add(line);
            Matcher literal = LITERAL.matcher(line);
            if (!literal.find()) {
                return new ImapResponse(pieces, literals);
            }
            literals.add(readExactly(Integer.parseInt(literal.group(1))));
        }
    }

    private byte[] readExactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the connection ended inside a literal");
        }
        return bytes;
    }

    private String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(128);
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the connection ended");
            }
            line.write(b);
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    /** A tagged response without its tag, and the untagged ones before it. */
    public record Reply(String text, List<ImapResponse> untagged) {
        public boolean ok() {
            return text.startsWith("OK");
        }
    }

    /** The server said NO or BAD. */
    public static final class Refused extends RuntimeException {
        Refused(String verb, String text) {
            super(verb + " was answered: " + text);
        }
    }

    /** Says goodbye if that is still possible, and closes. */
    @Override
    public void close() {
        try (Socket closing = socket) {
            closing.setSoTimeout(2_000);
            write("bye LOGOUT\r\n");
            out.flush();
            readResponse();
        } catch (IOException gone) {
            // Closed by the server or by the test: either way it is closed now.
        }
    }
}
