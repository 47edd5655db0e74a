package io.carryall.testkit.fake;

import java.util.Objects;
import java.util.Optional;

import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Leases;

/** Leases on target folders. */
final class FakeLeases implements Leases {
    private final FakeCalls calls;
    private final FakeRows data;

    FakeLeases(FakeCalls calls) {
        this.calls = calls;
        this.data = calls.rows();
    }

    @Override
    public Optional<Lease> read(TargetFolder folder) {
        return calls.call("leases.read", () -> Optional.ofNullable(data.leases.get(folder)));
    }

    @Override
    public Taken take(TargetFolder folder, Lease seen, String token) {
        return calls.call("leases.take", () -> {
            Lease now = data.leases.get(folder);
            if (now != null && now.token().equals(token)) {
                return new Taken(true, now);
            }
            if (!Objects.equals(now, seen)) {
                return new Taken(false, now);
            }
            Lease taken = now == null ? new Lease(token, 1, 0) : new Lease(token, now.epoch() + 1, now.settledEpoch());
            data.leases.put(folder, taken);
            return new Taken(true, taken);
        });
    }

    @Override
    public boolean renew(TargetFolder folder, String oldToken, String newToken) {
        return calls.call("leases.renew", () -> held(folder, newToken) || held(folder, oldToken) && replace(folder, newToken, data.leases.get(folder).settledEpoch()));
    }

    @Override
    public boolean settled(TargetFolder folder, String token, long epoch) {
        return calls.call("leases.settled", () -> held(folder, token) && replace(folder, token, epoch));
    }

    @Override
    public void release(TargetFolder folder, String token, long settledEpoch) {
        calls.write("leases.release", () -> {
            if (held(folder, token)) {
                replace(folder, "", settledEpoch);
            }
        });
    }

    private boolean held(TargetFolder folder, String token) {
        Lease now = data.leases.get(folder);
        return now != null && now.token().equals(token);
    }

    private boolean replace(TargetFolder folder, String token, long settledEpoch) {
        data.leases.put(folder, new Lease(token, data.leases.get(folder).epoch(), settledEpoch));
        return true;
    }
}
