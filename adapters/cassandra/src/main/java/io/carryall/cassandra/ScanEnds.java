package io.carryall.cassandra;

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
import java.util.Comparator;
import java.util.List;

/** One row a scan, written once; a timestamp that runs backwards also tells which scan ended first. */
final class ScanEnds {
    private static final int EXCLUDED = 8;
    private static final int WARNINGS = 9;
    private static final int STANDING = 12;

    private final Cql cql;
    private final PreparedStatement put;
    private final PreparedStatement list;

    ScanEnds(Cql cql) {
        this.cql = cql;
        put = cql.prepare("INSERT INTO scan_end (pair, generation, migration, pass, scan, ended_at, enumerated, skipped, excluded, warnings, failure_reason, failure_detail, standing)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) USING TIMESTAMP ?");
        list = cql.prepare("SELECT scan, enumerated, skipped, excluded, warnings, failure_reason, failure_detail, standing, writetime(ended_at) AS written FROM scan_end"
                + " WHERE pair = ? AND generation = ? AND migration = ? AND pass = ?");
    }

    void put(ScanEnd end) {
        UserDefinedType excluded = elementOf(EXCLUDED);
        UserDefinedType warning = elementOf(WARNINGS);
        UserDefinedType standing = elementOf(STANDING);
        Failure failure = end.failure();
        cql.write(Cql.bind(put, end.pair().value(), end.generation(), end.pass().migration(), end.pass().number(), end.scan(), Instant.now(), ids(end.enumerated()), ids(end.skipped()),
                end.excluded().stream().map(folder -> excluded.newValue(folder.path(), folder.messages())).toList(),
                end.warnings().stream().map(told -> warning.newValue(told.folder(), told.uid(), told.what(), told.detail())).toList(),
                failure == null ? null : failure.reason().word(), failure == null ? null : failure.detail(),
                end.stands() ? end.standing().stream().map(folder -> standing.newValue(folder.path(), folder.targetPath(), folder.found(), folder.done(), folder.excluded())).toList() : null, FactClock.fact()));
    }

    private UserDefinedType elementOf(int variable) {
        return (UserDefinedType) ((ListType) put.getVariableDefinitions().get(variable).getType()).getElementType();
    }

    private static List<String> ids(List<FolderId> folders) {
        return folders.stream().map(FolderId::value).toList();
    }

    List<ScanEnd> of(PassId pass, PairId pair, int generation) {
        return cql.rows(List.of(Cql.bind(list, pair.value(), generation, pass.migration(), pass.number()))).stream()
                .sorted(Comparator.comparingLong((Row row) -> row.getLong("written")).reversed())
                .map(row -> new ScanEnd(pass, pair, generation, row.getString("scan"), folders(row, "enumerated"), folders(row, "skipped"), excluded(row), warnings(row), failure(row),
                        standing(row))).toList();
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
