package io.carryall.cassandra;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.carryall.core.item.FolderKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The partitions of one folder: 8,192 UIDs each. */
final class UidBuckets {
    static final int BITS = 13;

    private UidBuckets() {}

    static long of(long uid) {
        return uid >> BITS;
    }

    /** As it stands in the table of buckets. */
    static String owner(FolderKey folder) {
        return Words.join(List.of(folder.pair().value(), Integer.toString(folder.generation()), folder.folder().value(), Long.toString(folder.uidValidity())));
    }

    /** Binds the partition's key, and then {@code more}. */
    static BoundStatement bind(PreparedStatement statement, FolderKey folder, long bucket, Object... more) {
        List<Object> values = new ArrayList<>(List.of(folder.pair().value(), folder.generation(), folder.folder().value(), folder.uidValidity(), bucket));
        values.addAll(Arrays.asList(more));
        return Cql.bind(statement, values.toArray());
    }

    /** One read a bucket, in the order of UIDs, from the bucket of this UID on. */
    static List<BoundStatement> from(long uid, Buckets buckets, String table, PreparedStatement list, FolderKey folder) {
        return buckets.list(table, owner(folder)).stream().filter(bucket -> bucket >= of(uid)).map(bucket -> bind(list, folder, bucket)).toList();
    }
}
