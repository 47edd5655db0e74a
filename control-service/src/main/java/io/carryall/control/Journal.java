package io.carryall.control;

import io.carryall.core.journal.JournalEntry;
import io.carryall.core.journal.JournalException;
import io.carryall.core.journal.JournalReader;
import io.carryall.core.port.Pairs;
import io.carryall.core.port.Pairs.Pair;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The ledger as one portable file: docs/journal.md. Thread-safe; both ways take as long as the ledger is large, in memory that does not depend on it. */
public final class Journal {
    /** Within the length of a lease. */
    private static final int RENEWALS = 5;

    private final ControlParts parts;
    private final Drivers drivers;

    Journal(ControlParts parts, Drivers drivers) {
        this.parts = parts;
        this.drivers = drivers;
    }

    /** Whether the ledger knows any pair of that source mailbox. */
    public boolean knows(String mailbox) {
        boolean[] found = new boolean[1];
        forEach(mailbox, pair -> found[0] = true);
        return found[0];
    }

    /**
     * Writes all pairs, or those of one source mailbox, while passes run.
     *
     * @param mailbox null: all
     */
    public void export(String mailbox, OutputStream out) {
        JournalExport export = new JournalExport(parts.ledger(), out);
        forEach(mailbox, export::pair);
        export.finish();
    }

    /** Only those that own their name: a row that lost it to another one is nobody's. */
    private void forEach(String mailbox, Consumer<Pair> work) {
        String wanted = mailbox == null ? null : mailbox.strip().toLowerCase(Locale.ROOT);
        Pairs pairs = parts.ledger().pairs();
        pairs.forEach(pair -> {
            if ((wanted == null || pair.name().sourceMailbox().equals(wanted)) && pairs.find(pair.name()).filter(owner -> owner.id().equals(pair.id())).isPresent()) {
                work.accept(pair);
            }
        });
    }

    /** Reads the whole file: nothing is changed. */
    public JournalEntry.End verify(Path file) throws JournalException, IOException {
        return JournalReader.verify(file);
    }

    /** How far an import is. */
    public interface Progress {
        /** @param items facts that were gone through */
        void at(long pairs, long items);
    }

    /**
     * Merges a file that was verified. It may be repeated, whatever became of it; and has to be, where it broke off: no pass begins before.
     *
     * @return the result, ready to be written as JSON; empty where another import is at work
     */
    public Optional<Map<String, Object>> take(Path file, Progress progress) throws JournalException, IOException, InterruptedException {
        Optional<PassLease> lease = PassLease.take(parts.ledger().leases(), JournalImport.LEASE, drivers.holder(), parts.clock(), parts.settings().leaseMillis());
        if (lease.isEmpty()) {
            return Optional.empty();
        }
        JournalImport work = new JournalImport(parts, drivers, progress::at);
        ScheduledExecutorService keeping = Executors.newSingleThreadScheduledExecutor(task -> parts.thread("carryall-journal-keep", task));
        try (JournalReader reader = JournalReader.open(file)) {
            long everyMillis = parts.settings().leaseMillis() / RENEWALS;
            keeping.scheduleWithFixedDelay(() -> work.keep(lease.get()::renew), everyMillis, everyMillis, TimeUnit.MILLISECONDS);
            JournalImport.Result result = work.run(reader);
            // Only now: a lease that was left behind says that an import broke off, and no pass begins before the next one was whole.
            lease.get().release();
            return Optional.of(told(result));
        } finally {
            keeping.shutdownNow();
        }
    }

    private static Map<String, Object> told(JournalImport.Result result) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("pairs", result.states().values().stream().mapToLong(Long::longValue).sum());
        result.states().forEach((state, count) -> told.put(word(state), count));
        counted(told, result.sum());
        told.put("conflicts", result.conflictsTotal());
        List<Map<String, Object>> pairs = new ArrayList<>();
        for (JournalImport.Told pair : result.pairs()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("source", pair.source());
            one.put("target", pair.target());
            one.put("state", word(pair.state()));
            one.put("detail", pair.detail());
            counted(one, pair.counted());
            pairs.add(one);
        }
        told.put("pairsTold", pairs);
        told.put("conflictsTold", result.conflicts().stream().map(conflict -> Map.of("what", conflict.what(), "source", conflict.source(), "folder", conflict.folder(), "uid", conflict.uid(), "detail", conflict.detail())).toList());
        return told;
    }

    private static void counted(Map<String, Object> into, JournalImport.Counted counted) {
        into.put("done", counted.done());
        into.put("alreadyKnown", counted.known());
        into.put("failed", counted.failed());
        into.put("seen", counted.seen());
        into.put("inDoubt", counted.inDoubt());
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
