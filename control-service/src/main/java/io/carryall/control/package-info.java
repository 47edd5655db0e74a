/**
 * Migrations and their passes: starts a pass, watches its pairs, ends it, and tells what became of it.
 *
 * <p>Surprising facts first:
 * <ul>
 *   <li>Rows decide, outcomes only wake. Nothing that comes over {@code carryall.outcomes} is ever counted into a result; it says which pair is worth looking at, and feeds the figures of a pass that still runs.
 *   <li>One control-service drives a pass, under a lease in the ledger. Two of them would do no harm but work: all that a driver writes is folded from rows.
 *   <li>Of a pair that is not through only a few hundred bytes are in memory, so that a pass may have 50,000 of them. Results of pairs live in the ledger, the result of the pass is put together from them.
 *   <li>A pass that stopped without an end (a crash, Ctrl-C) is resumed by whoever asks for a pass of that migration: same number, and pairs that had finished in it stay as they are.
 * </ul>
 *
 * Start reading at {@link io.carryall.control.Control}, then {@code Drivers}, {@code PassDriver}, {@code PairLooks}, {@code PairFold}.
 */
package io.carryall.control;
