package io.carryall.cassandra;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.data.UdtValue;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Pages;
import io.carryall.core.record.PageRef;
import io.carryall.core.record.PipelineRecord.CopyPage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A page, whether it is settled, and whether it is parked stand in cells of their own, so that none undoes another: a page that was settled before it was put is settled. That a page
 * had nothing to copy is told by its items, not by a mark, so that putting it again with other items changes nothing.
 */
final class CassandraPages implements Pages {
    private static final String PAGE = "page";
    private static final int SEQ_BITS = 11;
    private static final String REOPENED = "";
    // with a few hundred items each
    private static final int PAGES_READ_AT_ONCE = 100;
    private static final int STATES_READ_AT_ONCE = 1_000;

    private final Cql cql;
    private final Buckets buckets;
    private final PreparedStatement put;
    private final PreparedStatement read;
    private final PreparedStatement readSome;
    private final PreparedStatement settle;
    private final PreparedStatement park;
    private final PreparedStatement list;
    private final PreparedStatement listStates;

    CassandraPages(Cql cql, Buckets buckets) {
        this.cql = cql;
        this.buckets = buckets;
        String key = " WHERE pair = ? AND generation = ? AND folder = ? AND uidvalidity = ? AND migration = ? AND pass = ? AND scan = ? AND bucket = ?";
        put = cql.prepare("UPDATE page USING TIMESTAMP ? SET target_mailbox = ?, target_folder = ?, to_copy = ?, items = ?, flagged = ?" + key + " AND seq = ?");
        read = cql.prepare("SELECT to_copy, writetime(parked) AS written FROM page" + key + " AND seq = ?");
        readSome = cql.prepare("SELECT seq, to_copy FROM page" + key + " AND seq >= ? AND seq <= ?");
        settle = cql.prepare("UPDATE page SET settled = true" + key + " AND seq = ?");
        park = cql.prepare("UPDATE page USING TIMESTAMP ? SET parked = ?" + key + " AND seq = ?");
        list = cql.prepare("SELECT seq, target_mailbox, target_folder, to_copy, items, flagged, settled, parked FROM page" + key);
        listStates = cql.prepare("SELECT to_copy, settled, parked FROM page" + key);
    }

    private static BoundStatement bind(PreparedStatement statement, PageRef page, Object... first) {
        List<Object> values = new ArrayList<>(List.of(first));
        values.addAll(key(page.pass(), page.folder(), page.scan(), bucket(page.seq())));
        values.add(page.seq());
        return Cql.bind(statement, values.toArray());
    }

    private static List<Object> key(PassId pass, FolderKey folder, String scan, long bucket) {
        return List.of(folder.pair().value(), folder.generation(), folder.folder().value(), folder.uidValidity(), pass.migration(), pass.number(), scan, bucket);
    }

    private static long bucket(int seq) {
        return seq >> SEQ_BITS;
    }

    private static String owner(PassId pass, FolderKey folder, String scan) {
        return Words.join(List.of(folder.pair().value(), Integer.toString(folder.generation()), folder.folder().value(), Long.toString(folder.uidValidity()), pass.toString(), scan));
    }

    @Override
    public Set<Integer> put(List<CopyPage> pages) {
        Map<Long, List<CopyPage>> ofBuckets = pages.stream().collect(Collectors.groupingBy(page -> bucket(page.seq()), TreeMap::new, Collectors.toList()));
        Set<Integer> there = there(ofBuckets);
        there.retainAll(pages.stream().map(CopyPage::seq).collect(Collectors.toSet()));
        Map<Long, List<BoundStatement>> partitions = new TreeMap<>();
        ofBuckets.forEach((bucket, ofBucket) -> {
            List<BoundStatement> rows = ofBucket.stream().filter(page -> !there.contains(page.seq())).map(this::row).toList();
            if (!rows.isEmpty()) {
                partitions.put(bucket, rows);
            }
        });
        if (!partitions.isEmpty()) {
            CopyPage any = pages.get(0);
            buckets.note(PAGE, owner(any.pass(), any.folder(), any.scan()), partitions.keySet());
            cql.writePartitions(partitions.values());
        }
        return there;
    }

    /** May bring the numbers of further pages between them. */
    private Set<Integer> there(Map<Long, List<CopyPage>> ofBuckets) {
        List<BoundStatement> reads = new ArrayList<>();
        ofBuckets.forEach((bucket, pages) -> {
            IntSummaryStatistics numbers = pages.stream().mapToInt(CopyPage::seq).summaryStatistics();
            List<Object> values = new ArrayList<>(key(pages.get(0).pass(), pages.get(0).folder(), pages.get(0).scan(), bucket));
            values.addAll(List.of(numbers.getMin(), numbers.getMax()));
            reads.add(Cql.bind(readSome, values.toArray()));
        });
        Set<Integer> there = new HashSet<>();
        cql.each(reads, row -> {
            if (!row.isNull("to_copy")) {
                there.add(row.getInt("seq"));
            }
        });
        return there;
    }

    private BoundStatement row(CopyPage page) {
        return bind(put, page.ref(), FactClock.fact(), page.target().mailbox(), page.target().folder(), page.items().size() + page.flagged().size(), ItemText.of(page.items()), uids(page.flagged()));
    }

    private static String uids(List<Long> uids) {
        return uids.stream().map(uid -> Long.toString(uid)).collect(Collectors.joining(" "));
    }

    private static List<Long> uids(String text) {
        return text == null || text.isEmpty() ? List.of() : Arrays.stream(text.split(" ")).map(Long::valueOf).toList();
    }

    @Override
    public void settled(PageRef page) {
        cql.write(bind(settle, page));
    }

    @Override
    public void park(PageRef page, Instant until, Reason reason, String detail) {
        long standing = cql.one(bind(read, page)).map(row -> row.getLong("written")).orElse(0L);
        cql.write(bind(park, page, FactClock.after(standing), Cql.typeOf(park, 1).newValue(until, reason.word(), detail)));
    }

    /** Written over, not deleted: a cell that is gone has no timestamp that the next parking could stand above. */
    @Override
    public void reopen(PageRef page) {
        long standing = cql.one(bind(read, page)).map(row -> row.getLong("written")).orElse(0L);
        if (standing > 0) {
            cql.write(bind(park, page, FactClock.after(standing), Cql.typeOf(park, 1).newValue(Instant.EPOCH, REOPENED, "")));
        }
    }

    @Override
    public List<Page> of(PassId pass, FolderKey folder, String scan) {
        List<Page> pages = new ArrayList<>();
        forEach(pass, folder, scan, pages::add);
        return pages;
    }

    @Override
    public void forEach(PassId pass, FolderKey folder, String scan, Consumer<Page> pages) {
        each(list, pass, folder, scan, row -> pages.accept(page(pass, folder, scan, row)));
    }

    /** What was settled or parked and never put is no page yet. */
    private void each(PreparedStatement statement, PassId pass, FolderKey folder, String scan, Consumer<Row> rows) {
        List<BoundStatement> reads = buckets.list(PAGE, owner(pass, folder, scan)).stream()
                .map(bucket -> Cql.bind(statement, key(pass, folder, scan, bucket).toArray()).setPageSize(statement == list ? PAGES_READ_AT_ONCE : STATES_READ_AT_ONCE)).toList();
        cql.each(reads, row -> Optional.of(row).filter(any -> !any.isNull("to_copy")).ifPresent(rows));
    }

    private static Page page(PassId pass, FolderKey folder, String scan, Row row) {
        TargetFolder target = new TargetFolder(row.getString("target_mailbox"), row.getString("target_folder"));
        CopyPage page = new CopyPage(pass, folder, scan, row.getInt("seq"), target, ItemText.parse(row.getString("items")), uids(row.getString("flagged")));
        return new Page(page, isSettled(row), isSettled(row) ? null : parked(row));
    }

    private static boolean isSettled(Row row) {
        return row.getBoolean("settled") || row.getInt("to_copy") == 0;
    }

    private static Parked parked(Row row) {
        UdtValue parked = row.getUdtValue("parked");
        return parked == null || parked.getString("reason").equals(REOPENED) ? null : new Parked(parked.getInstant("until"), Reason.of(parked.getString("reason")).orElseThrow(), parked.getString("detail"));
    }

    @Override
    public Progress progress(PassId pass, FolderKey folder, String scan) {
        int[] counts = new int[3];
        Parked[] first = new Parked[1];
        each(listStates, pass, folder, scan, row -> {
            Parked parked = isSettled(row) ? null : parked(row);
            counts[0]++;
            counts[1] += isSettled(row) ? 1 : 0;
            counts[2] += parked != null ? 1 : 0;
            first[0] = first[0] == null ? parked : first[0];
        });
        return new Progress(counts[0], counts[1], counts[2], first[0]);
    }
}
