package io.carryall.cassandra;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.carryall.core.item.FolderKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** Message-IDs of items in folders of drafts. What is written again is the same. */
final class MessageIds {
    private static final String MESSAGE_ID = "message_id";

    private final Cql cql;
    private final Buckets buckets;
    private final PreparedStatement add;
    private final PreparedStatement list;

    MessageIds(Cql cql, Buckets buckets) {
        this.cql = cql;
        this.buckets = buckets;
        add = cql.prepare("INSERT INTO message_id (pair, generation, folder, uidvalidity, bucket, uid, message_id) VALUES (?, ?, ?, ?, ?, ?, ?)");
        list = cql.prepare("SELECT uid, message_id FROM message_id WHERE pair = ? AND generation = ? AND folder = ? AND uidvalidity = ? AND bucket = ?");
    }

    void add(FolderKey folder, Map<Long, String> ids) {
        Map<Long, List<BoundStatement>> partitions = new TreeMap<>();
        ids.forEach((uid, id) -> partitions.computeIfAbsent(UidBuckets.of(uid), bucket -> new ArrayList<>()).add(UidBuckets.bind(add, folder, UidBuckets.of(uid), uid, id)));
        buckets.note(MESSAGE_ID, UidBuckets.owner(folder), partitions.keySet());
        cql.writePartitions(partitions.values());
    }

    void forEach(FolderKey folder, BiConsumer<Long, String> ids) {
        cql.each(UidBuckets.from(0, buckets, MESSAGE_ID, list, folder), row -> ids.accept(row.getLong("uid"), row.getString("message_id")));
    }
}
