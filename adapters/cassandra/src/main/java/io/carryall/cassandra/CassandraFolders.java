package io.carryall.cassandra;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.data.UdtValue;
import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Folders;
import io.carryall.core.record.FolderStatus;
import io.carryall.core.record.PipelineRecord.FolderEnd;
import io.carryall.core.record.PipelineRecord.ScanEnd;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Folders of a pair, spread over four partitions, and what scans said of them. */
final class CassandraFolders implements Folders {
    private static final int BUCKETS = 4;
    /** One request for all four: of a pair in which nothing changed they are most of what is read. */
    private static final String ALL = "(0, 1, 2, 3)";
    private static final int READ_BY_NAME_MAX = 8;

    private final Cql cql;
    private final ScanEnds scanEnds;
    private final PreparedStatement list;
    private final PreparedStatement listSome;
    private final PreparedStatement listSomeMarks;
    private final PreparedStatement listWritten;
    private final PreparedStatement read;
    private final PreparedStatement put;
    private final PreparedStatement listMarks;
    private final PreparedStatement readMark;
    private final PreparedStatement firstMark;
    private final PreparedStatement nextMark;
    private final PreparedStatement end;
    private final PreparedStatement listEnds;

    CassandraFolders(Cql cql) {
        this.cql = cql;
        scanEnds = new ScanEnds(cql);
        String columns = "folder, path, raw_name, target_path, target_mailbox, target_folder, uidvalidity, placed_as, mailbox_id, former";
        list = cql.prepare("SELECT " + columns + " FROM folder WHERE pair = ? AND generation = ? AND bucket IN " + ALL);
        listWritten = cql.prepare("SELECT " + columns + ", writetime(path) AS written FROM folder WHERE pair = ? AND generation = ? AND bucket IN " + ALL);
        read = cql.prepare("SELECT " + columns + ", writetime(path) AS written FROM folder WHERE pair = ? AND generation = ? AND bucket = ? AND folder = ?");
        put = cql.prepare("INSERT INTO folder (pair, generation, bucket, " + columns + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) USING TIMESTAMP ?");
        listSome = cql.prepare("SELECT pair, " + columns + " FROM folder WHERE pair IN ? AND generation = ? AND bucket IN " + ALL + " LIMIT ?");
        listSomeMarks = cql.prepare("SELECT pair, folder, mark, flags_modseq FROM watermark WHERE pair IN ? AND generation = ? AND bucket IN " + ALL + " LIMIT ?");
        listMarks = cql.prepare("SELECT folder, mark, flags_modseq FROM watermark WHERE pair = ? AND generation = ? AND bucket IN " + ALL);
        readMark = cql.prepareSerialRead("SELECT folder, mark, flags_modseq FROM watermark WHERE pair = ? AND generation = ? AND bucket = ? AND folder = ?");
        firstMark = cql.prepareConditional("INSERT INTO watermark (pair, generation, bucket, folder, mark, flags_modseq) VALUES (?, ?, ?, ?, ?, ?) IF NOT EXISTS");
        nextMark = cql.prepareConditional("UPDATE watermark SET mark = ?, flags_modseq = ? WHERE pair = ? AND generation = ? AND bucket = ? AND folder = ? IF mark = ?");
        end = cql.prepare("INSERT INTO folder_end (pair, generation, migration, pass, scan, bucket, folder, uidvalidity, status_uidvalidity, uidnext, modseq, messages, pages)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) USING TIMESTAMP ?");
        listEnds = cql.prepare("SELECT folder, uidvalidity, status_uidvalidity, uidnext, modseq, messages, pages FROM folder_end"
                + " WHERE pair = ? AND generation = ? AND migration = ? AND pass = ? AND scan = ? AND bucket IN " + ALL);
    }

    private static int bucket(FolderId folder) {
        return Math.floorMod(folder.value().hashCode(), BUCKETS);
    }

    @Override
    public List<Folder> of(PairId pair, int generation) {
        return cql.rows(List.of(Cql.bind(list, pair.value(), generation))).stream().map(CassandraFolders::folder).toList();
    }

    private static Folder folder(Row row) {
        String placedAs = row.getString("placed_as");
        return new Folder(new FolderId(row.getString("folder")), row.getString("path"), row.getString("raw_name"), row.getString("target_path"),
                new TargetFolder(row.getString("target_mailbox"), row.getString("target_folder")), row.getLong("uidvalidity"), placedAs == null ? row.getString("path") : placedAs,
                row.getString("mailbox_id"), row.getList("former", Long.class));
    }

    /** A delta pass puts what stands there already; what is new stands above what it replaces, also when the clock of its writer is behind. */
    @Override
    public void put(PairId pair, int generation, Folder folder) {
        Optional<Row> standing = Optional.ofNullable(standing(pair, generation, List.of(folder)).get(folder.id()));
        if (standing.map(CassandraFolders::folder).filter(folder::equals).isEmpty()) {
            cql.write(over(standing, pair, generation, folder));
        }
    }

    @Override
    public boolean replace(PairId pair, int generation, Folder expected, Folder next) {
        return replace(pair, generation, Collections.singletonMap(next, expected)).isEmpty();
    }

    @Override
    public List<Folder> replace(PairId pair, int generation, Map<Folder, Folder> expected) {
        Map<FolderId, Row> rows = standing(pair, generation, expected.keySet());
        List<Folder> refused = new ArrayList<>();
        Map<Integer, List<BoundStatement>> partitions = new HashMap<>();
        expected.forEach((next, before) -> {
            Optional<Row> row = Optional.ofNullable(rows.get(next.id()));
            Folder standing = row.map(CassandraFolders::folder).orElse(null);
            if (!next.equals(standing) && !Objects.equals(standing, before)) {
                refused.add(next);
            } else if (!next.equals(standing)) {
                partitions.computeIfAbsent(bucket(next.id()), bucket -> new ArrayList<>()).add(over(row, pair, generation, next));
            }
        });
        cql.writePartitions(partitions.values());
        return refused;
    }

    /** Few by their names, many by reading all: then they are most of those that there are. */
    private Map<FolderId, Row> standing(PairId pair, int generation, Collection<Folder> folders) {
        List<BoundStatement> reads = folders.size() > READ_BY_NAME_MAX ? List.of(Cql.bind(listWritten, pair.value(), generation))
                : folders.stream().map(folder -> Cql.bind(read, pair.value(), generation, bucket(folder.id()), folder.id().value())).toList();
        Map<FolderId, Row> rows = new HashMap<>();
        cql.each(reads, row -> rows.put(new FolderId(row.getString("folder")), row));
        return rows;
    }

    private BoundStatement over(Optional<Row> standing, PairId pair, int generation, Folder folder) {
        long timestamp = FactClock.after(standing.map(row -> row.getLong("written")).orElse(0L));
        return Cql.bind(put, pair.value(), generation, bucket(folder.id()), folder.id().value(), folder.path(), folder.rawName(), folder.targetPath(), folder.target().mailbox(),
                folder.target().folder(), folder.uidValidity(), folder.placedAs(), folder.mailboxId(), folder.former(), timestamp);
    }

    @Override
    public Map<PairId, List<Folder>> of(Collection<PairId> pairs, int generation) {
        return byPair(listSome, pairs, generation, CassandraFolders::folder);
    }

    @Override
    public Map<PairId, List<Watermark>> watermarks(Collection<PairId> pairs, int generation) {
        return byPair(listSomeMarks, pairs, generation, CassandraFolders::watermark);
    }

    private <T> Map<PairId, List<T>> byPair(PreparedStatement read, Collection<PairId> pairs, int generation, Function<Row, T> of) {
        List<String> ids = pairs.stream().map(PairId::value).toList();
        return cql.rowsOfSeveral(read, ids, generation).stream().collect(Collectors.groupingBy(row -> new PairId(row.getString("pair")), Collectors.mapping(of, Collectors.toList())));
    }

    @Override
    public List<Watermark> watermarks(PairId pair, int generation) {
        return cql.rows(List.of(Cql.bind(listMarks, pair.value(), generation))).stream().map(CassandraFolders::watermark).toList();
    }

    private static Watermark watermark(Row row) {
        UdtValue mark = row.getUdtValue("mark");
        FolderStatus status = new FolderStatus(mark.getLong("uidvalidity"), mark.getLong("uidnext"), mark.getLong("modseq"), mark.getLong("messages"));
        return new Watermark(new FolderId(row.getString("folder")), status, mark.getString("filter_hash"), mark.getString("scan"), mark.getLong("found"), mark.getLong("done"),
                mark.getLong("excluded"), mark.getLong("failed"), mark.getLong("retry"), row.getLong("flags_modseq"));
    }

    private UdtValue mark(Watermark mark) {
        FolderStatus status = mark.status();
        return Cql.typeOf(nextMark, 0).newValue(status.uidValidity(), status.uidNext(), status.modSeq(), status.messages(), mark.filterHash(), mark.scan(), mark.found(), mark.done(), mark.excluded(),
                mark.failed(), mark.retry());
    }

    @Override
    public boolean putWatermark(PairId pair, int generation, Watermark expected, Watermark next) {
        String folder = next.folder().value();
        int bucket = bucket(next.folder());
        return cql.conditional(transaction(pair, generation, expected, next), true, () -> {
            Watermark standing = cql.one(Cql.bind(readMark, pair.value(), generation, bucket, folder)).map(CassandraFolders::watermark).orElse(null);
            boolean unmoved = standing == null ? expected == null : standing.equals(expected) && !next.equals(expected);
            return unmoved ? Optional.empty() : Optional.of(next.equals(standing));
        });
    }

    private BoundStatement transaction(PairId pair, int generation, Watermark expected, Watermark next) {
        String folder = next.folder().value();
        int bucket = bucket(next.folder());
        return expected == null ? Cql.bind(firstMark, pair.value(), generation, bucket, folder, mark(next), next.flagsModSeq())
                : Cql.bind(nextMark, mark(next), next.flagsModSeq(), pair.value(), generation, bucket, folder, mark(expected));
    }

    /** Those of one partition in one transaction, which is carried out for all or for none; then each by itself. */
    @Override
    public void putWatermarks(PairId pair, int generation, Map<Watermark, Watermark> expected) {
        Map<Integer, List<Watermark>> partitions = expected.keySet().stream().collect(Collectors.groupingBy(next -> bucket(next.folder())));
        for (List<Watermark> ofBucket : partitions.values()) {
            for (int from = 0; from < ofBucket.size(); from += Cql.BATCH_ROWS_MAX) {
                List<Watermark> some = ofBucket.subList(from, Math.min(ofBucket.size(), from + Cql.BATCH_ROWS_MAX));
                if (some.size() == 1 || !cql.conditional(some.stream().map(next -> transaction(pair, generation, expected.get(next), next)).toList())) {
                    some.forEach(next -> putWatermark(pair, generation, expected.get(next), next));
                }
            }
        }
    }

    @Override
    public void folderEnded(FolderEnd ended) {
        FolderKey folder = ended.folder();
        FolderStatus status = ended.status();
        cql.write(Cql.bind(end, folder.pair().value(), folder.generation(), ended.pass().migration(), ended.pass().number(), ended.scan(), bucket(folder.folder()), folder.folder().value(),
                folder.uidValidity(), status.uidValidity(), status.uidNext(), status.modSeq(), status.messages(), ended.pages(), FactClock.fact()));
    }

    @Override
    public List<FolderEnd> folderEnds(PassId pass, PairId pair, int generation, String scan) {
        List<FolderEnd> ends = new ArrayList<>();
        cql.each(List.of(Cql.bind(listEnds, pair.value(), generation, pass.migration(), pass.number(), scan)), row -> {
            FolderKey folder = new FolderKey(pair, generation, new FolderId(row.getString("folder")), row.getLong("uidvalidity"));
            FolderStatus status = new FolderStatus(row.getLong("status_uidvalidity"), row.getLong("uidnext"), row.getLong("modseq"), row.getLong("messages"));
            ends.add(new FolderEnd(pass, folder, scan, status, row.getInt("pages")));
        });
        return ends;
    }

    @Override
    public void scanEnded(ScanEnd ended) {
        scanEnds.put(ended);
    }

    @Override
    public void scansEnded(List<ScanEnd> ended) {
        scanEnds.put(ended);
    }

    @Override
    public Map<PairId, List<ScanEnd>> scanEnds(PassId pass, Collection<PairId> pairs, int generation) {
        return scanEnds.of(pass, pairs, generation);
    }

    @Override
    public List<ScanEnd> scanEnds(PassId pass, PairId pair, int generation) {
        return scanEnds.of(pass, pair, generation);
    }
}
