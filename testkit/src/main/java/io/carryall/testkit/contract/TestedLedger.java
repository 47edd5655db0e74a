package io.carryall.testkit.contract;

import io.carryall.core.port.Ledger;

/** The ledger that the suites of its parts are asked of. */
public interface TestedLedger {
    /** The ledger under test. */
    Ledger ledger();

    /** A second client of the same data, as another process has one. */
    Ledger anotherLedger();
}
