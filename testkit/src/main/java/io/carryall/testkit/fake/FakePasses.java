package io.carryall.testkit.fake;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.port.Passes;

/** Passes, their pairs and how these ended. */
final class FakePasses implements Passes {
    private final FakeCalls calls;
    private final FakeRows data;

    FakePasses(FakeCalls calls) {
        this.calls = calls;
        this.data = calls.rows();
    }

    @Override
    public Optional<Pass> newest(String migration) {
        return calls.call("passes.newest", () -> data.passes.values().stream().filter(pass -> pass.id().migration().equals(migration)).max(Comparator.comparingInt(pass -> pass.id().number())));
    }

    @Override
    public Optional<Pass> get(PassId pass) {
        return calls.call("passes.get", () -> Optional.ofNullable(data.passes.get(pass)));
    }

    @Override
    public boolean create(PassId pass, String spec, boolean full, Instant startedAt) {
        return calls.call("passes.create", () -> data.passes.putIfAbsent(pass, new Pass(pass, PassState.RUNNING, spec, full, startedAt)) == null);
    }

    @Override
    public boolean move(PassId pass, PassState from, PassState to) {
        return calls.call("passes.move", () -> {
            Pass now = data.passes.get(pass);
            if (now == null || now.state() != from) {
                return false;
            }
            data.passes.put(pass, new Pass(pass, to, now.spec(), now.full(), now.startedAt()));
            return true;
        });
    }

    @Override
    public void putPairs(PassId pass, List<PassPair> pairs) {
        calls.write("passes.putPairs", () -> pairs.forEach(pair -> data.passPairs.computeIfAbsent(pass, p -> new LinkedHashMap<>()).put(pair.pair(), pair)));
    }

    @Override
    public void forEachPair(PassId pass, Consumer<PassPair> pairs) {
        calls.call("passes.forEachPair", () -> List.copyOf(data.passPairs.getOrDefault(pass, Map.of()).values())).forEach(pairs);
    }

    @Override
    public Optional<PassPair> pair(PassId pass, PairId pair) {
        return calls.call("passes.pair", () -> Optional.ofNullable(data.passPairs.getOrDefault(pass, Map.of()).get(pair)));
    }

    @Override
    public void pairEnded(PassId pass, PairId pair, String result) {
        calls.write("passes.pairEnded", () -> data.pairEnds.computeIfAbsent(pass, p -> new HashMap<>()).put(pair, result));
    }

    @Override
    public Optional<String> pairEnd(PassId pass, PairId pair) {
        return calls.call("passes.pairEnd", () -> Optional.ofNullable(data.pairEnds.getOrDefault(pass, Map.of()).get(pair)));
    }

    @Override
    public List<String> migrations() {
        return calls.call("passes.migrations", () -> data.passes.keySet().stream().map(PassId::migration).distinct().toList());
    }
}
