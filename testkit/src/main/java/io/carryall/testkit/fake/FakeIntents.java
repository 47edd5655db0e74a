package io.carryall.testkit.fake;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Intents;

/** Intents: once closed, closed for good. */
final class FakeIntents implements Intents {
    private final FakeCalls calls;
    private final FakeRows data;

    FakeIntents(FakeCalls calls) {
        this.calls = calls;
        this.data = calls.rows();
    }

    @Override
    public void open(Intent intent) {
        calls.write("intents.open", () -> data.intents.putIfAbsent(new FakeRows.IntentId(intent.target(), intent.epoch(), intent.group()), intent));
    }

    @Override
    public void close(TargetFolder target, long epoch, int group) {
        calls.write("intents.close", () -> data.closedIntents.add(new FakeRows.IntentId(target, epoch, group)));
    }

    @Override
    public List<Intent> open(TargetFolder target, long fromEpoch, long toEpoch) {
        return calls.call("intents.list", () -> {
            List<Intent> open = new ArrayList<>();
            data.intents.forEach((id, intent) -> {
                if (id.target().equals(target) && id.epoch() >= fromEpoch && id.epoch() <= toEpoch && !data.closedIntents.contains(id)) {
                    open.add(intent);
                }
            });
            open.sort(Comparator.comparingLong(Intent::epoch).thenComparingInt(Intent::group));
            return open;
        });
    }
}
