package io.carryall.imap;

import io.carryall.core.port.MailException;
import io.carryall.core.port.MailException.Kind;
import io.carryall.imap.Reply.Status;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One connection and what IMAP says of every command: tags, literals, replies. Used by one thread.
 *
 * <p>Replies are read off the wire as they come; {@link Untagged} gets each with the reader standing at its data, takes what it wants and may leave the rest. After a {@link MailException} of kind UNREACHABLE or
 * TIMEOUT, and after any exception that an {@link Untagged} throws, the connection is closed.
 */
final class ImapConnection implements AutoCloseable {

    /** Takes untagged replies. */
    interface Untagged {
        Untagged IGNORED = (name, number, in) -> {
        };

        /**
         * @param name   in capitals: FETCH, LIST, EXISTS …
         * @param number before the name, or -1
         * @param in     stands behind the name; a {@link BadSyntax} loses this reply only
         */
        void data(String name, long number, WireInput in) throws IOException;

        /** An untagged status response that is not BYE. */
        default void status(Reply reply) {
        }
    }

    /** In the library's words. */
    private static final String WRITE_TIMED_OUT = "Write timed out";

    private final String server;
    private Socket socket;
    private WireInput in;
    private OutputStream out;
    private ServerCapabilities capabilities = ServerCapabilities.NONE;
    private boolean capabilitiesTold;
    private boolean exchange;
    private Reply bye;
    private int commands;
    private boolean open = true;

    ImapConnection(String server, Socket socket) throws IOException {
        this.server = server;
        use(socket);
    }

    /** Goes on over another socket (STARTTLS): what was said before does not count any more. */
    void use(Socket other) throws IOException {
        // a small last packet must not wait for the acknowledgement of the one before
        other.setTcpNoDelay(true);
        // whenever we go without a word, be it by kill -9, what our kernel still holds must not reach the server later
        other.setSoLinger(true, 0);
        socket = other;
        in = new WireInput(other.getInputStream());
        out = new BufferedOutputStream(other.getOutputStream(), 64 * 1024);
        capabilities = ServerCapabilities.NONE;
        capabilitiesTold = false;
    }

    Socket socket() {
        return socket;
    }

    /** Bytes that came behind the answer to STARTTLS were put there by somebody else (CVE-2011-0411 and its kin). */
    boolean hasUnreadBytes() {
        return in.hasBuffered();
    }

    ServerCapabilities capabilities() {
        return capabilities;
    }

    /** By its greeting, which is the same on premises and online. A proxy before it, or a banner of the operator's own, hides it. */
    boolean isExchange() {
        return exchange;
    }

    boolean isOpen() {
        return open;
    }

    Reply greeting() throws MailException {
        try {
            in.expect('*');
            in.skipSpaces();
            Status status = status(in.atom().toUpperCase(Locale.ROOT));
            if (status == null) throw new BadSyntax("a greeting expected");
            Reply greeting = Reply.of(status, in.textLine());
            learn(greeting);
            exchange = greeting.text().contains("Microsoft Exchange");
            return greeting;
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** Asks for the capabilities unless the last answer told them. */
    void learnCapabilities() throws MailException {
        if (capabilitiesTold) return;
        Reply reply = command("CAPABILITY", Untagged.IGNORED);
        if (!reply.isOk()) throw reply.failure(Kind.REFUSED, "CAPABILITY");
    }

    /** After a login or STARTTLS: what was announced before is void. */
    void forgetCapabilities() {
        capabilitiesTold = false;
    }

    /** Sends a command without strings of a foreign hand and waits for its end. */
    Reply command(String text, Untagged untagged) throws MailException {
        String tag = begin();
        send(text);
        end();
        return await(tag, untagged);
    }

    /** Sends {@code before mailbox after} and waits for its end. */
    Reply command(String before, String rawMailbox, String after, Untagged untagged) throws MailException {
        String tag = begin();
        send(before + " ");
        sendString(tag, rawMailbox);
        send(after);
        end();
        return await(tag, untagged);
    }

    String begin() throws MailException {
        String tag = "c" + ++commands;
        send(tag + " ");
        return tag;
    }

    void send(String ascii) throws MailException {
        send(ascii.getBytes(StandardCharsets.ISO_8859_1));
    }

    void send(byte[] bytes) throws MailException {
        send(bytes, 0, bytes.length);
    }

    void send(byte[] bytes, int from, int length) throws MailException {
        try {
            out.write(bytes, from, length);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** A mailbox name or login word: quoted where its bytes allow it, else a literal. */
    void sendString(String tag, String raw) throws MailException {
        if (isQuotable(raw)) {
            send('"' + raw.replace("\\", "\\\\").replace("\"", "\\\"") + '"');
            return;
        }
        sendLiteral(tag, raw.getBytes(StandardCharsets.ISO_8859_1));
    }

    static boolean isQuotable(String raw) {
        return raw.chars().allMatch(c -> c >= ' ' && c < 0x7F);
    }

    private void sendLiteral(String tag, byte[] bytes) throws MailException {
        boolean waits = !takesUnasked(bytes.length);
        send("{" + bytes.length + (waits ? "}\r\n" : "+}\r\n"));
        if (waits) {
            Reply refused = awaitContinuation(tag);
            if (refused != null) throw refused.failure(Kind.REFUSED, "a literal");
        }
        send(bytes);
    }

    /** Whether a literal of that length may be sent without the server's leave (RFC 7888). */
    boolean takesUnasked(long length) {
        return capabilities.has("LITERAL+") || capabilities.has("LITERAL-") && length <= 4096;
    }

    void end() throws MailException {
        send("\r\n");
        flush();
    }

    /** Ends a command without pushing it out: another follows at once. */
    void endUnflushed() throws MailException {
        send("\r\n");
    }

    void flush() throws MailException {
        try {
            out.flush();
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** Waits until the server asks for the literal: null, or the tagged reply by which it refuses the command. */
    Reply awaitContinuation(String tag) throws MailException {
        flush();
        try {
            for (;;) {
                int first = in.peek();
                if (first == '+') {
                    in.textLine();
                    return null;
                }
                if (first == '*') untagged(Untagged.IGNORED);
                else return tagged(tag);
            }
        } catch (IOException e) {
            throw broken(e);
        }
    }

    Reply await(String tag, Untagged untagged) throws MailException {
        try {
            for (;;) {
                int first = in.peek();
                if (first == '*') untagged(untagged);
                else if (first == '+') in.textLine();
                else return tagged(tag);
            }
        } catch (IOException e) {
            throw broken(e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private Reply tagged(String tag) throws IOException {
        String its = in.atom();
        in.skipSpaces();
        Status status = status(in.atom().toUpperCase(Locale.ROOT));
        if (!its.equals(tag) || status == null) throw new BadSyntax("the answer to " + tag + " expected");
        Reply reply = Reply.of(status, in.textLine());
        learn(reply);
        return reply;
    }

    private void untagged(Untagged taker) throws IOException {
        in.read();
        in.skipSpaces();
        String name = in.atom().toUpperCase(Locale.ROOT);
        Status status = status(name);
        if (status != null) {
            Reply reply = Reply.of(status, in.textLine());
            learn(reply);
            if (status == Status.BYE) bye = reply;
            else taker.status(reply);
            return;
        }
        if (name.equals("CAPABILITY")) {
            announced(new String(in.textLine(), StandardCharsets.ISO_8859_1));
            return;
        }
        try {
            long number = -1;
            if (!name.isEmpty() && name.charAt(0) >= '0' && name.charAt(0) <= '9') {
                number = number(name);
                in.skipSpaces();
                name = in.atom().toUpperCase(Locale.ROOT);
            }
            taker.data(name, number, in);
        } catch (BadSyntax e) {
            // this reply is lost, not the command: whoever asked reconciles what came with what was asked for
        }
        in.skipResponse();
    }

    private static long number(String digits) throws BadSyntax {
        try {
            if (digits.length() <= 18) return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            // said below
        }
        throw new BadSyntax("a number expected");
    }

    private static Status status(String word) {
        return switch (word) {
            case "OK" -> Status.OK;
            case "NO" -> Status.NO;
            case "BAD" -> Status.BAD;
            case "BYE" -> Status.BYE;
            case "PREAUTH" -> Status.PREAUTH;
            default -> null;
        };
    }

    private void learn(Reply reply) {
        if (reply.code().equals("CAPABILITY")) announced(reply.arguments());
    }

    private void announced(String line) {
        capabilities = ServerCapabilities.of(line);
        capabilitiesTold = true;
    }

    /** Closes the connection and says why it broke. */
    MailException broken(IOException e) {
        close();
        if (bye != null) return new MailException(bye.asksForTime() ? Kind.TRY_LATER : Kind.UNREACHABLE, server + " ended the connection: " + bye, bye.backoffMillis(), e);
        if (e instanceof SocketTimeoutException || WRITE_TIMED_OUT.equals(e.getMessage())) return new MailException(Kind.TIMEOUT, server + " did not answer in time", 0, e);
        if (e instanceof BadSyntax) return new MailException(Kind.REFUSED, server + " said what is no IMAP: " + ServerText.clean(e.getMessage()), 0, e);
        return new MailException(Kind.UNREACHABLE, "the connection to " + server + " broke: " + ServerText.clean(String.valueOf(e.getMessage())), 0, e);
    }

    boolean isAlive() {
        if (!open) return false;
        try {
            return command("NOOP", Untagged.IGNORED).isOk();
        } catch (MailException e) {
            return false;
        }
    }

    /** A word of goodbye, without waiting for an answer, if nothing else is under way. */
    void logout() {
        if (!open) return;
        try {
            out.write(("c" + ++commands + " LOGOUT\r\n").getBytes(StandardCharsets.US_ASCII));
            out.flush();
            socket.setSoLinger(false, 0);
        } catch (IOException e) {
            // it is being closed anyway
        }
        close();
    }

    @Override
    public void close() {
        open = false;
        try {
            socket.close();
        } catch (IOException e) {
            // nothing is left to be done with it
        }
    }

    @Override
    public String toString() {
        return server;
    }
}
