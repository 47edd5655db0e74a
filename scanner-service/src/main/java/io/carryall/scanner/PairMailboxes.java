package io.carryall.scanner;

import io.carryall.core.item.Reason;
import io.carryall.core.port.MailException;
import io.carryall.core.port.Passes.PassPair;
import io.carryall.core.port.SourceSession;
import io.carryall.core.port.TargetSession;
import io.carryall.runtime.Acquired;
import io.carryall.runtime.PassContext;
import io.carryall.runtime.Pooled;
import io.carryall.runtime.Side;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The two mailboxes of a pair, to be used by one thread, one connection at a time. */
final class PairMailboxes {
    private static final Duration WAIT_FOR_ROOM = Duration.ofSeconds(1);

    private final Scanner.Parts parts;
    private final PassContext pass;
    private final PassPair pair;

    PairMailboxes(Scanner.Parts parts, PassContext pass, PassPair pair) {
        this.parts = parts;
        this.pass = pass;
        this.pair = pair;
    }

    /** What is done with a session. */
    interface Use<S, T> {
        T with(S session) throws MailException;
    }

    /** @param what is being done, for people */
    <T> T source(String what, Use<SourceSession, T> use) throws CannotScanException, InterruptedException {
        return with(Side.SOURCE, what, () -> parts.connections().source(pass, pair, WAIT_FOR_ROOM), use);
    }

    <T> T target(String what, Use<TargetSession, T> use) throws CannotScanException, InterruptedException {
        return with(Side.TARGET, what, () -> parts.connections().target(pass, pair, WAIT_FOR_ROOM), use);
    }

    private interface Asking<S> {
        Acquired<S> ask();
    }

    private <S, T> T with(Side side, String what, Asking<S> asking, Use<S, T> use) throws CannotScanException, InterruptedException {
        Pooled<S> connection = open(side, asking);
        boolean sound = false;
        MailException failure = null;
        try {
            T result = use.with(connection.session());
            sound = true;
            return result;
        } catch (MailException e) {
            failure = e;
            throw CannotScanException.of(what, e);
        } finally {
            if (sound) {
                connection.close();
            } else {
                connection.broken(failure);
            }
        }
    }

    /** Waits for a host that asked for patience as long as that is bearable; and as long as the pass runs while our own copiers hold what the limits allow: they may have hours of work, and that is no failure. */
    private <S> Pooled<S> open(Side side, Asking<S> asking) throws CannotScanException, InterruptedException {
        long patienceMillis = parts.settings().busyMillisMax();
        while (parts.gate().isOpen(pass.id())) {
            Acquired<S> acquired = asking.ask();
            if (acquired instanceof Acquired.Open<S> open) {
                return open.connection();
            } else if (acquired instanceof Acquired.Unavailable<S> unavailable) {
                throw new CannotScanException(unavailable.reason(), side.word() + ": " + unavailable.detail(), unavailable.retryMillis(), unavailable.failingMillis());
            }
            Acquired.Busy<S> busy = (Acquired.Busy<S>) acquired;
            if (busy.hostAsked() && busy.retryMillis() > patienceMillis) {
                throw new CannotScanException(Reason.UNREACHABLE, side.word() + ": the server had no room for another connection of ours", busy.retryMillis(), parts.settings().busyMillisMax());
            }
            long millis = Math.min(busy.retryMillis(), 1_000);
            patienceMillis -= busy.hostAsked() ? millis : 0;
            TimeUnit.MILLISECONDS.sleep(millis);
        }
        throw new PassStoppedException();
    }
}
