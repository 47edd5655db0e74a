package io.carryall.testkit.fake;

import io.carryall.core.port.Queue;
import io.carryall.testkit.contract.QueueContract;

class FakeQueueTest implements QueueContract {
    private final FakeQueue queue = new FakeQueue();

    @Override
    public Queue queue() {
        return queue;
    }
}
