package io.carryall.testkit.fake;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import io.carryall.core.item.Fingerprinter;
import io.carryall.core.item.SourceItem;
import io.carryall.core.port.MailException;
import io.carryall.core.port.SourceSession;
import io.carryall.core.record.FolderStatus;

/** A session to a {@link FakeMailServer} as a source. */
final class FakeSourceSession implements SourceSession {
    private final FakeMailbox mailbox;
    private final FakeSession session;

    FakeSourceSession(FakeMailServer server, FakeMailbox mailbox, int lostAtStart) {
        this.mailbox = mailbox;
        this.session = new FakeSession(server, lostAtStart);
    }

    @Override
    public List<MailFolder> folders() throws MailException {
        session.requireAlive();
        return mailbox.list();
    }

    @Override
    public Map<String, FolderStatus> statuses(List<String> rawNames) throws MailException {
        session.requireAlive();
        Map<String, FolderStatus> statuses = new LinkedHashMap<>();
        rawNames.forEach(raw -> mailbox.status(raw).ifPresent(status -> statuses.put(raw, status)));
        return statuses;
    }

    @Override
    public void enumerate(String rawName, long uidValidity, long fromUid, Consumer<SourceItem> items) throws MailException {
        for (FakeMailbox.Message message : open(rawName, uidValidity, fromUid)) {
            session.requireAlive();
            items.accept(new SourceItem(message.uid(), message.content().length, message.date().toEpochSecond()));
        }
    }

    @Override
    public void enumerateHeaders(String rawName, long uidValidity, long fromUid, Headers items) throws MailException {
        for (FakeMailbox.Message message : open(rawName, uidValidity, fromUid)) {
            session.requireAlive();
            items.item(new SourceItem(message.uid(), message.content().length, message.date().toEpochSecond()), identifying(message.content()));
        }
    }

    @Override
    public void headers(String rawName, long uidValidity, List<Long> uids, Headers items) throws MailException {
        Set<Long> wanted = new HashSet<>(uids);
        enumerateHeaders(rawName, uidValidity, 1, (item, lines) -> {
            if (wanted.contains(item.uid())) {
                items.item(item, lines);
            }
        });
    }

    private static byte[] identifying(byte[] content) {
        String header = new String(content, StandardCharsets.ISO_8859_1).split("\r\n\r\n", 2)[0];
        StringBuilder lines = new StringBuilder();
        for (String field : header.split("\r\n(?![ \t])")) {
            if (Fingerprinter.IDENTIFYING.contains(field.split(":", 2)[0].trim().toLowerCase(Locale.ROOT))) {
                lines.append(field).append("\r\n");
            }
        }
        return lines.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void fetch(String rawName, long uidValidity, List<Long> uids, Receiver receiver) throws MailException {
        Set<Long> wanted = new HashSet<>(uids);
        for (FakeMailbox.Message message : open(rawName, uidValidity, 1)) {
            if (wanted.contains(message.uid())) {
                session.requireAlive();
                FakeSession.hand(mailbox, rawName, List.of(message), receiver);
            }
        }
    }

    @Override
    public void flags(String rawName, long uidValidity, long sinceModSeq, Flags flags) throws MailException {
        for (FakeMailbox.Message message : open(rawName, uidValidity, 1)) {
            session.requireAlive();
            if (message.modSeq() > sinceModSeq) {
                flags.flags(message.uid(), message.flags());
            }
        }
    }

    @Override
    public void flags(String rawName, long uidValidity, List<Long> uids, Flags flags) throws MailException {
        flags(rawName, uidValidity, 0, (uid, names) -> {
            if (uids.contains(uid)) {
                flags.flags(uid, names);
            }
        });
    }

    private List<FakeMailbox.Message> open(String rawName, long uidValidity, long fromUid) throws MailException {
        session.requireAlive();
        boolean same = mailbox.status(rawName).filter(status -> status.uidValidity() == uidValidity).isPresent();
        if (!same) {
            throw FakeSession.changed(rawName);
        }
        return mailbox.messages(rawName, fromUid).orElseThrow(() -> FakeSession.changed(rawName));
    }

    @Override
    public boolean isAlive() {
        return session.isAlive();
    }

    @Override
    public void close() {
        session.close();
    }
}
