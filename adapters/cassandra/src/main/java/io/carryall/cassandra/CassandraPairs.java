package io.carryall.cassandra;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PairName;
import io.carryall.core.item.PassId;
import io.carryall.core.port.Pairs;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One lightweight transaction decides who has which id. The pair's own row follows from it, and whoever comes next writes it if its maker could not. */
final class CassandraPairs implements Pairs {
    private static final String PASSES = "pair_pass";
    private static final int PASS_BITS = 12;
    private static final int ID_BITS = 100;
    private static final String NAMED = "generation, source_system, source_mailbox, target_system, target_mailbox, completed";

    private final Cql cql;
    private final Buckets buckets;
    private final SecureRandom random = new SecureRandom();
    private final PreparedStatement idOf;
    private final PreparedStatement idNow;
    private final PreparedStatement name;
    private final PreparedStatement birth;
    private final PreparedStatement read;
    private final PreparedStatement list;
    private final PreparedStatement listSome;
    private final PreparedStatement free;
    private final PreparedStatement rename;
    private final PreparedStatement readName;
    private final PreparedStatement readNow;
    private final PreparedStatement next;
    private final PreparedStatement complete;
    private final PreparedStatement noteCompleted;
    private final PreparedStatement completed;
    private final PreparedStatement anyCompleted;

    CassandraPairs(Cql cql, Buckets buckets) {
        this.cql = cql;
        this.buckets = buckets;
        String byName = "SELECT pair FROM pair_by_name WHERE source_system = ? AND source_mailbox = ? AND target_system = ? AND target_mailbox = ?";
        idOf = cql.prepare(byName);
        idNow = cql.prepareSerialRead(byName);
        name = cql.prepareConditional("INSERT INTO pair_by_name (source_system, source_mailbox, target_system, target_mailbox, pair) VALUES (?, ?, ?, ?, ?) IF NOT EXISTS");
        // the lowest of timestamps: written as often as one likes, it never undoes a change
        birth = cql.prepare("INSERT INTO pair (pair, generation, source_system, source_mailbox, target_system, target_mailbox) VALUES (?, 1, ?, ?, ?, ?) USING TIMESTAMP 1");
        read = cql.prepare("SELECT " + NAMED + " FROM pair WHERE pair = ?");
        list = cql.prepare("SELECT pair, " + NAMED + " FROM pair");
        listSome = cql.prepare("SELECT pair, " + NAMED + " FROM pair LIMIT ?");
        String ofName = " WHERE source_system = ? AND source_mailbox = ? AND target_system = ? AND target_mailbox = ?";
        free = cql.prepareConditional("DELETE FROM pair_by_name" + ofName + " IF pair = ?");
        rename = cql.prepareConditional("UPDATE pair SET source_system = ?, source_mailbox = ?, target_system = ?, target_mailbox = ? WHERE pair = ? IF EXISTS");
        readName = cql.prepareSerialRead("SELECT " + NAMED + " FROM pair WHERE pair = ?");
        readNow = cql.prepareSerialRead("SELECT generation, generation_by FROM pair WHERE pair = ?");
        next = cql.prepareConditional("UPDATE pair SET generation = ?, generation_by = ? WHERE pair = ? IF generation = ?");
        complete = cql.prepare("INSERT INTO pair_pass (pair, generation, bucket, migration, number) VALUES (?, ?, ?, ?, ?)");
        // of several generations the highest stays, whoever is late with it
        noteCompleted = cql.prepare("UPDATE pair USING TIMESTAMP ? SET completed = ? WHERE pair = ?");
        completed = cql.prepare("SELECT migration, number FROM pair_pass WHERE pair = ? AND generation = ? AND bucket = ?");
        anyCompleted = cql.prepare("SELECT number FROM pair_pass WHERE pair = ? AND generation = ? AND bucket = 0 LIMIT 1");
    }

    @Override
    public Pair named(PairName wanted) {
        return named(wanted, this::freshId);
    }

    /** An id is anybody's whose row stands, whatever its name is by now. Two who want one id for two names at this moment is something that only one import at a time can keep from happening. */
    @Override
    public Pair named(PairName name, PairId wanted) {
        return named(name, () -> get(wanted).isEmpty() ? wanted : freshId());
    }

    private PairId freshId() {
        return new PairId(new BigInteger(ID_BITS, random).toString(Character.MAX_RADIX));
    }

    private Pair named(PairName wanted, Supplier<PairId> fresh) {
        PairId id = id(idOf, wanted).orElseGet(() -> make(wanted, fresh.get()));
        return get(id).orElseGet(() -> {
            cql.write(Cql.bind(birth, id.value(), wanted.sourceSystem(), wanted.sourceMailbox(), wanted.targetSystem(), wanted.targetMailbox()));
            return get(id).orElseThrow();
        });
    }

    /** A walk over the table, page by page. */
    @Override
    public void forEach(Consumer<Pair> pairs) {
        forEach(Cql.bind(list), pairs);
    }

    @Override
    public void forEach(int max, Consumer<Pair> pairs) {
        forEach(Cql.bind(listSome, max), pairs);
    }

    private void forEach(BoundStatement walk, Consumer<Pair> pairs) {
        cql.each(List.of(walk), row -> {
            if (!row.isNull("generation") && !row.isNull("source_mailbox")) {
                pairs.accept(pair(new PairId(row.getString("pair")), row));
            }
        });
    }

    private Optional<PairId> id(PreparedStatement statement, PairName wanted) {
        return cql.one(bind(statement, wanted)).map(row -> new PairId(row.getString("pair")));
    }

    private static BoundStatement bind(PreparedStatement statement, PairName wanted) {
        return Cql.bind(statement, wanted.sourceSystem(), wanted.sourceMailbox(), wanted.targetSystem(), wanted.targetMailbox());
    }

    private PairId make(PairName wanted, PairId id) {
        return cql.conditional(Cql.bind(name, wanted.sourceSystem(), wanted.sourceMailbox(), wanted.targetSystem(), wanted.targetMailbox(), id.value()), id, () -> id(idNow, wanted));
    }

    @Override
    public Optional<Pair> find(PairName wanted) {
        return id(idOf, wanted).flatMap(this::get);
    }

    @Override
    public Optional<Pair> get(PairId pair) {
        return cql.one(Cql.bind(read, pair.value())).map(row -> pair(pair, row));
    }

    private static Pair pair(PairId id, Row row) {
        PairName name = new PairName(row.getString("source_system"), row.getString("source_mailbox"), row.getString("target_system"), row.getString("target_mailbox"));
        int generation = row.getInt("generation");
        return new Pair(id, name, generation, generation == row.getInt("completed"));
    }

    @Override
    public boolean nextGeneration(PairId pair, int expected) {
        String token = UUID.randomUUID().toString();
        return cql.conditional(Cql.bind(next, expected + 1, token, pair.value(), expected), true, () -> {
            Optional<Row> now = cql.one(Cql.bind(readNow, pair.value()));
            boolean mine = now.isPresent() && token.equals(now.get().getString("generation_by"));
            boolean unmoved = now.isPresent() && now.get().getInt("generation") == expected;
            return mine || !unmoved ? Optional.of(mine) : Optional.empty();
        });
    }

    /** The new name first: from then on the pair has both, and none of the steps that follow can give it to somebody else. */
    @Override
    public boolean rename(PairId pair, PairName from, PairName to) {
        PairId owner = cql.conditional(Cql.bind(name, to.sourceSystem(), to.sourceMailbox(), to.targetSystem(), to.targetMailbox(), pair.value()), pair, () -> id(idNow, to));
        if (!owner.equals(pair)) {
            return false;
        }
        cql.conditional(Cql.bind(rename, to.sourceSystem(), to.sourceMailbox(), to.targetSystem(), to.targetMailbox(), pair.value()), true,
                () -> cql.one(Cql.bind(readName, pair.value())).map(row -> pair(pair, row)).filter(now -> now.name().equals(to)).map(now -> true));
        cql.conditional(Cql.bind(free, from.sourceSystem(), from.sourceMailbox(), from.targetSystem(), from.targetMailbox(), pair.value()), true,
                () -> id(idNow, from).filter(pair::equals).isPresent() ? Optional.empty() : Optional.of(true));
        return true;
    }

    @Override
    public void completed(PairId pair, int generation, PassId pass) {
        long bucket = pass.number() >> PASS_BITS;
        buckets.note(PASSES, owner(pair, generation), List.of(bucket));
        cql.write(Cql.bind(complete, pair.value(), generation, bucket, pass.migration(), pass.number()));
        cql.write(Cql.bind(noteCompleted, (long) generation, generation, pair.value()));
    }

    private static String owner(PairId pair, int generation) {
        return pair + "/" + generation;
    }

    /** Of nearly every pair one of the first 4,096 passes is there; asking for the other buckets takes three reads. */
    @Override
    public boolean hasCompleted(PairId pair, int generation) {
        return cql.one(Cql.bind(anyCompleted, pair.value(), generation)).isPresent() || !completedPasses(pair, generation).isEmpty();
    }

    @Override
    public Set<PassId> completedPasses(PairId pair, int generation) {
        List<BoundStatement> reads = buckets.list(PASSES, owner(pair, generation)).stream().map(bucket -> Cql.bind(completed, pair.value(), generation, bucket)).toList();
        Set<PassId> passes = new HashSet<>();
        cql.each(reads, row -> passes.add(new PassId(row.getString("migration"), row.getInt("number"))));
        return passes;
    }
}
