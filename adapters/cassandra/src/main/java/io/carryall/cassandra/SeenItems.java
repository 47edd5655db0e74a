package io.carryall.cassandra;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.carryall.core.fold.UidSet;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.SourceItem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What scans found. A row holds items of one block of 256 UIDs, and only such as were not known when it was written: so a rescan of what did not change adds no row, and a partition
 * holds at most as many rows as UIDs. Its key names exactly the UIDs that are in it, so that no row is ever written over by one that holds other items.
 */
final class SeenItems {
    static final String SEEN = "seen";
    private static final int BLOCK_BITS = 8;

    private final Cql cql;
    private final Buckets buckets;
    private final PreparedStatement add;
    private final PreparedStatement read;
    private final PreparedStatement list;

    SeenItems(Cql cql, Buckets buckets) {
        this.cql = cql;
        this.buckets = buckets;
        add = cql.prepare("INSERT INTO seen (pair, generation, folder, uidvalidity, bucket, block, uids_hash, scan, items) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) USING TIMESTAMP ?");
        String all = "SELECT block, items FROM seen WHERE pair = ? AND generation = ? AND folder = ? AND uidvalidity = ? AND bucket = ?";
        list = cql.prepare(all);
        read = cql.prepare(all + " AND block >= ? AND block <= ?");
    }

    void add(FolderKey folder, String scan, List<SourceItem> items) {
        TreeMap<Long, List<SourceItem>> blocks = new TreeMap<>();
        UidSet known = new UidSet();
        ofBlocks(folder, items.stream().map(item -> item.uid() >> BLOCK_BITS).collect(Collectors.toSet()), (uid, sizeBytes, date) -> known.add(uid));
        for (SourceItem item : items) {
            if (known.add(item.uid())) {
                blocks.computeIfAbsent(item.uid() >> BLOCK_BITS, block -> new ArrayList<>()).add(item);
            }
        }
        Map<Long, List<BoundStatement>> partitions = new TreeMap<>();
        blocks.forEach((block, fresh) -> {
            fresh.sort(Comparator.comparingLong(SourceItem::uid));
            partitions.computeIfAbsent(bucket(block), bucket -> new ArrayList<>()).add(row(folder, scan, block, fresh));
        });
        buckets.note(SEEN, UidBuckets.owner(folder), partitions.keySet());
        cql.writePartitions(partitions.values());
    }

    private static long bucket(long block) {
        return block >> (UidBuckets.BITS - BLOCK_BITS);
    }

    /** Of two rows that hold one item the same one counts as in {@link #forEach}: the first in the order of keys. */
    Map<Long, SourceItem> ofSome(FolderKey folder, Collection<Long> uids) {
        Set<Long> wanted = Set.copyOf(uids);
        Map<Long, SourceItem> found = new TreeMap<>();
        ofBlocks(folder, wanted.stream().map(uid -> uid >> BLOCK_BITS).collect(Collectors.toSet()), (uid, sizeBytes, date) -> {
            if (wanted.contains(uid)) {
                found.putIfAbsent(uid, new SourceItem(uid, sizeBytes, date));
            }
        });
        return found;
    }

    /** May bring items of further blocks between them. */
    private void ofBlocks(FolderKey folder, Collection<Long> blocks, ItemText.Taker items) {
        List<BoundStatement> reads = new ArrayList<>();
        blocks.stream().collect(Collectors.groupingBy(SeenItems::bucket, TreeMap::new, Collectors.toCollection(TreeSet::new)))
                .forEach((bucket, ofBucket) -> reads.add(UidBuckets.bind(read, folder, bucket, ofBucket.first(), ofBucket.last())));
        cql.each(reads, row -> ItemText.each(row.getString("items"), items));
    }

    private BoundStatement row(FolderKey folder, String scan, long block, List<SourceItem> items) {
        return UidBuckets.bind(add, folder, bucket(block), block, hash(items), scan, ItemText.of(items), FactClock.fact());
    }

    /** The UIDs of a block are 256 bits; of two sets of them, which only writers at odds could bring about, 64 bits tell one from the other. */
    private static long hash(List<SourceItem> items) {
        long hash = 0xcbf29ce484222325L;
        for (SourceItem item : items) {
            hash = (hash ^ (item.uid() & 0xff)) * 0x100000001b3L;
        }
        return hash;
    }

    /** Block by block: what is held in memory are the rows of one block and the pages that the driver reads ahead. */
    void forEach(FolderKey folder, long fromUid, Consumer<SourceItem> items) {
        BlockMerge merge = new BlockMerge(fromUid, items);
        cql.each(UidBuckets.from(fromUid, buckets, SEEN, list, folder), merge);
        merge.flush();
    }

    /** Most blocks are one row, whose items are in their order already. */
    private static final class BlockMerge implements Consumer<Row> {
        private final long fromUid;
        private final Consumer<SourceItem> items;
        private final List<String> rows = new ArrayList<>();
        private long block = -1;

        BlockMerge(long fromUid, Consumer<SourceItem> items) {
            this.fromUid = fromUid;
            this.items = items;
        }

        @Override
        public void accept(Row row) {
            if (row.getLong("block") != block) {
                flush();
                block = row.getLong("block");
            }
            rows.add(row.getString("items"));
        }

        void flush() {
            if (rows.size() == 1) {
                ItemText.each(rows.get(0), this::take);
            } else {
                List<SourceItem> all = new ArrayList<>();
                rows.forEach(row -> ItemText.each(row, (uid, sizeBytes, date) -> all.add(new SourceItem(uid, sizeBytes, date))));
                // Stable: of two that hold one item the first row's stays before the other's.
                all.sort(Comparator.comparingLong(SourceItem::uid));
                long last = -1;
                for (SourceItem item : all) {
                    if (item.uid() != last && item.uid() >= fromUid) {
                        items.accept(item);
                    }
                    last = item.uid();
                }
            }
            rows.clear();
        }

        private void take(long uid, long sizeBytes, long dateEpochSecond) {
            if (uid >= fromUid) {
                items.accept(new SourceItem(uid, sizeBytes, dateEpochSecond));
            }
        }
    }
}
