package io.carryall.imap;

import io.carryall.core.port.Content;
import io.carryall.core.port.MailException;
import io.carryall.core.port.TargetSession.Appended;
import io.carryall.core.port.TargetSession.InDoubt;
import io.carryall.core.port.TargetSession.NotSent;
import io.carryall.core.port.TargetSession.Refused;
import io.carryall.core.port.TargetSession.Stored;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * APPEND, byte by byte: a message goes out as it is, and the committing bytes go last. All but the end of the last literal is sent and flushed, then the caller is asked whether it may commit, then the end goes out.
 *
 * <p>A server that can't parse an APPEND answers BAD and reads a literal that nobody held back as commands. So what is put into the command is ours to the last byte, what this server has not taken before (the folder's
 * name, a keyword, a date of long ago) goes with a literal that waits for the server's leave, and after a BAD the connection is closed.
 */
final class AppendCommand {
    /** So much of a message is held back until the caller says that it may commit. */
    private static final int HELD_BACK_BYTES_MAX = 256;
    /** So many APPENDs are under way at once where there is no MULTIAPPEND: their answers fit every buffer. */
    private static final int PIPELINED_MAX = 16;

    private final ImapConnection connection;
    private final String rawName;
    private final BooleanSupplier mayCommit;
    private final boolean binary;
    private final byte[] buffer = new byte[64 * 1024];

    AppendCommand(ImapConnection connection, String rawName, BooleanSupplier mayCommit) {
        this.connection = connection;
        this.rawName = rawName;
        this.mayCommit = mayCommit;
        this.binary = connection.capabilities().has("BINARY");
    }

    /**
     * One message, ready to go.
     *
     * @param date   as APPEND takes it, null for none
     * @param proven this server took its flags in this folder before, and is sure to take its date
     */
    record Message(List<String> flags, String date, Content content, boolean proven) {}

    /** @param refusedAt the message at which the server refused the command before its literal was sent, or -1 */
    record Answer(Appended appended, int refusedAt) {}

    /** All in one command: one message, or several where the server has MULTIAPPEND (RFC 3502). */
    Answer together(List<Message> messages) {
        boolean committing = false;
        try {
            String tag = connection.begin();
            connection.send("APPEND ");
            connection.sendString(tag, rawName);
            for (int i = 0; i < messages.size(); i++) {
                Sending sending = new Sending(tag, messages.get(i));
                Reply refused = sending.announce();
                if (refused != null) return new Answer(answer(refused, messages.size()), i);
                if (i < messages.size() - 1) {
                    sending.all();
                } else {
                    sending.allButTheEnd();
                    if (!mayCommit.getAsBoolean()) return new Answer(abandon("it may not be committed any more"), -1);
                    committing = true;
                    sending.theEnd();
                }
            }
            connection.end();
            return new Answer(answer(connection.await(tag, ImapConnection.Untagged.IGNORED), messages.size()), -1);
        } catch (MailException e) {
            return new Answer(committing ? inDoubt(e) : abandon(e.getMessage()), -1);
        } catch (IOException e) {
            return new Answer(committing ? inDoubt(e) : abandon("a message can't be read back: " + ServerText.clean(String.valueOf(e.getMessage()))), -1);
        } catch (RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** A command each, many under way at once where the server takes literals unasked. One answer for each message, in their order; not atomic. */
    List<Answer> each(List<Message> messages) {
        List<Answer> answers = new ArrayList<>();
        List<String> underWay = new ArrayList<>();
        for (Message message : messages) {
            if (!connection.isOpen()) {
                answers.add(new Answer(new NotSent("the connection was closed before"), -1));
                continue;
            }
            if (underWay.size() == PIPELINED_MAX || waits(message)) collect(underWay, answers);
            Answer early = connection.isOpen() ? start(message, underWay, answers) : new Answer(new NotSent("the connection was closed before"), -1);
            if (early != null) answers.add(early);
        }
        collect(underWay, answers);
        return answers;
    }

    /** Null: it is under way. Else its answer, after those of all before it. */
    private Answer start(Message message, List<String> underWay, List<Answer> answers) {
        boolean committing = false;
        try {
            String tag = connection.begin();
            connection.send("APPEND ");
            connection.sendString(tag, rawName);
            Sending sending = new Sending(tag, message);
            Reply refused = sending.announce();
            if (refused != null) return new Answer(answer(refused, 1), 0);
            sending.allButTheEnd();
            if (!mayCommit.getAsBoolean()) {
                collect(underWay, answers);
                return new Answer(abandon("it may not be committed any more"), -1);
            }
            committing = true;
            sending.theEnd();
            connection.end();
            underWay.add(tag);
            return null;
        } catch (MailException | IOException e) {
            Appended its = committing ? inDoubt(e) : abandon(ServerText.clean(String.valueOf(e.getMessage())));
            collect(underWay, answers);
            return new Answer(its, -1);
        } catch (RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private void collect(List<String> underWay, List<Answer> answers) {
        for (String tag : underWay) answers.add(new Answer(collect(tag), -1));
        underWay.clear();
    }

    private Appended collect(String tag) {
        if (!connection.isOpen()) return new InDoubt("the connection was closed before the server answered");
        try {
            return answer(connection.await(tag, ImapConnection.Untagged.IGNORED), 1);
        } catch (MailException e) {
            return inDoubt(e);
        }
    }

    private boolean waits(Message message) {
        return !message.proven() || !connection.takesUnasked(message.content().sizeBytes());
    }

    private Appended answer(Reply reply, int messages) {
        if (reply.isOk()) return stored(reply, messages);
        boolean bad = reply.status() == Reply.Status.BAD;
        if (bad) connection.close();
        return new Refused(bad, reply.code(), reply.text(), reply.backoffMillis());
    }

    /** {@code [APPENDUID 38505 3955:3957]}; with MULTIAPPEND a set (RFC 4315 section 3). */
    private static Stored stored(Reply reply, int messages) {
        String[] told = reply.code().equals("APPENDUID") ? reply.arguments().split(" ", 2) : new String[0];
        if (told.length != 2 || !told[0].matches("\\d{1,10}")) return new Stored(0, List.of(), List.of());
        long[] uids = UidSet.parse(told[1].trim(), messages);
        List<Long> list = new ArrayList<>();
        if (uids != null) for (long uid : uids) list.add(uid);
        return new Stored(Long.parseLong(told[0]), list, List.<Set<String>>of());
    }

    /** Nothing that commits has left us; the server sees the connection end inside a literal. */
    private NotSent abandon(String why) {
        connection.close();
        return new NotSent(why);
    }

    private InDoubt inDoubt(Exception e) {
        connection.close();
        return new InDoubt("no answer came: " + ServerText.clean(String.valueOf(e.getMessage())));
    }

    /** One message on its way. A message that fits the buffer is read once. */
    private final class Sending {
        private final String tag;
        private final Message message;
        private final long length;
        private int buffered;
        private int held;

        Sending(String tag, Message message) {
            this.tag = tag;
            this.message = message;
            this.length = message.content().sizeBytes();
        }

        /** Flags, date and the literal's length. The tagged reply if the server does not want it, else null. */
        Reply announce() throws IOException, MailException {
            boolean small = length <= buffer.length;
            if (small) buffered = readWhole();
            // RFC 3501 has no NUL in literals; servers change it, but for a literal8 (RFC 3516)
            boolean literal8 = binary && (small ? hasNul(buffered) : hasNul());
            boolean waits = waits(message);
            connection.send(" (" + String.join(" ", message.flags()) + ")" + (message.date() == null ? "" : " \"" + message.date() + "\"") + (literal8 ? " ~{" : " {") + length + (waits ? "}\r\n" : "+}\r\n"));
            return waits ? connection.awaitContinuation(tag) : null;
        }

        private int readWhole() throws IOException {
            try (InputStream in = message.content().open()) {
                int n = in.readNBytes(buffer, 0, (int) length);
                if (n < length) throw new IOException("it ended after " + n + " of " + length + " bytes");
                return n;
            }
        }

        private boolean hasNul(int n) {
            for (int i = 0; i < n; i++) if (buffer[i] == 0) return true;
            return false;
        }

        private boolean hasNul() throws IOException {
            try (InputStream in = message.content().open()) {
                for (int n = in.read(buffer); n > 0; n = in.read(buffer)) if (hasNul(n)) return true;
            }
            return false;
        }

        void all() throws IOException, MailException {
            send(0);
        }

        void allButTheEnd() throws IOException, MailException {
            held = (int) Math.min(length, HELD_BACK_BYTES_MAX);
            send(held);
            connection.flush();
        }

        /** What was held back stands at the buffer's start. */
        void theEnd() throws MailException {
            write(0, held);
        }

        private void send(int holdBack) throws IOException, MailException {
            if (length <= buffer.length) {
                write(0, buffered - holdBack);
                System.arraycopy(buffer, buffered - holdBack, buffer, 0, holdBack);
                return;
            }
            try (InputStream in = message.content().open()) {
                for (long left = length - holdBack; left > 0; ) {
                    int n = in.read(buffer, 0, (int) Math.min(left, buffer.length));
                    if (n <= 0) throw new IOException("it ended before its " + length + " bytes");
                    write(0, n);
                    left -= n;
                }
                if (in.readNBytes(buffer, 0, holdBack) < holdBack) throw new IOException("it ended before its " + length + " bytes");
            }
        }

        private void write(int from, int n) throws MailException {
            connection.send(buffer, from, n);
        }
    }
}
