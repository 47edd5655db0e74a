/**
 * Contract suites: what every implementation of a port promises, as interfaces with default {@code @Test} methods. The fakes pass them here; adapters pass the same ones on
 * the real servers:
 *
 * <pre>
 * {@literal @}Tag("integration")
 * class CassandraLedgerContractTest implements LedgerContract {
 *     {@literal @}Override public Ledger ledger() { return shared; }
 *     {@literal @}Override public Ledger anotherLedger() { return sharedToo; }   // a second client of the same data
 * }
 * </pre>
 *
 * <p>Each test makes names of its own, so one server and one schema serve all tests, in any order and again and again; nothing has to be wiped.
 */
package io.carryall.testkit.contract;
