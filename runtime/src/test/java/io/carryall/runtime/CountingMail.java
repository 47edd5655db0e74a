package io.carryall.runtime;

import io.carryall.core.item.SourceItem;
import io.carryall.core.port.MailException;
import io.carryall.core.port.MailSystem;
import io.carryall.core.port.MailboxLogin;
import io.carryall.core.port.SourceSession;
import io.carryall.core.port.TargetSession;
import io.carryall.core.record.FolderStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Sessions that can do nothing but be counted; logins fail as told. */
final class CountingMail implements MailSystem {
    final List<Session> opened = new ArrayList<>();
    final Map<String, MailException> failures = new ConcurrentHashMap<>();
    volatile MailException failure;

    @Override
    public synchronized SourceSession openSource(MailboxLogin login) throws MailException {
        Session session = new Session(login);
        opened.add(session);
        MailException told = failures.getOrDefault(login.mailbox(), failure);
        if (told != null) {
            throw told;
        }
        return session;
    }

    @Override
    public TargetSession openTarget(MailboxLogin login) {
        throw new UnsupportedOperationException();
    }

    synchronized long count(String mailbox) {
        return opened.stream().filter(session -> session.login.mailbox().equals(mailbox)).count();
    }

    synchronized int count() {
        return opened.size();
    }

    static final class Session implements SourceSession {
        final MailboxLogin login;
        volatile boolean closed;

        private Session(MailboxLogin login) {
            this.login = login;
        }

        @Override
        public List<MailFolder> folders() {
            return List.of();
        }

        @Override
        public Map<String, FolderStatus> statuses(List<String> rawNames) {
            return Map.of();
        }

        @Override
        public void enumerate(String rawName, long uidValidity, long fromUid, Consumer<SourceItem> items) {
        }

        @Override
        public void enumerateHeaders(String rawName, long uidValidity, long fromUid, Headers items) {
        }

        @Override
        public void headers(String rawName, long uidValidity, List<Long> uids, Headers items) {
        }

        @Override
        public void fetch(String rawName, long uidValidity, List<Long> uids, Receiver receiver) {
        }

        @Override
        public void flags(String rawName, long uidValidity, long sinceModSeq, Flags flags) {
        }

        @Override
        public void flags(String rawName, long uidValidity, List<Long> uids, Flags flags) {
        }

        @Override
        public boolean isAlive() {
            return !closed;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
