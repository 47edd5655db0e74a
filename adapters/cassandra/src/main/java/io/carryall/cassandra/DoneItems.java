package io.carryall.cassandra;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.data.UdtValue;
import io.carryall.core.item.Fingerprint;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PassId;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Items.Done;
import io.carryall.core.port.Items.How;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * What is done: a row an item, the whole fact in one cell, so that of two facts one stands and never a mixture. Writers look first and write what is not there; what they cannot see
 * (somebody writes at this moment) is decided by {@link FactClock}.
 */
final class DoneItems {
    private static final String ITEM = "item";

    private final Cql cql;
    private final Buckets buckets;
    private final PreparedStatement add;
    private final PreparedStatement list;
    private final UidSlices known;
    private final UidSlices some;

    DoneItems(Cql cql, Buckets buckets) {
        this.cql = cql;
        this.buckets = buckets;
        add = cql.prepare("UPDATE item USING TIMESTAMP ? SET done = ? WHERE pair = ? AND generation = ? AND folder = ? AND uidvalidity = ? AND bucket = ? AND uid = ?");
        String key = " FROM item WHERE pair = ? AND generation = ? AND folder = ? AND uidvalidity = ? AND bucket = ?";
        list = cql.prepare("SELECT uid, done" + key);
        some = new UidSlices(cql, "SELECT uid, done" + key);
        known = new UidSlices(cql, "SELECT uid" + key);
    }

    void add(FolderKey folder, List<Done> items) {
        TreeMap<Long, TreeSet<Long>> uids = UidSlices.grouped(items.stream().map(Done::uid).toList(), UidBuckets.BITS);
        Set<Long> there = new HashSet<>();
        cql.each(reads(known, folder, uids), row -> there.add(row.getLong(0)));
        Map<Long, List<BoundStatement>> partitions = new TreeMap<>();
        for (Done done : items) {
            if (there.add(done.uid())) {
                long bucket = UidBuckets.of(done.uid());
                partitions.computeIfAbsent(bucket, b -> new ArrayList<>()).add(row(folder, bucket, done));
            }
        }
        buckets.note(ITEM, UidBuckets.owner(folder), partitions.keySet());
        cql.writePartitions(partitions.values());
    }

    private static List<BoundStatement> reads(UidSlices slices, FolderKey folder, TreeMap<Long, TreeSet<Long>> uids) {
        List<BoundStatement> reads = new ArrayList<>();
        uids.forEach((bucket, ofBucket) -> reads.addAll(slices.reads(ofBucket, (statement, more) -> UidBuckets.bind(statement, folder, bucket, more))));
        return reads;
    }

    private BoundStatement row(FolderKey folder, long bucket, Done done) {
        UdtValue fact = Cql.typeOf(add, 1).newValue(Instant.now(), done.pass().toString(), done.how().name(), done.fingerprint().toString(), done.target().mailbox(), done.target().folder(),
                done.targetUidValidity(), done.targetUid(), Words.join(done.flags()), Words.join(done.dropped()));
        return Cql.bind(add, FactClock.fact(), fact, folder.pair().value(), folder.generation(), folder.folder().value(), folder.uidValidity(), bucket, done.uid());
    }

    void ofSome(FolderKey folder, Collection<Long> uids, Consumer<Done> items) {
        Set<Long> wanted = Set.copyOf(uids);
        cql.each(reads(some, folder, UidSlices.grouped(uids, UidBuckets.BITS)), row -> {
            if (wanted.contains(row.getLong(0)) && !row.isNull(1)) {
                items.accept(done(row));
            }
        });
    }

    void forEach(FolderKey folder, long fromUid, Consumer<Done> items) {
        cql.each(UidBuckets.from(fromUid, buckets, ITEM, list, folder), row -> {
            if (!row.isNull(1) && row.getLong(0) >= fromUid) {
                items.accept(done(row));
            }
        });
    }

    private static Done done(Row row) {
        UdtValue fact = row.getUdtValue(1);
        return new Done(row.getLong(0), PassId.parse(fact.getString("pass")), How.valueOf(fact.getString("how")), Fingerprint.parse(fact.getString("fingerprint")),
                new TargetFolder(fact.getString("target_mailbox"), fact.getString("target_folder")), fact.getLong("target_uidvalidity"), fact.getLong("target_uid"),
                Words.set(fact.getString("flags")), Words.set(fact.getString("dropped")));
    }
}
