/**
 * The ledger in Cassandra; docs/ledger.md explains its tables. What may surprise a newcomer:
 *
 * <ul>
 *   <li>Facts are written with timestamps that run backwards ({@link io.carryall.cassandra.FactClock}), so that of two writes the earlier one stays, without a lightweight
 *       transaction per item. A DELETE typed by hand does not touch them.
 *   <li>Each fact is one cell (a frozen type), so that two facts never mix.
 *   <li>What can be written over is written by lightweight transaction only; one whose answer was lost is resolved by a serial read before the method returns.
 *   <li>Every partition is bounded by a bucket in its key; which buckets exist stands in a table of its own ({@link io.carryall.cassandra.Buckets}), which is written first.
 *   <li>All methods block, on the caller's thread. Nothing here owns a thread but the driver: two for its sockets, one for itself.
 * </ul>
 */
package io.carryall.cassandra;
