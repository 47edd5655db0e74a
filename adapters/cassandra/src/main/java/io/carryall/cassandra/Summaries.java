package io.carryall.cassandra;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PassId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/**
 * Which items are seen and done: a bit an item, a row a bucket. A cache of what other tables say. A set bit is final, since what is done stays done; whatever row stands, written by whomever, tells the truth, and a missing bit tells nothing. So it is written over without a condition.
 */
final class Summaries {
    private static final int BUCKETS_AT_ONCE = 64;
    private static final long IN_BUCKET = (1L << UidBuckets.BITS) - 1;

    private final Cql cql;
    private final Buckets buckets;
    private final PreparedStatement put;
    private final PreparedStatement read;

    Summaries(Cql cql, Buckets buckets) {
        this.cql = cql;
        this.buckets = buckets;
        put = cql.prepare("INSERT INTO summary (pair, generation, folder, uidvalidity, bucket, pass, done) VALUES (?, ?, ?, ?, ?, ?, ?)");
        read = cql.prepare("SELECT bucket, pass, done FROM summary WHERE pair = ? AND generation = ? AND folder = ? AND uidvalidity = ? AND bucket = ?");
    }

    void put(FolderKey folder, PassId pass, PrimitiveIterator.OfLong uids) {
        List<List<BoundStatement>> rows = new ArrayList<>();
        BitSet bits = new BitSet();
        long bucket = 0;
        while (uids.hasNext()) {
            long uid = uids.nextLong();
            if (UidBuckets.of(uid) != bucket) {
                add(rows, folder, bucket, pass, bits);
                bucket = UidBuckets.of(uid);
                bits = new BitSet();
            }
            bits.set((int) (uid & IN_BUCKET));
        }
        add(rows, folder, bucket, pass, bits);
        cql.writePartitions(rows);
    }

    private void add(List<List<BoundStatement>> rows, FolderKey folder, long bucket, PassId pass, BitSet bits) {
        if (!bits.isEmpty()) {
            rows.add(List.of(UidBuckets.bind(put, folder, bucket, pass.toString(), ByteBuffer.wrap(bits.toByteArray()))));
        }
        if (rows.size() >= BUCKETS_AT_ONCE) {
            cql.writePartitions(rows);
            rows.clear();
        }
    }

    /** What is summarised was seen before: so the buckets of what was seen are all there can be. */
    void forEach(FolderKey folder, PassId but, LongConsumer uids) {
        cql.each(UidBuckets.from(0, buckets, SeenItems.SEEN, read, folder), row -> {
            if (!but.toString().equals(row.getString("pass"))) {
                long base = row.getLong("bucket") << UidBuckets.BITS;
                bits(row).stream().forEach(bit -> uids.accept(base + bit));
            }
        });
    }

    Set<Long> of(FolderKey folder, Collection<Long> uids) {
        Set<Long> known = new HashSet<>();
        List<BoundStatement> reads = uids.stream().map(UidBuckets::of).collect(Collectors.toSet()).stream().map(bucket -> UidBuckets.bind(read, folder, bucket)).toList();
        cql.each(reads, row -> {
            long bucket = row.getLong("bucket");
            BitSet bits = bits(row);
            uids.stream().filter(uid -> UidBuckets.of(uid) == bucket && bits.get((int) (uid & IN_BUCKET))).forEach(known::add);
        });
        return known;
    }

    private static BitSet bits(Row row) {
        return BitSet.valueOf(row.getByteBuffer("done"));
    }
}
