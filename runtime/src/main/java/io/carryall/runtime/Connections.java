package io.carryall.runtime;

import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.migration.Limits;
import io.carryall.core.port.Clock;
import io.carryall.core.port.MailException;
import io.carryall.core.port.MailSystem;
import io.carryall.core.port.MailboxLogin;
import io.carryall.core.port.Passes.PassPair;
import io.carryall.core.port.SourceSession;
import io.carryall.core.port.TargetSession;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * All connections of this process to mail servers, within the migrations' limits by host and by mailbox. Sessions that come back stay open for a while for the next one who wants the same mailbox; they make room as soon as somebody
 * else needs it. Nobody waits here longer than they said, and nobody waits for another's login or network under a lock.
 *
 * <p>Remembered for all: refused logins (see {@link LoginAttempts}), how long a host, or one mailbox of it ({@link Patience}), asked us to stay away, and hosts that cannot be reached, which are tried less and less often, every {@value #UNREACHABLE_MILLIS_MAX} ms at last.
 * Thread-safe.
 */
public final class Connections implements AutoCloseable {
    private static final long ASSUMED_ALIVE_MILLIS = 2_000;
    private static final long UNREACHABLE_MILLIS_MIN = 250;
    private static final long UNREACHABLE_MILLIS_MAX = 10_000;
    private static final long BUSY_RETRY_MILLIS = 50;
    private static final long REAP_MILLIS = 2_000;

    private final MailSystem mail;
    private final Logins logins;
    private final Clock clock;
    private final ConnectionsConfig config;
    private final ConnectionsListener listener;
    private final ScheduledExecutorService reaper;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<HostKey, Host> hosts = new HashMap<>();
    private final LoginAttempts attempts = new LoginAttempts();
    private boolean closed;

    private record HostKey(Side side, String name) {}

    /** Who may use an idle session: another pass may have another password. */
    private record Use(PassId pass, String mailbox, String user) {}

    private record Idle(Use use, Session session, long sinceMillis) {}

    private static final class Host {
        private final HostKey key;
        private final Bandwidth bandwidth;
        private final ArrayDeque<Idle> idle = new ArrayDeque<>();
        private final Map<String, Integer> openByMailbox = new HashMap<>();
        private final Patience patience = new Patience();
        private int open;
        private long notBeforeMillis = Long.MIN_VALUE;
        private int failuresInRow;
        private long failingSinceMillis;
        private Reason failure;
        private String detail;

        private Host(HostKey key, Bandwidth bandwidth) {
            this.key = key;
            this.bandwidth = bandwidth;
        }

        private void count(String mailbox, int change) {
            open += change;
            if (openByMailbox.merge(mailbox, change, Integer::sum) == 0) {
                openByMailbox.remove(mailbox);
            }
        }

        private Idle takeIdle(Use use) {
            for (Iterator<Idle> newestFirst = idle.descendingIterator(); newestFirst.hasNext();) {
                Idle candidate = newestFirst.next();
                if (candidate.use().equals(use)) {
                    newestFirst.remove();
                    return candidate;
                }
            }
            return null;
        }
    }

    /** The two kinds of session as one. */
    private sealed interface Session {
        boolean isAlive();

        void close();
    }

    private record Source(SourceSession session) implements Session {
        @Override
        public boolean isAlive() {
            return session.isAlive();
        }

        @Override
        public void close() {
            session.close();
        }
    }

    private record Target(TargetSession session) implements Session {
        @Override
        public boolean isAlive() {
            return session.isAlive();
        }

        @Override
        public void close() {
            session.close();
        }
    }

    public Connections(MailSystem mail, Logins logins, Clock clock, ConnectionsConfig config, ConnectionsListener listener) {
        this.mail = mail;
        this.logins = logins;
        this.clock = clock;
        this.config = config;
        this.listener = listener;
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "carryall-idle-connections");
            thread.setDaemon(true);
            return thread;
        });
        executor.scheduleWithFixedDelay(this::closeIdle, REAP_MILLIS, REAP_MILLIS, TimeUnit.MILLISECONDS);
        reaper = executor;
    }

    /** @param wait how long to wait for room; zero: not at all. A login takes the time that it takes */
    public Acquired<SourceSession> source(PassContext pass, PassPair pair, Duration wait) {
        return acquire(new Wanted(pass, pair, Side.SOURCE), wait, SourceSession.class);
    }

    public Acquired<TargetSession> target(PassContext pass, PassPair pair, Duration wait) {
        return acquire(new Wanted(pass, pair, Side.TARGET), wait, TargetSession.class);
    }

    /** What one caller asks for. */
    private final class Wanted {
        private final PassContext pass;
        private final PassPair pair;
        private final Side side;
        private final Use use;
        private final LoginAttempts.Who who;
        private final HostKey hostKey;
        private final int hostMax;
        private final int mailboxMax;
        private final long bytesPerSecond;

        private Wanted(PassContext pass, PassPair pair, Side side) {
            this.pass = pass;
            this.pair = pair;
            this.side = side;
            String mailbox = (side == Side.SOURCE ? pair.source() : pair.target()).toLowerCase(Locale.ROOT);
            use = new Use(pass.id(), mailbox, side == Side.SOURCE ? pair.sourceUser() : pair.targetUser());
            who = new LoginAttempts.Who(pass.id(), side, mailbox, side.server(pass.spec()).login().user());
            hostKey = new HostKey(side, side.server(pass.spec()).address().toString().toLowerCase(Locale.ROOT));
            Limits.Side limits = side.limits(pass.spec());
            hostMax = Math.max(1, limits.connections() / config.instances());
            mailboxMax = limits.perMailbox();
            bytesPerSecond = limits.bytesPerSecond() == Limits.Side.UNLIMITED ? Limits.Side.UNLIMITED : Math.max(1, limits.bytesPerSecond() / config.instances());
        }

        private Session open() throws MailException, SecretUnavailableException {
            MailboxLogin login = logins.login(pass, pair, side);
            return side == Side.SOURCE ? new Source(mail.openSource(login)) : new Target(mail.openTarget(login));
        }
    }

    private <S> Acquired<S> acquire(Wanted wanted, Duration wait, Class<S> kind) {
        long deadline = clock.monotonicMillis() + wait.toMillis();
        while (true) {
            Step step = next(wanted, deadline);
            if (step instanceof Answer answer) {
                return answer.<S>as();
            }
            if (step instanceof Evict evict) {
                closeAndForget(evict.host(), evict.idle());
            } else if (step instanceof Reuse reuse) {
                if (clock.monotonicMillis() - reuse.idle().sinceMillis() < ASSUMED_ALIVE_MILLIS || reuse.idle().session().isAlive()) {
                    return new Acquired.Open<>(lend(wanted, reuse.host(), reuse.idle().session(), kind));
                }
                closeAndForget(reuse.host(), reuse.idle());
            } else if (step instanceof OpenNew open) {
                return open(wanted, open.host(), kind);
            }
        }
    }

    /** What is to be done next, outside the lock. */
    private sealed interface Step {}

    private record Answer(Acquired<?> acquired) implements Step {
        @SuppressWarnings("unchecked") // Busy and Unavailable hold nothing of type S
        private <S> Acquired<S> as() {
            return (Acquired<S>) acquired;
        }
    }

    private record Reuse(Host host, Idle idle) implements Step {}

    private record Evict(Host host, Idle idle) implements Step {}

    /** Room is taken already. */
    private record OpenNew(Host host) implements Step {}

    private Step next(Wanted wanted, long deadlineMillis) {
        lock.lock();
        try {
            while (true) {
                Step step = tryNext(wanted);
                if (step != null) {
                    return step;
                }
                long left = deadlineMillis - clock.monotonicMillis();
                if (left <= 0) {
                    return new Answer(new Acquired.Busy<>(BUSY_RETRY_MILLIS, false));
                }
                changed.await(left, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer(new Acquired.Busy<>(BUSY_RETRY_MILLIS, false));
        } finally {
            lock.unlock();
        }
    }

    /** Null: there is no room now. */
    private Step tryNext(Wanted wanted) {
        if (closed) {
            return new Answer(new Acquired.Unavailable<>(Reason.INTERRUPTED, "this process is stopping", 0, 0));
        }
        String refusal = attempts.refusal(wanted.who);
        if (refusal != null) {
            return new Answer(new Acquired.Unavailable<>(Reason.LOGIN_REFUSED, refusal, 0, 0));
        }
        Host host = hosts.computeIfAbsent(wanted.hostKey, key -> new Host(key, new Bandwidth(clock)));
        long away = host.notBeforeMillis - clock.monotonicMillis();
        if (host.notBeforeMillis != Long.MIN_VALUE && away > 0) {
            return new Answer(host.failure == null ? new Acquired.Busy<>(away, true) : unavailable(host, away));
        }
        Idle idle = host.takeIdle(wanted.use);
        if (idle != null) {
            return new Reuse(host, idle);
        }
        long putOff = host.patience.leftMillis(wanted.use.mailbox(), clock.monotonicMillis());
        if (putOff > 0) {
            return new Answer(new Acquired.Busy<>(putOff, true));
        }
        if (attempts.isBeingTried(wanted.who)) {
            return null;
        }
        boolean mailboxFull = host.openByMailbox.getOrDefault(wanted.use.mailbox(), 0) >= wanted.mailboxMax;
        if (mailboxFull || host.open >= wanted.hostMax) {
            return evictable(host, mailboxFull ? wanted.use.mailbox() : null);
        }
        host.count(wanted.use.mailbox(), 1);
        attempts.begin(wanted.who);
        return new OpenNew(host);
    }

    private static Step evictable(Host host, String mailbox) {
        for (Iterator<Idle> oldestFirst = host.idle.iterator(); oldestFirst.hasNext();) {
            Idle candidate = oldestFirst.next();
            if (mailbox == null || candidate.use().mailbox().equals(mailbox)) {
                oldestFirst.remove();
                return new Evict(host, candidate);
            }
        }
        return null;
    }

    private <S> Acquired<S> open(Wanted wanted, Host host, Class<S> kind) {
        boolean opened = false;
        try {
            Session session = wanted.open();
            opened = true;
            locked(() -> {
                attempts.succeeded(wanted.who);
                host.failuresInRow = 0;
                host.failure = null;
                host.patience.loggedIn(wanted.use.mailbox());
            });
            listener.opened(wanted.side, host.key.name());
            return new Acquired.Open<>(lend(wanted, host, session, kind));
        } catch (SecretUnavailableException e) {
            return new Acquired.Unavailable<>(Reason.LOGIN_REFUSED, e.getMessage(), 0, 0);
        } catch (MailException e) {
            return failed(wanted, host, e);
        } finally {
            if (!opened) {
                locked(() -> {
                    attempts.ended(wanted.who);
                    host.count(wanted.use.mailbox(), -1);
                });
            }
        }
    }

    private <S> Acquired<S> failed(Wanted wanted, Host host, MailException failure) {
        switch (failure.kind()) {
            case LOGIN_REFUSED:
                locked(() -> attempts.refused(wanted.who, failure.getMessage()));
                listener.refused(wanted.side, host.key.name());
                return new Acquired.Unavailable<>(Reason.LOGIN_REFUSED, failure.getMessage(), 0, 0);
            case TRY_LATER:
                return new Acquired.Busy<>(stayAway(host, wanted.use.mailbox(), failure), true);
            default:
                listener.unreachable(wanted.side, host.key.name());
                return unreachable(host, failure);
        }
    }

    private <S> Acquired<S> unreachable(Host host, MailException failure) {
        lock.lock();
        try {
            long now = clock.monotonicMillis();
            long millis = Math.min(UNREACHABLE_MILLIS_MAX, UNREACHABLE_MILLIS_MIN << Math.min(10, host.failuresInRow));
            host.failingSinceMillis = host.failuresInRow++ == 0 ? now : host.failingSinceMillis;
            host.failure = failure.kind().reason();
            host.detail = failure.getMessage();
            host.notBeforeMillis = now + millis;
            return unavailable(host, millis);
        } finally {
            lock.unlock();
        }
    }

    private <S> Acquired.Unavailable<S> unavailable(Host host, long retryMillis) {
        return new Acquired.Unavailable<>(host.failure, host.detail, retryMillis, clock.monotonicMillis() - host.failingSinceMillis);
    }

    private long stayAway(Host host, String mailbox, MailException failure) {
        Patience.Wait wait;
        lock.lock();
        try {
            long now = clock.monotonicMillis();
            wait = host.patience.asked(mailbox, failure.backoffMillis(), now);
            if (wait.ofAll()) {
                host.failure = null;
                host.notBeforeMillis = Math.max(host.notBeforeMillis, now + wait.millis());
            }
        } finally {
            lock.unlock();
        }
        listener.throttled(host.key.side(), host.key.name(), wait.millis());
        return wait.millis();
    }

    private <S> Pooled<S> lend(Wanted wanted, Host host, Session session, Class<S> kind) {
        Object raw = session instanceof Source source ? source.session() : ((Target) session).session();
        return new Pooled<>(kind.cast(raw), new Pooled.Return<>() {
            @Override
            public void reusable(S ignored) {
                giveBack(wanted, host, session);
            }

            @Override
            public void broken(S ignored, MailException failure) {
                closeAndForget(host, new Idle(wanted.use, session, 0));
                if (failure != null && failure.kind() == MailException.Kind.TRY_LATER) {
                    stayAway(host, wanted.use.mailbox(), failure);
                }
            }

            @Override
            public long spend(long bytes) {
                return host.bandwidth.spend(bytes, wanted.bytesPerSecond);
            }
        });
    }

    private void giveBack(Wanted wanted, Host host, Session session) {
        Idle idle = new Idle(wanted.use, session, clock.monotonicMillis());
        boolean kept;
        lock.lock();
        try {
            host.patience.served(wanted.use.mailbox());
            kept = !closed && config.idleMillis() > 0;
            if (kept) {
                host.idle.addLast(idle);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
        if (!kept) {
            closeAndForget(host, idle);
        }
    }

    /** It counts until it is closed: the server counts it, too. */
    private void closeAndForget(Host host, Idle idle) {
        try {
            idle.session().close();
        } finally {
            locked(() -> host.count(idle.use().mailbox(), -1));
            listener.closed(host.key.side(), host.key.name());
        }
    }

    private void closeIdle() {
        long before = clock.monotonicMillis() - config.idleMillis();
        Map<Idle, Host> old = new HashMap<>();
        locked(() -> {
            for (Host host : hosts.values()) {
                while (!host.idle.isEmpty() && (closed || host.idle.peekFirst().sinceMillis() < before)) {
                    old.put(host.idle.removeFirst(), host);
                }
            }
        });
        old.forEach((idle, host) -> closeAndForget(host, idle));
    }

    private void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Closes what nobody uses. What is on loan is closed when it comes back. */
    @Override
    public void close() {
        locked(() -> closed = true);
        reaper.shutdownNow();
        closeIdle();
    }
}
