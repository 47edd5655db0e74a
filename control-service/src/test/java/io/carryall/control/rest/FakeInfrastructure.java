package io.carryall.control.rest;

import io.carryall.core.port.Ledger;
import io.carryall.core.port.Queue;
import io.carryall.testkit.fake.FakeLedger;
import io.carryall.testkit.fake.FakeQueue;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** A ledger and a queue in memory, in the place of the real ones. */
@Alternative
@Priority(1)
@Singleton
public class FakeInfrastructure {
    @Produces
    @Alternative
    @Priority(1)
    @Singleton
    Ledger ledger() {
        return new FakeLedger();
    }

    @Produces
    @Alternative
    @Priority(1)
    @Singleton
    Queue queue() {
        return new FakeQueue();
    }
}
