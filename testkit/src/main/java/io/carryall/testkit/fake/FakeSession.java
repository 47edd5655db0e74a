package io.carryall.testkit.fake;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;

import io.carryall.core.port.MailException;
import io.carryall.core.port.MailException.Kind;
import io.carryall.core.port.SourceSession.Receiver;

/** What both kinds of session have: a connection that can be lost, and a way to hand messages over. */
final class FakeSession {
    private final FakeMailServer server;
    private final int lostAtStart;
    private boolean closed;

    FakeSession(FakeMailServer server, int lostAtStart) {
        this.server = server;
        this.lostAtStart = lostAtStart;
    }

    boolean isAlive() {
        return !closed && server.lost() == lostAtStart;
    }

    void requireAlive() throws MailException {
        if (!isAlive()) {
            throw new MailException(Kind.UNREACHABLE, "the connection was lost");
        }
    }

    void close() {
        closed = true;
    }

    static MailException changed(String rawName) {
        return new MailException(Kind.FOLDER_CHANGED, "the folder " + rawName + " is gone, or another one");
    }

    static void hand(FakeMailbox mailbox, String rawName, List<FakeMailbox.Message> messages, Receiver receiver) {
        for (FakeMailbox.Message message : messages) {
            if (mailbox.isUnreadable(rawName, message.uid())) {
                receiver.unreadable(message.uid(), "the server could not read it");
                continue;
            }
            try (OutputStream out = receiver.content(message.uid())) {
                out.write(message.content());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            receiver.fetched(message.uid(), message.flags(), message.date());
        }
    }
}
