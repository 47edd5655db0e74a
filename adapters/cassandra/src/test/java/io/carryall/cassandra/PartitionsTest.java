package io.carryall.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import io.carryall.core.item.Fingerprint;
import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.ItemKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.item.SourceItem;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Intents.Intent;
import io.carryall.core.port.Items.Done;
import io.carryall.core.port.Items.Failed;
import io.carryall.core.port.Items.How;
import io.carryall.core.port.Passes.PassPair;
import io.carryall.core.record.PipelineRecord.CopyPage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Large folders, pairs and migrations: everything comes back, and no partition of any table is large. */
@Tag("integration")
final class PartitionsTest {
    private static final int ROWS_MAX = 10_000;
    private static final PassId PASS = new PassId("large", 1);
    private static final PairId PAIR = new PairId("p1");
    private static final TargetFolder TARGET = new TargetFolder("new/ann@new.example", "INBOX");
    private static final List<Long> DENSE = LongStream.rangeClosed(1, 50_000).boxed().toList();
    /** To the end of the 32 bits: more buckets than one part of their index holds. */
    private static final List<Long> SPARSE = LongStream.rangeClosed(1, 12_000).map(i -> i * 357_913L).boxed().toList();

    private static CassandraConfig config;
    private static CassandraLedger ledger;

    @BeforeAll
    static void connect() {
        config = Node.freshKeyspace();
        ledger = CassandraLedger.connect(config);
    }

    @AfterAll
    static void close() {
        ledger.close();
    }

    @Test
    void a_large_dense_folder() {
        FolderKey folder = folder("dense");
        chunks(DENSE, 500, uids -> ledger.items().seen(folder, "scan-a", uids.stream().map(PartitionsTest::item).toList()));
        chunks(DENSE, 700, uids -> ledger.items().seen(folder, "scan-b", uids.stream().map(PartitionsTest::item).toList()));
        chunks(DENSE, 500, uids -> ledger.items().done(folder, uids.stream().map(PartitionsTest::done).toList()));

        List<Long> seen = new ArrayList<>();
        ledger.items().forEachSeen(folder, item -> seen.add(item.uid()));
        List<Long> done = new ArrayList<>();
        ledger.items().forEachDone(folder, item -> done.add(item.uid()));
        assertThat(seen).isEqualTo(DENSE);
        assertThat(done).isEqualTo(DENSE);
        assertPartitionsAreSmall();
    }

    @Test
    void a_sparse_folder_with_every_uid_in_a_bucket_of_its_own() {
        FolderKey folder = folder("sparse");
        chunks(SPARSE, 1_000, uids -> ledger.items().seen(folder, "scan-a", uids.stream().map(PartitionsTest::item).toList()));
        chunks(SPARSE, 1_000, uids -> ledger.items().claim(TARGET, 7, uids.stream().collect(Collectors.toMap(uid -> uid, uid -> new ItemKey(folder, uid)))));

        List<Long> seen = new ArrayList<>();
        ledger.items().forEachSeen(folder, item -> seen.add(item.uid()));
        assertThat(seen).isEqualTo(SPARSE);
        assertThat(ledger.items().claimed(TARGET, 7, SPARSE.get(11_000)).keySet()).containsExactlyElementsOf(SPARSE.subList(11_000, 12_000));
        assertPartitionsAreSmall();
    }

    @Test
    void a_folder_that_fails_again_and_again() {
        FolderKey folder = folder("failing");
        List<Long> uids = DENSE.subList(0, 2_000);
        for (int pass = 1; pass <= 20; pass++) {
            PassId failing = new PassId("large", pass);
            chunks(uids, 500, some -> ledger.items().failed(folder, some.stream().map(uid -> new Failed(uid, failing, Reason.UNREADABLE, "no", true, null, 1)).toList()));
        }

        List<Failed> failed = new ArrayList<>();
        ledger.items().forEachFailed(folder, failed::add);
        assertThat(failed).hasSize(40_000);
        assertThat(failed.subList(20, 40)).allMatch(failure -> failure.uid() == 2).extracting(failure -> failure.pass().number()).isEqualTo(IntStream.rangeClosed(1, 20).boxed().toList());
        assertThat(ledger.items().facts(folder, List.of(5L, 1_999L, 2_001L))).containsOnlyKeys(5L, 1_999L).allSatisfy((uid, facts) -> assertThat(facts.failures()).hasSize(20));
        assertPartitionsAreSmall();
    }

    @Test
    void a_folder_of_many_pages_and_an_epoch_of_many_groups() {
        FolderKey folder = folder("pages");
        each(5_000, seq -> ledger.pages().put(new CopyPage(PASS, folder, "scan-a", seq, TARGET, List.of(item(seq + 1)))));
        each(3_000, group -> ledger.intents().open(new Intent(TARGET, 1, group, PASS, folder, 7, 1, List.of())));

        assertThat(ledger.pages().of(PASS, folder, "scan-a")).extracting(page -> page.page().seq()).isEqualTo(IntStream.range(0, 5_000).boxed().toList());
        assertThat(ledger.pages().progress(PASS, folder, "scan-a").registered()).isEqualTo(5_000);
        assertThat(ledger.intents().open(TARGET, 0, 2)).extracting(Intent::group).isEqualTo(IntStream.range(0, 3_000).boxed().toList());
        assertPartitionsAreSmall();
    }

    @Test
    void a_migration_of_a_hundred_thousand_pairs_and_a_pair_of_five_thousand_folders() {
        List<PassPair> pairs = IntStream.range(0, 100_000).mapToObj(i -> new PassPair(new PairId("x" + i), 1, true, "a" + i + "@old.example", "a" + i + "@new.example", null, null, null, null)).toList();
        chunks(pairs, 10_000, some -> ledger.passes().putPairs(PASS, some));
        each(5_000, i -> ledger.folders().put(PAIR, 1, new Folder(new FolderId("f" + i), "p" + i, "p" + i, "p" + i, TARGET, 7)));

        Set<PairId> found = new HashSet<>();
        ledger.passes().forEachPair(PASS, pair -> found.add(pair.pair()));
        assertThat(found).hasSize(100_000);
        assertThat(ledger.folders().of(PAIR, 1)).hasSize(5_000);
        assertPartitionsAreSmall();
    }

    @Test
    void a_migration_that_is_followed_for_tens_of_thousands_of_passes() {
        for (int number : List.of(1, 8_191, 8_192, 20_000, 70_000_000)) {
            ledger.passes().create(new PassId("followed", number), "{}", false, Instant.EPOCH);
            ledger.pairs().completed(PAIR, 1, new PassId("followed", number));
        }

        assertThat(ledger.passes().newest("followed").orElseThrow().id().number()).isEqualTo(70_000_000);
        assertThat(ledger.pairs().completedPasses(PAIR, 1)).hasSize(5);
    }

    private static void assertPartitionsAreSmall() {
        try (CqlSession session = DriverSettings.open(config.withRequestTimeoutMillis(60_000))) {
            keys(session).forEach((table, key) -> {
                String columns = String.join(", ", key);
                SimpleStatement count = SimpleStatement.newInstance("SELECT " + columns + ", count(*) AS rows_there FROM " + config.keyspace() + "." + table + " GROUP BY " + columns);
                for (Row partition : session.execute(count.setTimeout(Duration.ofSeconds(60)))) {
                    assertThat(partition.getLong("rows_there")).as(() -> table + " " + partition.getFormattedContents()).isLessThanOrEqualTo(ROWS_MAX);
                }
            });
        }
    }

    private static Map<String, List<String>> keys(CqlSession session) {
        return session.execute("SELECT table_name, column_name, kind, position FROM system_schema.columns WHERE keyspace_name = ?", config.keyspace()).all().stream()
                .filter(column -> column.getString("kind").equals("partition_key")).sorted(Comparator.comparingInt(column -> column.getInt("position")))
                .collect(Collectors.groupingBy(column -> column.getString("table_name"), Collectors.mapping(column -> column.getString("column_name"), Collectors.toList())));
    }

    private static void each(int count, IntConsumer work) {
        ExecutorService threads = Executors.newFixedThreadPool(16);
        List<Future<?>> running = IntStream.range(0, count).<Future<?>>mapToObj(i -> threads.submit(() -> work.accept(i))).toList();
        running.forEach(one -> assertThat(one).succeedsWithin(Duration.ofMinutes(5)));
        threads.shutdown();
    }

    private static <T> void chunks(List<T> all, int size, Consumer<List<T>> work) {
        for (int from = 0; from < all.size(); from += size) {
            work.accept(all.subList(from, Math.min(all.size(), from + size)));
        }
    }

    private static FolderKey folder(String id) {
        return new FolderKey(PAIR, 1, new FolderId(id), 4_000_000_000L);
    }

    private static SourceItem item(long uid) {
        return new SourceItem(uid, uid, uid);
    }

    private static Done done(long uid) {
        return new Done(uid, PASS, How.COPIED, new Fingerprint(uid, uid, "headers", "content"), TARGET, 7, uid, Set.of("\\Seen"), Set.of());
    }
}
