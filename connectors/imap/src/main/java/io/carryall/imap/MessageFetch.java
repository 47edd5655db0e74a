package io.carryall.imap;

import io.carryall.core.port.MailException;
import io.carryall.core.port.MailException.Kind;
import io.carryall.core.port.SourceSession.Receiver;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Fetches messages whole, many with one command. Bodies go from the connection's buffer straight to the receiver, whatever their size; what was asked for is always reconciled with what came:
 * messages whose reply could not be understood, or that a refused command left out, are asked for once more, one by one, and only then called unreadable.
 */
final class MessageFetch implements ImapConnection.Untagged, FetchReply.Body {
    private static final String ITEMS = " (UID FLAGS INTERNALDATE BODY.PEEK[])";

    private final ImapConnection connection;
    private final Receiver receiver;
    private final FetchReply reply = new FetchReply();
    private final Set<Long> open = new TreeSet<>();
    private final Set<Long> again = new TreeSet<>();
    /** The server gave no body: it can't, or the message went after the folder was opened. By UID, with what there is to say. */
    private final Map<Long, String> bodiless = new TreeMap<>();
    /** The only one asked for, when UIDs that come behind the body must not matter; else 0. */
    private long alone;
    private long begun;

    private MessageFetch(ImapConnection connection, Receiver receiver) {
        this.connection = connection;
        this.receiver = receiver;
    }

    /** Of the open folder. What the receiver hears nothing of is not there. */
    static void run(ImapConnection connection, Collection<Long> uids, Receiver receiver) throws MailException {
        new MessageFetch(connection, receiver).run(uids);
    }

    private void run(Collection<Long> uids) throws MailException {
        open.addAll(uids);
        List<String> pieces = UidSet.pieces(open.stream().mapToLong(Long::longValue).toArray());
        boolean refused = false;
        for (String piece : pieces) refused |= !ask(piece).isOk();
        if (refused) again.addAll(open);
        for (long uid : List.copyOf(again)) askAlone(uid);
        if (!bodiless.isEmpty()) tellUnreadableFromGone();
    }

    /** A server goes on naming messages that others have expunged until a command after which it may say so: NOOP, not FETCH (RFC 9051 section 7.5.1). */
    private void tellUnreadableFromGone() throws MailException {
        connection.command("NOOP", ImapConnection.Untagged.IGNORED);
        Set<Long> there = new TreeSet<>();
        ImapConnection.Untagged look = (name, number, in) -> {
            if (name.equals("FETCH")) reply.read(in, ImapSource.NO_BODY);
            if (name.equals("FETCH")) there.add(reply.uid());
        };
        for (String piece : UidSet.pieces(bodiless.keySet().stream().mapToLong(Long::longValue).toArray())) {
            // a server that does not even tell this may have all of them
            if (!connection.command("UID FETCH " + piece + " (UID)", look).isOk()) there.addAll(bodiless.keySet());
        }
        bodiless.forEach((uid, detail) -> {
            if (there.contains(uid)) unreadable(uid, detail);
        });
    }

    private Reply ask(String set) throws MailException {
        Reply end = connection.command("UID FETCH " + set + ITEMS, this);
        if (!end.isOk() && end.asksForTime()) throw end.failure(Kind.REFUSED, "fetching messages");
        return end;
    }

    private void askAlone(long uid) throws MailException {
        alone = uid;
        open.add(uid);
        again.remove(uid);
        Reply end = ask(Long.toString(uid));
        boolean stillOpen = open.remove(uid);
        boolean garbled = again.remove(uid);
        if (!end.isOk() && stillOpen) bodiless.put(uid, end.toString());
        else if (garbled) unreadable(uid, "the server's reply can't be understood");
    }

    @Override
    public void data(String name, long number, WireInput in) throws IOException {
        if (!name.equals("FETCH")) return;
        begun = 0;
        try {
            reply.read(in, this);
        } catch (BadSyntax e) {
            if (begun == 0 && isAsked(reply.uid())) {
                open.remove(reply.uid());
                again.add(reply.uid());
            }
            if (begun != 0) receiver.unreadable(begun, "the server's reply can't be understood");
            throw e;
        }
        if (begun == 0) return;
        receiver.fetched(begun, reply.flags() == null ? Set.of() : reply.flags(), reply.date().value());
    }

    private boolean isAsked(long uid) {
        return open.contains(uid);
    }

    @Override
    public void take(long uid, long length, WireInput in) throws IOException {
        long its = uid == 0 ? alone : uid;
        if (begun != 0 || !isAsked(its)) {
            // a body before its UID: it stays open, so it is asked for again
            if (length > 0) in.discard(length);
            if (uid == 0) again.addAll(open);
            return;
        }
        if (length < 0) {
            open.remove(its);
            again.remove(its);
            bodiless.put(its, "the server has the message and gives no body (NIL)");
            return;
        }
        try (OutputStream to = begin(its)) {
            in.pump(length, to);
        }
    }

    @Override
    public void take(long uid, byte[] bytes) throws IOException {
        long its = uid == 0 ? alone : uid;
        if (begun != 0 || !isAsked(its)) {
            if (uid == 0) again.addAll(open);
            return;
        }
        try (OutputStream to = begin(its)) {
            to.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private OutputStream begin(long uid) {
        open.remove(uid);
        again.remove(uid);
        begun = uid;
        return receiver.content(uid);
    }

    private void unreadable(long uid, String detail) {
        try {
            receiver.content(uid).close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        receiver.unreadable(uid, detail);
    }
}
