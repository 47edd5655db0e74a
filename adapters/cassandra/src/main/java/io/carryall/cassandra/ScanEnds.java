package io.carryall.cassandra;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.data.UdtValue;
import com.datastax.oss.driver.api.core.type.ListType;
import com.datastax.oss.driver.api.core.type.UserDefinedType;
import io.carryall.core.item.FolderId;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.record.PipelineRecord.ExcludedFolder;
import io.carryall.core.record.PipelineRecord.Failure;
import io.carryall.core.record.PipelineRecord.ScanEnd;
import io.carryall.core.record.PipelineRecord.StandingFolder;
import io.carryall.core.record.PipelineRecord.Warning;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** One row a scan, written once; a timestamp that runs backwards also tells which scan ended first. */
final class ScanEnds {
    private static final int EXCLUDED = 8;
    private static final int WARNINGS = 9;
    private static final int STANDING = 12;

    /** Cassandra warns of a batch for more partitions, and refuses one of 50 KB; a row alone may be larger. */
    private static final int BATCH_ROWS_MAX = 10;
    private static final int BATCH_BYTES_MAX = 24 * 1024;

    private final Cql cql;
    private final PreparedStatement put;
    private final PreparedStatement list;
    private final PreparedStatement listSome;

    ScanEnds(Cql cql) {
        this.cql = cql;
        put = cql.prepare("INSERT INTO scan_end (pair, generation, migration, pass, scan, ended_at, enumerated, skipped, excluded, warnings, failure_reason, failure_detail, standing)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) USING TIMESTAMP ?");
        String columns = "pair, scan, enumerated, skipped, excluded, warnings, failure_reason, failure_detail, standing, writetime(ended_at) AS written";
        list = cql.prepare("SELECT " + columns + " FROM scan_end WHERE pair = ? AND generation = ? AND migration = ? AND pass = ?");
        listSome = cql.prepare("SELECT " + columns + " FROM scan_end WHERE pair IN ? AND generation = ? AND migration = ? AND pass = ? LIMIT ?");
    }

    void put(ScanEnd end) {
        cql.write(row(end));
    }

    /** Small ones together, though they are of several partitions: each is on its own as good as all of them, and what costs is the request. */
    void put(List<ScanEnd> ends) {
        List<List<BoundStatement>> batches = new ArrayList<>();
        long bytes = 0;
        for (ScanEnd end : ends) {
            BoundStatement row = row(end);
            bytes += bytes(row);
            if (batches.isEmpty() || bytes > BATCH_BYTES_MAX || batches.get(batches.size() - 1).size() == BATCH_ROWS_MAX) {
                batches.add(new ArrayList<>());
                bytes = bytes(row);
            }
            batches.get(batches.size() - 1).add(row);
        }
        cql.writePartitions(batches);
    }

    /** Names of folders may be of any length, and there may be any number of them. */
    private static long bytes(BoundStatement row) {
        return row.getValues().stream().mapToLong(value -> value == null ? 0 : value.remaining()).sum();
    }

    private BoundStatement row(ScanEnd end) {
        UserDefinedType excluded = elementOf(EXCLUDED);
        UserDefinedType warning = elementOf(WARNINGS);
        UserDefinedType standing = elementOf(STANDING);
        Failure failure = end.failure();
        return Cql.bind(put, end.pair().value(), end.generation(), end.pass().migration(), end.pass().number(), end.scan(), Instant.now(), ids(end.enumerated()), ids(end.skipped()),
                end.excluded().stream().map(folder -> excluded.newValue(folder.path(), folder.messages())).toList(),
                end.warnings().stream().map(told -> warning.newValue(told.folder(), told.uid(), told.what(), told.detail())).toList(),
                failure == null ? null : failure.reason().word(), failure == null ? null : failure.detail(),
                end.stands() ? end.standing().stream().map(folder -> standing.newValue(folder.path(), folder.targetPath(), folder.found(), folder.done(), folder.excluded())).toList() : null, FactClock.fact());
    }

    private UserDefinedType elementOf(int variable) {
        return (UserDefinedType) ((ListType) put.getVariableDefinitions().get(variable).getType()).getElementType();
    }

    private static List<String> ids(List<FolderId> folders) {
        return folders.stream().map(FolderId::value).toList();
    }

    List<ScanEnd> of(PassId pass, PairId pair, int generation) {
        return ends(pass, generation, cql.rows(List.of(Cql.bind(list, pair.value(), generation, pass.migration(), pass.number()))));
    }

    Map<PairId, List<ScanEnd>> of(PassId pass, Collection<PairId> pairs, int generation) {
        List<String> ids = pairs.stream().map(PairId::value).toList();
        return ends(pass, generation, cql.rowsOfSeveral(listSome, ids, generation, pass.migration(), pass.number())).stream().collect(Collectors.groupingBy(ScanEnd::pair));
    }

    private static List<ScanEnd> ends(PassId pass, int generation, List<Row> rows) {
        return rows.stream().sorted(Comparator.comparingLong((Row row) -> row.getLong("written")).reversed())
                .map(row -> new ScanEnd(pass, new PairId(row.getString("pair")), generation, row.getString("scan"), folders(row, "enumerated"), folders(row, "skipped"), excluded(row), warnings(row),
                        failure(row), standing(row))).toList();
    }

    private static List<FolderId> folders(Row row, String column) {
        return row.getList(column, String.class).stream().map(FolderId::new).toList();
    }

    private static List<ExcludedFolder> excluded(Row row) {
        return row.getList("excluded", UdtValue.class).stream().map(value -> new ExcludedFolder(value.getString("path"), value.getLong("messages"))).toList();
    }

    private static List<Warning> warnings(Row row) {
        return row.getList("warnings", UdtValue.class).stream()
                .map(value -> new Warning(value.getString("folder"), value.getLong("uid"), value.getString("what"), value.getString("detail"))).toList();
    }

    private static List<StandingFolder> standing(Row row) {
        return row.getList("standing", UdtValue.class).stream()
                .map(value -> new StandingFolder(value.getString("path"), value.getString("target_path"), value.getLong("found"), value.getLong("done"), value.getLong("excluded"))).toList();
    }

    private static Failure failure(Row row) {
        String reason = row.getString("failure_reason");
        return reason == null ? null : new Failure(Reason.of(reason).orElseThrow(), row.getString("failure_detail"));
    }
}
