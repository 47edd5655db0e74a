package io.carryall.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import io.carryall.core.item.Fingerprint;
import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Items.Done;
import io.carryall.core.port.Items.Facts;
import io.carryall.core.port.Items.How;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("integration")
final class FirstFactStaysTest {
    private static final List<Long> UIDS = LongStream.rangeClosed(1, 300).boxed().toList();

    private static CassandraConfig config;
    private static CassandraLedger one;
    private static CassandraLedger another;

    @BeforeAll
    static void connect() {
        config = Node.freshKeyspace();
        one = CassandraLedger.connect(config);
        another = CassandraLedger.connect(config);
    }

    @AfterAll
    static void close() {
        one.close();
        another.close();
    }

    @Test
    void of_two_who_write_at_once_one_stands_whole_and_for_good() throws Exception {
        FolderKey folder = folder("at-once");
        List<Done> mine = done(1);
        List<Done> theirs = done(2);
        ExecutorService writers = Executors.newFixedThreadPool(2);
        Future<?> first = writers.submit(() -> one.items().done(folder, mine));
        Future<?> second = writers.submit(() -> another.items().done(folder, theirs));
        first.get();
        second.get();
        writers.shutdown();

        Map<Long, Facts> standing = one.items().facts(folder, UIDS);
        another.items().done(folder, theirs);
        one.items().done(folder, mine);

        assertThat(standing).hasSize(UIDS.size()).allSatisfy((uid, facts) -> assertThat(facts.done()).isIn(mine.get((int) (uid - 1)), theirs.get((int) (uid - 1))));
        assertThat(another.items().facts(folder, UIDS)).isEqualTo(standing);
    }

    @Test
    void of_two_writes_the_earlier_one_stands_even_if_it_arrives_later() {
        FolderKey folder = folder("late");
        long early = FactClock.fact();
        one.items().done(folder, done(1));
        try (CqlSession session = DriverSettings.open(config)) {
            // as one who had looked before the other wrote, and stood still since
            session.execute(ofAnother("late", early));
        }

        assertThat(one.items().facts(folder, List.of(5L)).get(5L).done().pass()).isEqualTo(new PassId("other", 1));
        assertThat(one.items().facts(folder, List.of(6L)).get(6L).done()).isEqualTo(done(1).get(5));
    }

    @Test
    void a_writer_whose_clock_is_behind_does_not_replace_what_it_can_see() {
        FolderKey folder = folder("skewed");
        try (CqlSession session = DriverSettings.open(config)) {
            // written by one whose clock is an hour ahead: its timestamp is lower than any that we would give
            session.execute(ofAnother("skewed", FactClock.fact() - 3_600_000_000L));
        }

        one.items().done(folder, done(1));

        assertThat(one.items().facts(folder, List.of(5L)).get(5L).done().pass()).isEqualTo(new PassId("other", 1));
    }

    @Test
    void a_delete_typed_by_hand_neither_takes_a_fact_away_nor_swallows_later_ones() {
        FolderKey folder = folder("deleted");
        one.items().done(folder, done(1).subList(0, 1));
        try (CqlSession session = DriverSettings.open(config)) {
            session.execute("DELETE FROM " + config.keyspace() + ".item WHERE pair = 'p1' AND generation = 1 AND folder = 'deleted' AND uidvalidity = 7 AND bucket = 0");
        }

        one.items().done(folder, done(1));

        assertThat(one.items().facts(folder, UIDS)).hasSize(UIDS.size());
    }

    private static String ofAnother(String folder, long timestamp) {
        return """
                UPDATE %s.item USING TIMESTAMP %d SET done = {pass: 'other#1', how: 'COPIED', fingerprint: '1:1:h:c', target_mailbox: 'm', target_folder: 'f', target_uidvalidity: 1,
                target_uid: 1, flags: '', dropped: ''} WHERE pair = 'p1' AND generation = 1 AND folder = '%s' AND uidvalidity = 7 AND bucket = 0 AND uid = 5
                """.formatted(config.keyspace(), timestamp, folder);
    }

    private static FolderKey folder(String id) {
        return new FolderKey(new PairId("p1"), 1, new FolderId(id), 7);
    }

    private static List<Done> done(int writer) {
        return UIDS.stream().map(uid -> new Done(uid, new PassId("m", writer), How.COPIED, new Fingerprint(uid, uid, "h" + writer, "c" + writer), new TargetFolder("new/m" + writer, "f"), writer,
                uid + writer, Set.of("\\Seen"), Set.of())).toList();
    }
}
