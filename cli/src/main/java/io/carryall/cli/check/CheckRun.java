package io.carryall.cli.check;

import io.carryall.core.migration.MailboxPair;
import io.carryall.core.migration.MigrationSpec;
import io.carryall.core.port.Secret;
import io.carryall.imap.ImapMailSystem;
import io.carryall.imap.Timeouts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;

/** Looks at all pairs, several at once within the limits of both servers. */
public final class CheckRun {
    private static final int MOST_THREADS = 16;
    /** Shorter than for copying: people wait for a check. */
    private static final Timeouts TIMEOUTS = new Timeouts(10_000, 60_000, 30_000);

    private CheckRun() {
    }

    /** @param progress gets the number of mailboxes that were looked at, and of all */
    public static CheckResult of(MigrationSpec spec, Map<String, Secret> secrets, BiConsumer<Integer, Integer> progress) throws InterruptedException {
        ImapMailSystem mail = new ImapMailSystem(TIMEOUTS);
        SideGuard source = new SideGuard(spec.source());
        SideGuard target = new SideGuard(spec.target());
        int most = Math.min(spec.limits().source().connections(), spec.limits().target().connections());
        ExecutorService threads = Executors.newFixedThreadPool(Math.min(Math.min(most, MOST_THREADS), Math.max(1, spec.mailboxes().size())));
        try {
            List<Future<PairLook>> looks = new ArrayList<>();
            for (MailboxPair pair : spec.mailboxes()) {
                looks.add(threads.submit(() -> new PairCheck(mail, spec, secrets, source, target, pair).look()));
            }
            List<PairLook> pairs = new ArrayList<>();
            for (Future<PairLook> look : looks) {
                pairs.add(look.get());
                progress.accept(pairs.size(), looks.size());
            }
            return new CheckResult(spec, pairs);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }
}
