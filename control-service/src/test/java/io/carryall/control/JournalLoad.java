package io.carryall.control;

import io.carryall.cassandra.CassandraConfig;
import io.carryall.cassandra.CassandraLedger;
import io.carryall.core.item.Fingerprint;
import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PairName;
import io.carryall.core.item.PassId;
import io.carryall.core.item.SourceItem;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.journal.JournalReader;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Items;
import io.carryall.core.port.Ledger;
import io.carryall.core.port.MailException;
import io.carryall.core.port.Pairs.Pair;
import io.carryall.runtime.SystemClock;
import io.carryall.testkit.fake.FakeQueue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * A large journal through a small heap, against a real Cassandra: fills one keyspace with a pair of many items, exports it, imports the file into another keyspace, exports that one, and says what it took. Run as a process of its own,
 * with {@code -Xmx256m}: {@code JournalLoad CONTACT_POINT DATACENTER ITEMS}.
 */
final class JournalLoad {
    private static final int CHUNK = 1_000;
    private static final long UID_VALIDITY = 7;

    private JournalLoad() {
    }

    public static void main(String[] args) throws Exception {
        int items = Integer.parseInt(args[2]);
        CassandraConfig config = CassandraConfig.of(args[0], args[1]);
        Path file = Files.createTempFile("journal-load", "");
        Path again = Files.createTempFile("journal-load", "");
        try (CassandraLedger from = CassandraLedger.connect(config.withKeyspace("load_from")); CassandraLedger into = CassandraLedger.connect(config.withKeyspace("load_into"))) {
            timed("fill", items, () -> fill(from, items));
            timed("export", items, () -> export(from, file));
            timed("import", items, () -> take(into, file));
            timed("export of what was imported", items, () -> export(into, again));
            System.out.println("file: " + Files.size(file) + " bytes; the two files say the same: " + JournalReader.verify(file).equals(JournalReader.verify(again)));
            System.out.println("peak of the heap: " + peakBytes() / 1_000_000 + " MB of " + Runtime.getRuntime().maxMemory() / 1_000_000 + " MB");
        } finally {
            Files.delete(file);
            Files.delete(again);
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    private static void timed(String what, int items, Work work) throws Exception {
        long begun = System.nanoTime();
        work.run();
        double seconds = (System.nanoTime() - begun) / 1e9;
        System.out.printf("%s: %d items in %.1f s, %.0f/s%n", what, items, seconds, items / seconds);
    }

    private static long peakBytes() {
        return ManagementFactory.getMemoryPoolMXBeans().stream().filter(pool -> pool.getType() == MemoryType.HEAP).map(MemoryPoolMXBean::getPeakUsage).mapToLong(usage -> usage.getUsed()).sum();
    }

    private static void fill(Ledger ledger, int items) {
        Random random = new Random(4711);
        PassId pass = new PassId("load", 1);
        ledger.passes().create(pass, "{}", true, Instant.parse("2026-01-02T03:04:05Z"));
        Pair pair = ledger.pairs().named(new PairName("old", "load@old.example", "new", "load@new.example"));
        TargetFolder target = new TargetFolder("new/load@new.example", "INBOX");
        FolderKey inbox = new FolderKey(pair.id(), 1, new FolderId("inbox"), UID_VALIDITY);
        ledger.folders().put(pair.id(), 1, new Folder(inbox.folder(), "INBOX", "INBOX", "INBOX", target, UID_VALIDITY));
        for (int from = 1; from <= items; from += CHUNK) {
            List<SourceItem> seen = new ArrayList<>();
            List<Items.Done> done = new ArrayList<>();
            for (long uid = from; uid < from + CHUNK && uid <= items; uid++) {
                seen.add(new SourceItem(uid, 5_000, uid));
                done.add(new Items.Done(uid, pass, Items.How.COPIED, new Fingerprint(5_000, uid, hex(random), hex(random)), target, 70, uid, Set.of("\\Seen"), Set.of()));
            }
            ledger.items().seen(inbox, "scan", seen);
            ledger.items().done(inbox, done);
        }
    }

    private static String hex(Random random) {
        return new BigInteger(128, random).toString(16);
    }

    private static void export(Ledger ledger, Path file) throws Exception {
        try (Control control = control(ledger); OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            control.journal().export(null, out);
        }
    }

    private static void take(Ledger ledger, Path file) throws Exception {
        try (Control control = control(ledger)) {
            control.journal().verify(file);
            Map<String, Object> result = control.journal().take(file, (pairs, items) -> { }).orElseThrow();
            System.out.println(result);
        }
    }

    private static Control control(Ledger ledger) {
        return new Control(ledger, new FakeQueue(), new SystemClock(), (spec, pair) -> {
            throw new MailException(MailException.Kind.UNREACHABLE, "no dry run here");
        }, new SimpleMeterRegistry(), ControlSettings.DEFAULT);
    }
}
