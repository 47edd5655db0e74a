package io.carryall.cassandra;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.carryall.core.item.Fingerprint;
import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Intents;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * A row a group, in partitions of an epoch and 1,024 groups. Whether a group is closed stands in a column of its own, so that an intent that is written twice stays closed.
 */
final class CassandraIntents implements Intents {
    private static final String INTENT = "intent";
    private static final int GROUP_BITS = 10;
    private static final int EPOCHS_AT_ONCE = 8;

    private final Cql cql;
    private final Buckets buckets;
    private final PreparedStatement open;
    private final PreparedStatement close;
    private final PreparedStatement list;
    private final PreparedStatement read;

    CassandraIntents(Cql cql, Buckets buckets) {
        this.cql = cql;
        this.buckets = buckets;
        open = cql.prepare("INSERT INTO intent (target_mailbox, target_folder, epoch, bucket, group_number, pass, pair, generation, folder, uidvalidity, target_uidvalidity, uidnext_low, items)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) USING TIMESTAMP ?");
        close = cql.prepare("UPDATE intent SET closed = true WHERE target_mailbox = ? AND target_folder = ? AND epoch = ? AND bucket = ? AND group_number = ?");
        list = cql.prepare("SELECT epoch, bucket, group_number, closed, writetime(pass) AS opened FROM intent WHERE target_mailbox = ? AND target_folder = ? AND epoch = ? AND bucket = ?");
        read = cql.prepare("SELECT epoch, group_number, pass, pair, generation, folder, uidvalidity, target_uidvalidity, uidnext_low, items FROM intent"
                + " WHERE target_mailbox = ? AND target_folder = ? AND epoch = ? AND bucket = ? AND group_number = ?");
    }

    @Override
    public void open(Intent intent) {
        FolderKey source = intent.source();
        buckets.note(INTENT, owner(intent.target(), intent.epoch()), List.of((long) bucket(intent.group())));
        cql.write(Cql.bind(open, intent.target().mailbox(), intent.target().folder(), intent.epoch(), bucket(intent.group()), intent.group(), intent.pass().toString(), source.pair().value(),
                source.generation(), source.folder().value(), source.uidValidity(), intent.targetUidValidity(), intent.uidNextLow(), text(intent.items()), FactClock.fact()));
    }

    private static String owner(TargetFolder target, long epoch) {
        return Words.join(List.of(target.mailbox(), target.folder(), Long.toString(epoch)));
    }

    private static int bucket(int group) {
        return group >> GROUP_BITS;
    }

    @Override
    public void close(TargetFolder target, long epoch, int group) {
        cql.write(Cql.bind(close, target.mailbox(), target.folder(), epoch, bucket(group), group));
    }

    /** Looks at numbers first, and reads whole those few that are open. */
    @Override
    public List<Intent> open(TargetFolder target, long fromEpoch, long toEpoch) {
        List<Intent> intents = new ArrayList<>();
        for (long from = fromEpoch; from <= toEpoch; from += EPOCHS_AT_ONCE) {
            List<BoundStatement> wholes = new ArrayList<>();
            for (Row row : openRows(target, from, Math.min(toEpoch, from + EPOCHS_AT_ONCE - 1))) {
                wholes.add(Cql.bind(read, target.mailbox(), target.folder(), row.getLong("epoch"), row.getInt("bucket"), row.getInt("group_number")));
            }
            cql.each(wholes, row -> intents.add(intent(target, row)));
        }
        return intents;
    }

    /** An intent that is overlooked is mail that is copied twice: so what buckets there are is looked up, not concluded. */
    private List<Row> openRows(TargetFolder target, long fromEpoch, long toEpoch) {
        List<BoundStatement> reads = new ArrayList<>();
        for (long epoch = fromEpoch; epoch <= toEpoch; epoch++) {
            for (long bucket : buckets.list(INTENT, owner(target, epoch))) {
                reads.add(Cql.bind(list, target.mailbox(), target.folder(), epoch, (int) bucket));
            }
        }
        List<Row> found = new ArrayList<>();
        cql.each(reads, row -> {
            if (!row.isNull("opened") && !row.getBoolean("closed")) {
                found.add(row);
            }
        });
        found.sort(Comparator.<Row>comparingLong(row -> row.getLong("epoch")).thenComparingInt(row -> row.getInt("group_number")));
        return found;
    }

    private static Intent intent(TargetFolder target, Row row) {
        FolderKey source = new FolderKey(new PairId(row.getString("pair")), row.getInt("generation"), new FolderId(row.getString("folder")), row.getLong("uidvalidity"));
        return new Intent(target, row.getLong("epoch"), row.getInt("group_number"), PassId.parse(row.getString("pass")), source, row.getLong("target_uidvalidity"), row.getLong("uidnext_low"),
                items(row.getString("items")));
    }

    private static String text(List<Item> items) {
        StringBuilder text = new StringBuilder();
        for (Item item : items) {
            List<String> words = new ArrayList<>(List.of(Long.toString(item.uid()), item.fingerprint().toString()));
            words.addAll(item.flags());
            text.append(Words.join(words)).append('\n');
        }
        return text.toString();
    }

    private static List<Item> items(String text) {
        return text.lines().map(line -> {
            List<String> words = Words.split(line);
            return new Item(Long.parseLong(words.get(0)), Fingerprint.parse(words.get(1)), new LinkedHashSet<>(words.subList(2, words.size())));
        }).toList();
    }
}
