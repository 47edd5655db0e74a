package io.carryall.copier;

import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.migration.MigrationSpec;
import io.carryall.core.port.Ledger;
import io.carryall.core.port.MailException;
import io.carryall.core.port.MailException.Kind;
import io.carryall.core.port.Passes.PassPair;
import io.carryall.core.port.SourceSession;
import io.carryall.core.port.TargetSession;
import io.carryall.runtime.Acquired;
import io.carryall.runtime.Connections;
import io.carryall.runtime.PassContext;
import io.carryall.runtime.PassContexts;
import io.carryall.runtime.Pooled;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** Sessions out of this process's {@link Connections}. Thread-safe. */
final class PooledMailboxes implements Mailboxes {
    /** Others give theirs back within moments; who asked for a slot first has been promised room. */
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final int PAIRS_HELD_MAX = 10_000;

    private final Connections connections;
    private final PassContexts contexts;
    private final Ledger ledger;
    private final Map<PassPairKey, PassPair> pairs = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<PassPairKey, PassPair> eldest) {
            return size() > PAIRS_HELD_MAX;
        }
    };

    private record PassPairKey(PassId pass, PairId pair) {}

    PooledMailboxes(Connections connections, PassContexts contexts, Ledger ledger) {
        this.connections = connections;
        this.contexts = contexts;
        this.ledger = ledger;
    }

    @Override
    public Lent<SourceSession> source(PassId pass, PairId pair) throws MailException {
        return lend(pass, pair, known -> connections.source(context(pass), known, WAIT));
    }

    @Override
    public Lent<TargetSession> target(PassId pass, PairId pair) throws MailException {
        return lend(pass, pair, known -> connections.target(context(pass), known, WAIT));
    }

    @Override
    public Places places(PassId pass, PairId pair) {
        MigrationSpec spec = context(pass).spec();
        PassPair known = passPair(pass, pair);
        return new Places(spec.source().address().toString(), spec.source().system() + "/" + known.source().toLowerCase(Locale.ROOT),
                spec.target().address().toString(), spec.target().system() + "/" + known.target().toLowerCase(Locale.ROOT), spec.limits());
    }

    private PassContext context(PassId pass) {
        return contexts.get(pass).orElseThrow(() -> new IllegalStateException("the ledger knows no pass " + pass));
    }

    /** A pass that goes on has the references to its secrets, and a pair that was renamed its address, from the command that goes on with it: what we hold may be from before. */
    private <S> Lent<S> lend(PassId pass, PairId pair, Function<PassPair, Acquired<S>> asking) throws MailException {
        PassPair held = passPair(pass, pair);
        Acquired<S> acquired = asking.apply(held);
        if (acquired instanceof Acquired.Unavailable<S> unavailable && unavailable.reason() == Reason.LOGIN_REFUSED) {
            synchronized (pairs) {
                pairs.remove(new PassPairKey(pass, pair));
            }
            PassPair now = passPair(pass, pair);
            return lend(now.equals(held) ? acquired : asking.apply(now));
        }
        return lend(acquired);
    }

    private PassPair passPair(PassId pass, PairId pair) {
        PassPairKey key = new PassPairKey(pass, pair);
        synchronized (pairs) {
            PassPair held = pairs.get(key);
            if (held != null) {
                return held;
            }
        }
        PassPair read = ledger.passes().pair(pass, pair).orElseThrow(() -> new IllegalStateException("pass " + pass + " has no pair " + pair));
        synchronized (pairs) {
            pairs.put(key, read);
        }
        return read;
    }

    private static <S> Lent<S> lend(Acquired<S> acquired) throws MailException {
        if (acquired instanceof Acquired.Open<S> open) {
            return new Loan<>(open.connection());
        } else if (acquired instanceof Acquired.Busy<S> busy) {
            throw new MailException(Kind.TRY_LATER, "the server has no room for another connection of ours", busy.retryMillis(), null);
        }
        Acquired.Unavailable<S> unavailable = (Acquired.Unavailable<S>) acquired;
        throw new MailException(kind(unavailable.reason()), unavailable.detail(), unavailable.retryMillis(), null);
    }

    private static Kind kind(Reason reason) {
        return switch (reason) {
            case LOGIN_REFUSED -> Kind.LOGIN_REFUSED;
            case TIMEOUT -> Kind.TIMEOUT;
            case REFUSED -> Kind.REFUSED;
            default -> Kind.UNREACHABLE;
        };
    }

    private record Loan<S>(Pooled<S> connection) implements Lent<S> {
        @Override
        public S session() {
            return connection.session();
        }

        @Override
        public long spend(long bytes) {
            return connection.spend(bytes);
        }

        @Override
        public void broken(MailException failure) {
            connection.broken(failure);
        }

        @Override
        public void close() {
            connection.close();
        }
    }
}
