package io.carryall.testkit.fake;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

import io.carryall.core.item.PairId;
import io.carryall.core.item.PairName;
import io.carryall.core.item.PassId;
import io.carryall.core.port.Pairs;

/** Pairs by name and by id. */
final class FakePairs implements Pairs {
    private final FakeCalls calls;
    private final FakeRows data;

    FakePairs(FakeCalls calls) {
        this.calls = calls;
        this.data = calls.rows();
    }

    @Override
    public Pair named(PairName name) {
        return calls.call("pairs.named", () -> data.pairs.computeIfAbsent(name, n -> data.named(n, data.freshId())));
    }

    @Override
    public Pair named(PairName name, PairId wanted) {
        return calls.call("pairs.named", () -> data.pairs.computeIfAbsent(name, n -> data.named(n, data.pairNames.containsKey(wanted) ? data.freshId() : wanted)));
    }

    @Override
    public void forEach(Consumer<Pair> pairs) {
        calls.call("pairs.forEach", () -> List.copyOf(data.pairs.values())).forEach(pairs);
    }

    @Override
    public void forEach(int max, Consumer<Pair> pairs) {
        calls.call("pairs.forEach", () -> data.pairs.values().stream().limit(max).toList()).forEach(pairs);
    }

    @Override
    public Optional<Pair> find(PairName name) {
        return calls.call("pairs.find", () -> Optional.ofNullable(data.pairs.get(name)));
    }

    private Optional<Pair> byId(PairId id) {
        return Optional.ofNullable(data.pairNames.get(id)).map(data.pairs::get);
    }

    @Override
    public Optional<Pair> get(PairId id) {
        return calls.call("pairs.get", () -> byId(id));
    }

    @Override
    public boolean nextGeneration(PairId id, int expected) {
        return calls.call("pairs.nextGeneration", () -> {
            Optional<Pair> now = byId(id).filter(pair -> pair.generation() == expected);
            now.ifPresent(pair -> data.pairs.put(pair.name(), new Pair(id, pair.name(), expected + 1)));
            return now.isPresent();
        });
    }

    @Override
    public boolean rename(PairId id, PairName from, PairName to) {
        return calls.call("pairs.rename", () -> {
            Pair standing = data.pairs.get(to);
            if (standing != null) {
                return standing.id().equals(id);
            }
            Pair pair = data.pairs.get(from);
            if (pair == null || !pair.id().equals(id)) {
                return false;
            }
            data.pairs.remove(from);
            data.pairs.put(to, new Pair(id, to, pair.generation(), pair.hasCompleted()));
            data.pairNames.put(id, to);
            return true;
        });
    }

    @Override
    public void completed(PairId pair, int generation, PassId pass) {
        calls.write("pairs.completed", () -> {
            data.completed.computeIfAbsent(new FakeRows.Life(pair, generation), l -> new HashSet<>()).add(pass);
            byId(pair).filter(its -> its.generation() == generation).ifPresent(its -> data.pairs.put(its.name(), new Pair(pair, its.name(), generation, true)));
        });
    }

    @Override
    public boolean hasCompleted(PairId pair, int generation) {
        return calls.call("pairs.hasCompleted", () -> data.completed.containsKey(new FakeRows.Life(pair, generation)));
    }

    @Override
    public Set<PassId> completedPasses(PairId pair, int generation) {
        return calls.call("pairs.completedPasses", () -> Set.copyOf(data.completed.getOrDefault(new FakeRows.Life(pair, generation), Set.of())));
    }
}
