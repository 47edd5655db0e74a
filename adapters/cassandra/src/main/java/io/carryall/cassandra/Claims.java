package io.carryall.cassandra;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.ItemKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.TargetFolder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** Which target UIDs are somebody's: a row a UID. Whose, tells who settles a folder that the item has arrived, though its record is missing. */
final class Claims {
    private static final String CLAIM = "claim";

    private final Cql cql;
    private final Buckets buckets;
    private final PreparedStatement add;
    private final PreparedStatement list;
    private final PreparedStatement newest;

    Claims(Cql cql, Buckets buckets) {
        this.cql = cql;
        this.buckets = buckets;
        add = cql.prepare("INSERT INTO claim (target_mailbox, target_folder, target_uidvalidity, bucket, target_uid, item) VALUES (?, ?, ?, ?, ?, ?) USING TIMESTAMP ?");
        list = cql.prepare("SELECT target_uid, item FROM claim WHERE target_mailbox = ? AND target_folder = ? AND target_uidvalidity = ? AND bucket = ? AND target_uid >= ?");
        newest = cql.prepare("SELECT target_uid FROM claim WHERE target_mailbox = ? AND target_folder = ? AND target_uidvalidity = ? AND bucket = ? ORDER BY target_uid DESC LIMIT 1");
    }

    void add(TargetFolder target, long uidValidity, Map<Long, ItemKey> items) {
        Map<Long, List<BoundStatement>> partitions = new TreeMap<>();
        items.forEach((uid, item) -> {
            long bucket = UidBuckets.of(uid);
            partitions.computeIfAbsent(bucket, b -> new ArrayList<>()).add(Cql.bind(add, target.mailbox(), target.folder(), uidValidity, bucket, uid, text(item), FactClock.fact()));
        });
        buckets.note(CLAIM, owner(target, uidValidity), partitions.keySet());
        cql.writePartitions(partitions.values());
    }

    private static String owner(TargetFolder target, long uidValidity) {
        return Words.join(List.of(target.mailbox(), target.folder(), Long.toString(uidValidity)));
    }

    private static String text(ItemKey item) {
        FolderKey folder = item.folder();
        return Words.join(List.of(folder.pair().value(), Integer.toString(folder.generation()), folder.folder().value(), Long.toString(folder.uidValidity()), Long.toString(item.uid())));
    }

    private static ItemKey item(String text) {
        List<String> words = Words.split(text);
        return new FolderKey(new PairId(words.get(0)), Integer.parseInt(words.get(1)), new FolderId(words.get(2)), Long.parseLong(words.get(3))).item(Long.parseLong(words.get(4)));
    }

    void forEach(TargetFolder target, long uidValidity, long fromUid, BiConsumer<Long, ItemKey> claims) {
        List<BoundStatement> reads = buckets.from(CLAIM, owner(target, uidValidity), UidBuckets.of(fromUid)).stream()
                .map(bucket -> Cql.bind(list, target.mailbox(), target.folder(), uidValidity, bucket, fromUid)).toList();
        cql.each(reads, row -> claims.accept(row.getLong(0), item(row.getString(1))));
    }

    /** A bucket that was noted may be empty. */
    OptionalLong newest(TargetFolder target, long uidValidity) {
        List<Long> all = buckets.list(CLAIM, owner(target, uidValidity));
        for (int i = all.size() - 1; i >= 0; i--) {
            Optional<Row> row = cql.one(Cql.bind(newest, target.mailbox(), target.folder(), uidValidity, all.get(i)));
            if (row.isPresent()) {
                return OptionalLong.of(row.get().getLong(0));
            }
        }
        return OptionalLong.empty();
    }
}
