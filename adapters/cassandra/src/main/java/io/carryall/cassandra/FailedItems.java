package io.carryall.cassandra;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.data.UdtValue;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.port.Items.Failed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Failed attempts: a row an item and pass. An item can fail in any number of passes, so the partitions are of 512 UIDs and a run of 16 passes of one migration; a second table tells
 * which runs there are, and is written first. Most folders have none, and are answered by one read a bucket that finds nothing.
 */
final class FailedItems {
    private static final String FAILURE = "failure";
    private static final int CHUNK_BITS = 9;
    private static final int RUN_BITS = 4;

    private final Cql cql;
    private final Buckets buckets;
    private final PreparedStatement addRun;
    private final PreparedStatement listRuns;
    private final PreparedStatement add;
    private final PreparedStatement forgive;
    private final PreparedStatement list;
    private final UidSlices some;

    private record Chunk(long number, String migration, int run) {}

    private record Attempt(Failed failed, long written) {
        static final Comparator<Attempt> ORDER = Comparator.comparingLong((Attempt attempt) -> attempt.failed.uid()).thenComparing(Comparator.comparingLong(Attempt::written).reversed());
    }

    FailedItems(Cql cql, Buckets buckets) {
        this.cql = cql;
        this.buckets = buckets;
        addRun = cql.prepare("INSERT INTO failure_run (pair, generation, folder, uidvalidity, bucket, migration, run) VALUES (?, ?, ?, ?, ?, ?, ?)");
        listRuns = cql.prepare("SELECT bucket, migration, run FROM failure_run WHERE pair = ? AND generation = ? AND folder = ? AND uidvalidity = ? AND bucket = ?");
        add = cql.prepare("UPDATE failure USING TIMESTAMP ? SET failed = ? WHERE pair = ? AND generation = ? AND folder = ? AND uidvalidity = ? AND chunk = ? AND migration = ? AND run = ?"
                + " AND uid = ? AND pass = ?");
        forgive = cql.prepare("UPDATE failure SET forgiven = true WHERE pair = ? AND generation = ? AND folder = ? AND uidvalidity = ? AND chunk = ? AND migration = ? AND run = ? AND uid = ? AND pass = ?");
        String all = "SELECT migration, uid, pass, failed, forgiven, writetime(failed) AS written FROM failure"
                + " WHERE pair = ? AND generation = ? AND folder = ? AND uidvalidity = ? AND chunk = ? AND migration = ? AND run = ?";
        list = cql.prepare(all);
        some = new UidSlices(cql, all);
    }

    void add(FolderKey folder, List<Failed> items) {
        Map<Long, List<BoundStatement>> runs = new HashMap<>();
        Map<Chunk, List<BoundStatement>> partitions = new HashMap<>();
        for (Failed failed : items) {
            Chunk chunk = chunk(failed);
            if (!partitions.containsKey(chunk)) {
                long bucket = UidBuckets.of(failed.uid());
                runs.computeIfAbsent(bucket, b -> new ArrayList<>()).add(UidBuckets.bind(addRun, folder, bucket, chunk.migration, chunk.run));
            }
            partitions.computeIfAbsent(chunk, c -> new ArrayList<>()).add(row(folder, chunk, failed));
        }
        buckets.note(FAILURE, UidBuckets.owner(folder), runs.keySet());
        cql.writePartitions(runs.values());
        cql.writePartitions(partitions.values());
    }

    private static Chunk chunk(Failed failed) {
        return new Chunk(failed.uid() >> CHUNK_BITS, failed.pass().migration(), failed.pass().number() >> RUN_BITS);
    }

    /** A cell of its own that only ever becomes true. */
    void forgive(FolderKey folder, List<Failed> attempts) {
        Map<Chunk, List<BoundStatement>> partitions = new HashMap<>();
        for (Failed failed : attempts) {
            Chunk chunk = chunk(failed);
            partitions.computeIfAbsent(chunk, c -> new ArrayList<>()).add(Cql.bind(forgive, folder.pair().value(), folder.generation(), folder.folder().value(), folder.uidValidity(), chunk.number, chunk.migration,
                    chunk.run, failed.uid(), failed.pass().number()));
        }
        cql.writePartitions(partitions.values());
    }

    private BoundStatement row(FolderKey folder, Chunk chunk, Failed failed) {
        UdtValue fact = Cql.typeOf(add, 1).newValue(Instant.now(), failed.reason().word(), failed.detail(), failed.retryable(), failed.messageId(), failed.sizeBytes());
        return Cql.bind(add, failed.reason() == Reason.AMBIGUOUS ? FactClock.prevailing() : FactClock.fact(), fact, folder.pair().value(), folder.generation(), folder.folder().value(), folder.uidValidity(), chunk.number, chunk.migration, chunk.run,
                failed.uid(), failed.pass().number());
    }

    /** Item by item, the oldest attempt first. */
    void ofSome(FolderKey folder, Collection<Long> uids, Consumer<Failed> items) {
        Map<Long, TreeSet<Long>> chunks = UidSlices.grouped(uids, CHUNK_BITS);
        Set<Long> wanted = Set.copyOf(uids);
        List<BoundStatement> reads = new ArrayList<>();
        for (Row run : runs(folder, UidSlices.grouped(uids, UidBuckets.BITS).keySet())) {
            chunks.forEach((chunk, ofChunk) -> {
                if (chunk >> (UidBuckets.BITS - CHUNK_BITS) == run.getLong("bucket")) {
                    reads.addAll(some.reads(ofChunk, (statement, more) -> bind(statement, folder, chunk, run, more)));
                }
            });
        }
        List<Attempt> attempts = new ArrayList<>();
        cql.each(reads, row -> {
            if (wanted.contains(row.getLong("uid"))) {
                attempts.add(attempt(row));
            }
        });
        attempts.stream().sorted(Attempt.ORDER).map(Attempt::failed).forEach(items);
    }

    private static BoundStatement bind(PreparedStatement statement, FolderKey folder, long chunk, Row run, Object... more) {
        List<Object> values = new ArrayList<>(List.of(run.getString("migration"), run.getInt("run")));
        values.addAll(List.of(more));
        return UidBuckets.bind(statement, folder, chunk, values.toArray());
    }

    private List<Row> runs(FolderKey folder, Collection<Long> ofBuckets) {
        return cql.rows(ofBuckets.stream().map(bucket -> UidBuckets.bind(listRuns, folder, bucket)).toList());
    }

    /** Chunk by chunk: what is held in memory are the attempts of one chunk. */
    void forEach(FolderKey folder, Consumer<Failed> items) {
        for (long bucket : buckets.list(FAILURE, UidBuckets.owner(folder))) {
            List<Row> runs = runs(folder, List.of(bucket));
            long first = bucket << (UidBuckets.BITS - CHUNK_BITS);
            for (long chunk = first; !runs.isEmpty() && chunk < first + (1L << (UidBuckets.BITS - CHUNK_BITS)); chunk++) {
                long ofChunk = chunk;
                List<Attempt> attempts = new ArrayList<>();
                cql.each(runs.stream().map(run -> bind(list, folder, ofChunk, run)).toList(), row -> attempts.add(attempt(row)));
                attempts.stream().sorted(Attempt.ORDER).map(Attempt::failed).forEach(items);
            }
        }
    }

    private static Attempt attempt(Row row) {
        UdtValue fact = row.getUdtValue("failed");
        PassId pass = new PassId(row.getString("migration"), row.getInt("pass"));
        Failed failed = new Failed(row.getLong("uid"), pass, Reason.of(fact.getString("reason")).orElseThrow(), fact.getString("detail"), fact.getBoolean("retryable") || row.getBoolean("forgiven"), fact.getString("message_id"),
                fact.getLong("size_bytes"));
        return new Attempt(failed, FactClock.asFact(row.getLong("written")));
    }
}
