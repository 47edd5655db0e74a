package io.carryall.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.item.Fingerprint;
import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PairName;
import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.item.SourceItem;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Items;
import io.carryall.core.port.MailException;
import io.carryall.core.port.Pairs.Pair;
import io.carryall.runtime.SystemClock;
import io.carryall.testkit.fake.FakeLedger;
import io.carryall.testkit.fake.FakeQueue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is true after journals were taken in does not depend on their order, nor on how often, and is what all of them say together. One seed makes the ledgers and the order. */
class JournalLawsTest {
    private static final int LEDGERS = 3;
    private static final int UIDS = 60;
    private static final List<String> NAMES = List.of("INBOX", "Sent", "Archive/2026");
    private static final List<String> MAILBOXES = List.of("ann@old.example", "bob@old.example");

    @TempDir
    Path directory;

    /** What is true of a pair: by folder and state of its UIDs, what is done, what failed for good or not, and what was seen. */
    private record Truth(Map<String, Set<Long>> done, Map<String, Map<String, Boolean>> failed, Map<String, Set<Long>> seen) {
        static Truth of(FakeLedger ledger) {
            Truth truth = new Truth(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
            ledger.pairs().forEach(pair -> ledger.folders().of(pair.id(), pair.generation()).forEach(folder -> truth.add(ledger, pair, folder)));
            return truth;
        }

        private void add(FakeLedger ledger, Pair pair, Folder folder) {
            String name = pair.name().sourceMailbox() + " " + folder.rawName() + " ";
            List<Long> states = new ArrayList<>(folder.former());
            states.add(folder.uidValidity());
            for (long state : states) {
                FolderKey key = new FolderKey(pair.id(), pair.generation(), folder.id(), state);
                ledger.items().forEachDone(key, fact -> done.computeIfAbsent(name + state, n -> new TreeSet<>()).add(fact.uid()));
                ledger.items().forEachSeen(key, item -> seen.computeIfAbsent(name + state, n -> new TreeSet<>()).add(item.uid()));
                ledger.items().forEachFailed(key, fact -> failed.computeIfAbsent(name + state, n -> new TreeMap<>()).merge(fact.uid() + " " + fact.pass(), fact.retryable(), Boolean::logicalOr));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void the_order_of_journals_and_repeating_them_change_nothing_of_what_is_true(long seed) throws Exception {
        Random random = new Random(seed);
        List<Path> files = new ArrayList<>();
        Map<String, Set<Long>> doneAnywhere = new TreeMap<>();
        for (int i = 0; i < LEDGERS; i++) {
            FakeLedger ledger = ledger(random, i, random.nextBoolean());
            Truth.of(ledger).done().forEach((name, uids) -> doneAnywhere.computeIfAbsent(name, n -> new TreeSet<>()).addAll(uids));
            files.add(exported(ledger));
        }
        FakeLedger first = new FakeLedger();
        for (Path file : files) {
            take(first, file);
        }
        Truth truth = Truth.of(first);
        assertThat(truth.done()).isEqualTo(doneAnywhere);

        List<Path> others = new ArrayList<>(files);
        others.addAll(files);
        Collections.shuffle(others, random);
        FakeLedger second = new FakeLedger();
        for (Path file : others) {
            take(second, file);
        }
        assertThat(Truth.of(second)).isEqualTo(truth);
        take(second, exported(first));
        take(first, exported(second));
        assertThat(Truth.of(second)).isEqualTo(truth);
        assertThat(Truth.of(first)).isEqualTo(truth);
    }

    /** Facts as passes leave them: an item is seen before it is done or failed. {@code restored}: a folder has another UIDVALIDITY than elsewhere. */
    private static FakeLedger ledger(Random random, int number, boolean restored) {
        FakeLedger ledger = new FakeLedger();
        PassId pass = new PassId("wave", 1);
        ledger.passes().create(pass, "{}", true, Instant.ofEpochSecond(1_000_000 + number));
        for (String mailbox : MAILBOXES) {
            Pair pair = ledger.pairs().named(new PairName("old", mailbox, "new", mailbox));
            for (String name : NAMES.subList(0, 1 + random.nextInt(NAMES.size()))) {
                long state = restored && name.equals("Sent") ? 8 : 7;
                TargetFolder target = new TargetFolder("new/" + mailbox, name);
                FolderKey key = new FolderKey(pair.id(), 1, new FolderId(name.equals("Sent") ? "f" + number : name.toLowerCase(Locale.ROOT)), state);
                ledger.folders().put(pair.id(), 1, new Folder(key.folder(), name, name, name, target, state));
                for (long uid = 1; uid <= UIDS; uid++) {
                    int what = random.nextInt(4);
                    if (what > 0) {
                        ledger.items().seen(key, "scan", List.of(new SourceItem(uid, 100, uid)));
                    }
                    if (what == 2) {
                        ledger.items().failed(key, List.of(new Items.Failed(uid, pass, Reason.TOO_LARGE, "no", random.nextBoolean(), null, 100)));
                    }
                    if (what == 3) {
                        ledger.items().done(key, List.of(new Items.Done(uid, pass, Items.How.COPIED, new Fingerprint(100, uid, "h" + uid, "c" + uid), target, 70, uid, Set.of(), Set.of())));
                    }
                }
            }
        }
        return ledger;
    }

    private Path exported(FakeLedger ledger) throws Exception {
        Path file = Files.createTempFile(directory, "journal", "");
        try (Control control = control(ledger); OutputStream out = Files.newOutputStream(file)) {
            control.journal().export(null, out);
        }
        return file;
    }

    private static void take(FakeLedger ledger, Path file) throws Exception {
        try (Control control = control(ledger)) {
            control.journal().verify(file);
            Map<String, Object> result = control.journal().take(file, (pairs, items) -> { }).orElseThrow();
            assertThat(result).as("%s", result).containsEntry("busy", 0L).containsEntry("refused", 0L).containsEntry("conflicts", 0L);
        }
    }

    private static Control control(FakeLedger ledger) {
        return new Control(ledger, new FakeQueue(), new SystemClock(), (spec, pair) -> {
            throw new MailException(MailException.Kind.UNREACHABLE, "no dry run here");
        }, new SimpleMeterRegistry(), ControlSettings.DEFAULT);
    }
}
