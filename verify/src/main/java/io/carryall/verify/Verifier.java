package io.carryall.verify;

import io.carryall.core.migration.MailServer;
import io.carryall.core.migration.MailServer.Login.As;
import io.carryall.core.migration.MailboxPair;
import io.carryall.core.migration.MigrationSpec;
import io.carryall.core.port.MailboxLogin;
import io.carryall.core.port.MailboxReaders;
import io.carryall.core.port.Secret;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Compares the mailboxes of a migration, several pairs at a time within the migration's limits: each takes one connection to either server, and two threads, one a side. Decided from the two servers and the file's filters alone;
 * needs no stack and no ledger.
 */
public final class Verifier {
    /** More pairs at a time than this gain nothing: this machine digests then. */
    private static final int PAIRS_MAX = 16;

    private final MailboxReaders readers;
    private final MigrationSpec spec;
    private final Function<String, Secret> secrets;
    private final VerifyOptions options;

    /**
     * @param spec    with all its pairs, also where only some are asked for: what other sources bring into the same target mailbox has to be known
     * @param secrets resolves the references to secrets in the spec
     */
    public Verifier(MailboxReaders readers, MigrationSpec spec, Function<String, Secret> secrets, VerifyOptions options) {
        this.readers = readers;
        this.spec = spec;
        this.secrets = secrets;
        this.options = options;
    }

    /** Blocks until all pairs were looked at. @throws InterruptedException if this thread is interrupted meanwhile; connections are then left to end with their threads, which keep no JVM alive */
    public VerifyResult run(VerifyProgress progress) throws InterruptedException {
        List<List<MailboxPair>> groups = groups();
        List<PairFindings> findings = new ArrayList<>();
        int atATime = Math.max(1, Math.min(Math.min(spec.limits().source().connections(), spec.limits().target().connections()), Math.min(PAIRS_MAX, groups.size())));
        ExecutorService pairs = Executors.newFixedThreadPool(atATime, daemons("verify-source"));
        ExecutorService besides = Executors.newFixedThreadPool(atATime, daemons("verify-target"));
        try {
            Run run = new Run(besides, progress, groups.stream().mapToInt(List::size).sum());
            List<Future<List<PairFindings>>> futures = groups.stream().map(group -> pairs.submit(() -> run.compare(group))).toList();
            for (Future<List<PairFindings>> future : futures) {
                findings.addAll(future.get());
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            pairs.shutdownNow();
            besides.shutdownNow();
        }
        return result(findings);
    }

    /** The pairs that are asked for, with all others that go into the same target mailboxes. */
    private List<List<MailboxPair>> groups() {
        Map<String, List<MailboxPair>> byTarget = new LinkedHashMap<>();
        spec.mailboxes().forEach(pair -> byTarget.computeIfAbsent(pair.target().toLowerCase(Locale.ROOT), target -> new ArrayList<>()).add(pair));
        return byTarget.values().stream().filter(group -> group.stream().anyMatch(this::isAskedFor)).toList();
    }

    private boolean isAskedFor(MailboxPair pair) {
        return options.asksFor(pair.source());
    }

    private VerifyResult result(List<PairFindings> all) {
        Map<MailboxPair, PairFindings> byPair = new LinkedHashMap<>();
        all.forEach(findings -> byPair.put(findings.pair, findings));
        List<PairFindings> asked = spec.mailboxes().stream().filter(this::isAskedFor).distinct().map(byPair::get).toList();
        List<VerifyResult.Pair> pairs = asked.stream().map(PairFindings::toPair).toList();
        return new VerifyResult(pairs.stream().allMatch(VerifyResult.Pair::matches), together(asked, findings -> findings.missing), together(asked, findings -> findings.doubled),
                together(asked, findings -> findings.different), together(asked, findings -> findings.extra), pairs);
    }

    private static List<VerifyResult.Item> together(List<PairFindings> all, Function<PairFindings, List<VerifyResult.Item>> items) {
        return all.stream().map(items).flatMap(List::stream).toList();
    }

    private static ThreadFactory daemons(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    private final class Run {
        private final Executor besides;
        private final VerifyProgress progress;
        private final int all;
        private final AtomicInteger done = new AtomicInteger();
        private final Pace sourcePace = new Pace(spec.limits().source().bytesPerSecond());
        private final Pace targetPace = new Pace(spec.limits().target().bytesPerSecond());

        Run(Executor besides, VerifyProgress progress, int all) {
            this.besides = besides;
            this.progress = progress;
            this.all = all;
        }

        List<PairFindings> compare(List<MailboxPair> group) {
            // those that are asked for come first, so that what belongs to no single pair is told with one of them
            List<MailboxPair> inOrder = new ArrayList<>(group);
            inOrder.sort((a, b) -> Boolean.compare(isAskedFor(b), isAskedFor(a)));
            List<MailboxComparison.Source> sources = inOrder.stream().map(pair -> new MailboxComparison.Source(source(pair), new PairFindings(pair))).toList();
            new MailboxComparison(spec, options, sources, target(inOrder.get(0)), besides, progress).run();
            List<PairFindings> findings = sources.stream().map(MailboxComparison.Source::findings).toList();
            findings.forEach(found -> progress.pairDone(found.toPair(), done.incrementAndGet(), all));
            return findings;
        }

        private Mailbox source(MailboxPair pair) {
            return new Mailbox(readers, login(spec.source(), pair.source(), pair.sourceUser(), pair.sourceSecret()), sourcePace);
        }

        private Mailbox target(MailboxPair pair) {
            return new Mailbox(readers, login(spec.target(), pair.target(), pair.targetUser(), pair.targetSecret()), targetPace);
        }

        private MailboxLogin login(MailServer server, String mailbox, String user, String own) {
            return server.loginTo(mailbox, user, secrets.apply(server.login().as() == As.ADMIN ? server.login().secret() : own));
        }
    }
}
