package io.carryall.cassandra;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.port.Passes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Passes and the pairs that they have. The state of a pass is moved by lightweight transaction under a token, so that a lost answer can be told from another's move. */
final class CassandraPasses implements Passes {
    private static final String PASS = "pass";
    private static final int MIGRATION_SHARDS = 16;

    private final Cql cql;
    private final Buckets buckets;
    private final PairResults results;
    private final PreparedStatement addMigration;
    private final PreparedStatement listMigrations;
    private final PreparedStatement newest;
    private final PreparedStatement read;
    private final PreparedStatement readNow;
    private final PreparedStatement create;
    private final PreparedStatement move;
    private final PreparedStatement putPair;
    private final PreparedStatement listPairs;
    private final PreparedStatement readPair;
    private final PreparedStatement readPairs;

    CassandraPasses(Cql cql, Buckets buckets) {
        this.cql = cql;
        this.buckets = buckets;
        results = new PairResults(cql);
        addMigration = cql.prepare("INSERT INTO migration (shard, name) VALUES (?, ?)");
        listMigrations = cql.prepare("SELECT name FROM migration WHERE shard = ?");
        newest = cql.prepare("SELECT number, state, spec, is_full, started_at FROM pass WHERE migration = ? AND bucket = ? LIMIT 1");
        String whole = "SELECT number, state, moved_by, spec, is_full, started_at FROM pass WHERE migration = ? AND bucket = ? AND number = ?";
        read = cql.prepare(whole);
        readNow = cql.prepareSerialRead(whole);
        create = cql.prepareConditional("INSERT INTO pass (migration, bucket, number, state, moved_by, spec, is_full, started_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) IF NOT EXISTS");
        move = cql.prepareConditional("UPDATE pass SET state = ?, moved_by = ? WHERE migration = ? AND bucket = ? AND number = ? IF state = ?");
        String pairColumns = "pair, generation, is_full, source, target, source_user, target_user, source_secret, target_secret";
        putPair = cql.prepare("INSERT INTO pass_pair (migration, pass, bucket, " + pairColumns + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        listPairs = cql.prepare("SELECT " + pairColumns + " FROM pass_pair WHERE migration = ? AND pass = ? AND bucket = ?");
        readPairs = cql.prepare("SELECT " + pairColumns + " FROM pass_pair WHERE migration = ? AND pass = ? AND bucket = ? AND pair IN ?");
        readPair = cql.prepare("SELECT " + pairColumns + " FROM pass_pair WHERE migration = ? AND pass = ? AND bucket = ? AND pair = ?");
    }

    @Override
    public Optional<Pass> newest(String migration) {
        List<Long> found = buckets.list(PASS, migration);
        for (int i = found.size() - 1; i >= 0; i--) {
            Optional<Row> row = cql.one(Cql.bind(newest, migration, found.get(i)));
            if (row.isPresent()) {
                return row.map(newestRow -> pass(migration, newestRow));
            }
        }
        return Optional.empty();
    }

    private static Pass pass(String migration, Row row) {
        PassId id = new PassId(migration, row.getInt("number"));
        return new Pass(id, PassState.valueOf(row.getString("state")), row.getString("spec"), row.getBoolean("is_full"), row.getInstant("started_at"));
    }

    @Override
    public Optional<Pass> get(PassId pass) {
        return cql.one(at(read, pass)).map(row -> pass(pass.migration(), row));
    }

    private static BoundStatement at(PreparedStatement statement, PassId pass) {
        return Cql.bind(statement, pass.migration(), bucket(pass), pass.number());
    }

    private static long bucket(PassId pass) {
        return pass.number() >> Buckets.BITS;
    }

    @Override
    public boolean create(PassId pass, String spec, boolean full, Instant startedAt) {
        String token = UUID.randomUUID().toString();
        buckets.note(PASS, pass.migration(), List.of(bucket(pass)));
        cql.write(Cql.bind(addMigration, Math.floorMod(pass.migration().hashCode(), MIGRATION_SHARDS), pass.migration()));
        return cql.conditional(Cql.bind(create, pass.migration(), bucket(pass), pass.number(), PassState.RUNNING.name(), token, spec, full, startedAt), true,
                () -> cql.one(at(readNow, pass)).map(row -> token.equals(row.getString("moved_by"))));
    }

    @Override
    public boolean move(PassId pass, PassState from, PassState to) {
        String token = UUID.randomUUID().toString();
        return cql.conditional(Cql.bind(move, to.name(), token, pass.migration(), bucket(pass), pass.number(), from.name()), true, () -> {
            Optional<Row> now = cql.one(at(readNow, pass));
            boolean mine = now.isPresent() && token.equals(now.get().getString("moved_by"));
            boolean unmoved = now.isPresent() && from.name().equals(now.get().getString("state"));
            return mine || !unmoved ? Optional.of(mine) : Optional.empty();
        });
    }

    @Override
    public void putPairs(PassId pass, List<PassPair> pairs) {
        Collection<List<BoundStatement>> rows = pairs.stream()
                .collect(Collectors.groupingBy(pair -> bucket(pair.pair()), Collectors.mapping(pair -> row(pass, pair), Collectors.toList()))).values();
        cql.writePartitions(rows);
    }

    private BoundStatement row(PassId pass, PassPair pair) {
        return Cql.bind(putPair, pass.migration(), pass.number(), bucket(pair.pair()), pair.pair().value(), pair.generation(), pair.full(), pair.source(), pair.target(), pair.sourceUser(),
                pair.targetUser(), pair.sourceSecret(), pair.targetSecret());
    }

    private static int bucket(PairId pair) {
        return Passes.groupOf(pair);
    }

    @Override
    public void forEachPair(PassId pass, Consumer<PassPair> pairs) {
        List<BoundStatement> reads = IntStream.range(0, GROUPS).mapToObj(bucket -> Cql.bind(listPairs, pass.migration(), pass.number(), bucket)).toList();
        cql.each(reads, row -> pairs.accept(pair(row)));
    }

    @Override
    public Optional<PassPair> pair(PassId pass, PairId pair) {
        return cql.one(Cql.bind(readPair, pass.migration(), pass.number(), bucket(pair), pair.value())).map(CassandraPasses::pair);
    }

    @Override
    public List<PassPair> pairs(PassId pass, Collection<PairId> pairs) {
        List<BoundStatement> reads = new ArrayList<>();
        pairs.stream().collect(Collectors.groupingBy(CassandraPasses::bucket, Collectors.mapping(PairId::value, Collectors.toList())))
                .forEach((bucket, ids) -> reads.add(Cql.bind(readPairs, pass.migration(), pass.number(), bucket, ids)));
        return cql.rows(reads).stream().map(CassandraPasses::pair).toList();
    }

    private static PassPair pair(Row row) {
        return new PassPair(new PairId(row.getString("pair")), row.getInt("generation"), row.getBoolean("is_full"), row.getString("source"), row.getString("target"),
                row.getString("source_user"), row.getString("target_user"), row.getString("source_secret"), row.getString("target_secret"));
    }

    @Override
    public void pairEnded(PassId pass, PairId pair, String result) {
        results.put(pass, pair, result);
    }

    @Override
    public Optional<String> pairEnd(PassId pass, PairId pair) {
        return results.get(pass, pair);
    }

    @Override
    public List<String> migrations() {
        List<String> names = new ArrayList<>();
        cql.each(IntStream.range(0, MIGRATION_SHARDS).mapToObj(shard -> Cql.bind(listMigrations, shard)).toList(), row -> names.add(row.getString("name")));
        return names;
    }
}
