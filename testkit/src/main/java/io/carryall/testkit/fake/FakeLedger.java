package io.carryall.testkit.fake;

import io.carryall.core.port.Folders;
import io.carryall.core.port.Intents;
import io.carryall.core.port.Items;
import io.carryall.core.port.Leases;
import io.carryall.core.port.Ledger;
import io.carryall.core.port.Pages;
import io.carryall.core.port.Pairs;
import io.carryall.core.port.Passes;

/**
 * The ledger in memory: one lock, every method at once. {@link #again()} gives a further client of the same data, as another process would have one.
 */
public final class FakeLedger implements Ledger {
    private final FakeCalls calls;

    public FakeLedger() {
        this(new FakeRows());
    }

    private FakeLedger(FakeRows rows) {
        calls = new FakeCalls(rows, new Faults());
    }

    /** Another client of the same data, with faults of its own. */
    public FakeLedger again() {
        return new FakeLedger(calls.rows());
    }

    /** Calls are named after port and method: {@code passes.create}, {@code items.done}, {@code leases.take} … */
    public Faults faults() {
        return calls.faults();
    }

    @Override
    public Passes passes() {
        return new FakePasses(calls);
    }

    @Override
    public Pairs pairs() {
        return new FakePairs(calls);
    }

    @Override
    public Folders folders() {
        return new FakeFolders(calls);
    }

    @Override
    public Pages pages() {
        return new FakePages(calls);
    }

    @Override
    public Items items() {
        return new FakeItems(calls);
    }

    @Override
    public Leases leases() {
        return new FakeLeases(calls);
    }

    @Override
    public Intents intents() {
        return new FakeIntents(calls);
    }

    @Override
    public void close() {
        // The data belongs to all clients.
    }
}
