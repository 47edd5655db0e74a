package io.carryall.testkit.fake;

import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;

import io.carryall.core.port.MailException;
import io.carryall.core.port.MailException.Kind;
import io.carryall.core.port.MailSystem;
import io.carryall.core.port.MailboxLogin;
import io.carryall.core.port.Secret;
import io.carryall.core.port.ServerAddress;
import io.carryall.core.port.SourceSession;
import io.carryall.core.port.TargetSession;
import io.carryall.testkit.contract.Mailbox;
import io.carryall.testkit.contract.TestedServer;

/**
 * A mail server in memory, source and target alike. Every user exists and logs in with {@link #PASSWORD}. Its folder names have {@code |} between levels, so that nobody takes raw
 * names for paths.
 *
 * <p>Faults on request: logins refused, server out of reach, sessions lost, messages that can't be read, and for each append what becomes of it and of its reply. What a lost
 * append left behind in the network arrives when the test says so ({@link #deliverLate}).
 *
 * <p>Thread-safe: one lock.
 */
public final class FakeMailServer implements MailSystem, TestedServer {
    public static final String PASSWORD = "secret";

    /** What becomes of one append command. */
    public enum AppendFate {
        STORED,
        /** The server says NO: nothing is stored. */
        REFUSED,
        /** The connection is lost before anything that could commit left. */
        NOT_SENT,
        /** Stored, and the reply is lost. */
        REPLY_LOST,
        /** Neither stored nor answered, for good. */
        LOST,
        /** Not answered, and stored later: by {@link #deliverLate}. */
        LATE
    }

    private final Map<String, FakeMailbox> mailboxes = new HashMap<>();
    private final Set<String> refusedLogins = new HashSet<>();
    private final Deque<AppendFate> appendFates = new ConcurrentLinkedDeque<>();
    private final Deque<Runnable> late = new ConcurrentLinkedDeque<>();
    private final AtomicInteger logins = new AtomicInteger();
    private final boolean uidPlus;
    private final boolean multiAppend;
    private long appendLimitBytes = -1;
    private boolean outOfReach;
    private int connectionsLost;

    public FakeMailServer() {
        this(true, true);
    }

    public FakeMailServer(boolean uidPlus, boolean multiAppend) {
        this.uidPlus = uidPlus;
        this.multiAppend = multiAppend;
    }

    @Override
    public MailSystem mail() {
        return this;
    }

    @Override
    public MailboxLogin login(String user) {
        return new MailboxLogin(new ServerAddress("fake.example", 143, ServerAddress.Security.NONE, null), user, user, null, null, new Secret(PASSWORD));
    }

    /** The test's own way into a mailbox. */
    @Override
    public Mailbox mailbox(String user) {
        return box(user);
    }

    // Faults

    public synchronized void refuseLogin(String user) {
        refusedLogins.add(user);
    }

    public synchronized void acceptLogin(String user) {
        refusedLogins.remove(user);
    }

    /** Ends all sessions, and lets nobody in while it is so. */
    public synchronized void outOfReach(boolean now) {
        outOfReach = now;
        connectionsLost++;
    }

    /** Ends all sessions; new ones work. */
    public synchronized void loseConnections() {
        connectionsLost++;
    }

    /** What becomes of the next appends, one after the other; STORED afterwards. */
    public void nextAppends(AppendFate... fates) {
        for (AppendFate fate : fates) {
            appendFates.add(fate);
        }
    }

    /** Messages above this are refused with TOOBIG, and the limit is announced. */
    public synchronized void appendLimitBytes(long bytes) {
        appendLimitBytes = bytes;
    }

    /** This user's mailbox takes no more than this; appends above it are refused with OVERQUOTA. */
    public void quotaBytes(String user, long bytes) {
        box(user).quotaBytes(bytes);
    }

    /** This message can't be delivered from now on. */
    public void unreadable(String user, String path, long uid) {
        box(user).unreadable(path, uid);
    }

    /** A new UIDVALIDITY, and new UIDs from 1 on, as after a restore. */
    public void renumber(String user, String path) {
        box(user).renumber(path);
    }

    /** An attribute of RFC 6154, from now on. */
    public void specialUse(String user, String path, String use) {
        box(user).specialUse(path, use);
    }

    /** A MAILBOXID (RFC 8474), from now on; without this there is none. */
    public void mailboxId(String user, String path, String id) {
        box(user).mailboxId(path, id);
    }

    /** Everything of the folder stays as it is but its name. */
    public void rename(String user, String from, String to) {
        box(user).rename(from, to);
    }

    /** Another UIDVALIDITY, and everything else as it is. */
    public void uidValidity(String user, String path, long uidValidity) {
        box(user).uidValidity(path, uidValidity);
    }

    /** Empties the folder and gives out its UIDs again from 1 on, under the same UIDVALIDITY: what no server may do, and a restore can bring about. */
    public void rollBack(String user, String path) {
        box(user).rollBack(path);
    }

    /** Carries out what lost appends left behind, in their order. Returns how many commands that were. */
    public int deliverLate() {
        int delivered = 0;
        for (Runnable append = late.poll(); append != null; append = late.poll()) {
            append.run();
            delivered++;
        }
        return delivered;
    }

    /** Successful and refused logins since the start. */
    public int logins() {
        return logins.get();
    }

    // Sessions

    @Override
    public SourceSession openSource(MailboxLogin login) throws MailException {
        return new FakeSourceSession(this, enter(login), lost());
    }

    @Override
    public TargetSession openTarget(MailboxLogin login) throws MailException {
        return new FakeTargetSession(this, enter(login), lost(), new TargetSession.Capabilities(uidPlus, multiAppend, limit()));
    }

    private synchronized FakeMailbox enter(MailboxLogin login) throws MailException {
        if (outOfReach) {
            throw new MailException(Kind.UNREACHABLE, "no connection to " + login.server());
        }
        logins.incrementAndGet();
        if (!login.password().reveal().equals(PASSWORD) || refusedLogins.contains(login.user())) {
            throw new MailException(Kind.LOGIN_REFUSED, "the login of " + login.user() + " was refused");
        }
        return box(login.user());
    }

    private synchronized FakeMailbox box(String user) {
        return mailboxes.computeIfAbsent(user, u -> new FakeMailbox());
    }

    synchronized int lost() {
        return connectionsLost;
    }

    synchronized long limit() {
        return appendLimitBytes;
    }

    AppendFate nextFate() {
        AppendFate fate = appendFates.poll();
        return fate == null ? AppendFate.STORED : fate;
    }

    void storeLater(Runnable append) {
        late.add(append);
    }
}
