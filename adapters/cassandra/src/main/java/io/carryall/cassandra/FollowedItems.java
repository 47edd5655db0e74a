package io.carryall.cassandra;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.data.UdtValue;
import io.carryall.core.flags.FlagBase;
import io.carryall.core.flags.FlagSet;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PassId;
import io.carryall.core.port.Items;
import io.carryall.core.port.Items.Followed;
import io.carryall.core.port.Items.FollowedFlags;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What was last carried of flags: a row an item, one cell, written over by who holds the lease. The lease's epoch is the timestamp, so that no clock and no zombie decides anything. */
final class FollowedItems {
    private static final String FLAGS = "flags";

    private final Cql cql;
    private final Buckets buckets;
    private final PreparedStatement put;
    private final UidSlices some;

    FollowedItems(Cql cql, Buckets buckets) {
        this.cql = cql;
        this.buckets = buckets;
        put = cql.prepare("UPDATE flags USING TIMESTAMP ? SET followed = ? WHERE pair = ? AND generation = ? AND folder = ? AND uidvalidity = ? AND bucket = ? AND uid = ?");
        some = new UidSlices(cql, "SELECT uid, followed FROM flags WHERE pair = ? AND generation = ? AND folder = ? AND uidvalidity = ? AND bucket = ?");
    }

    void put(FolderKey folder, long epoch, int step, List<FollowedFlags> items) {
        if (step < 0 || step >= Items.FLAG_STEPS_MAX) {
            throw new IllegalArgumentException("step " + step + " of an epoch");
        }
        long timestamp = FactClock.FACTS_FROM + epoch * Items.FLAG_STEPS_MAX + step;
        Map<Long, List<BoundStatement>> partitions = new TreeMap<>();
        for (FollowedFlags item : items) {
            long bucket = UidBuckets.of(item.uid());
            UdtValue cell = Cql.typeOf(put, 1).newValue(item.pass().toString(), text(item.base().source()), text(item.base().target()), text(item.base().intended()), item.how().name(), text(item.refused()));
            partitions.computeIfAbsent(bucket, b -> new ArrayList<>())
                    .add(Cql.bind(put, timestamp, cell, folder.pair().value(), folder.generation(), folder.folder().value(), folder.uidValidity(), bucket, item.uid()));
        }
        buckets.note(FLAGS, UidBuckets.owner(folder), partitions.keySet());
        cql.writePartitions(partitions.values());
    }

    private static String text(FlagSet flags) {
        return Words.join(flags.names());
    }

    Map<Long, FollowedFlags> ofSome(FolderKey folder, Collection<Long> uids) {
        Set<Long> wanted = Set.copyOf(uids);
        Map<Long, FollowedFlags> found = new TreeMap<>();
        List<BoundStatement> reads = new ArrayList<>();
        UidSlices.grouped(uids, UidBuckets.BITS).forEach((bucket, ofBucket) -> reads.addAll(some.reads(ofBucket, (statement, more) -> UidBuckets.bind(statement, folder, bucket, more))));
        cql.each(reads, row -> {
            if (wanted.contains(row.getLong(0)) && !row.isNull(1)) {
                found.put(row.getLong(0), followed(row));
            }
        });
        return found;
    }

    private static FollowedFlags followed(Row row) {
        UdtValue cell = row.getUdtValue(1);
        FlagBase base = new FlagBase(flags(cell, "source"), flags(cell, "target"), flags(cell, "intended"));
        return new FollowedFlags(row.getLong(0), PassId.parse(cell.getString("pass")), base, Followed.valueOf(cell.getString("how")), flags(cell, "refused"));
    }

    private static FlagSet flags(UdtValue cell, String field) {
        return FlagSet.of(Words.split(cell.getString(field)));
    }
}
