/**
 * What the decisions need of the world: mail systems, the ledger, the queue, the clock. Each port has a contract suite in {@code testkit} that its fake and the real thing pass alike.
 * What can be expected to happen comes back as a value; exceptions mean lost infrastructure ({@link io.carryall.core.port.MailException}, {@link io.carryall.core.port.LedgerException},
 * {@link io.carryall.core.port.QueueException}) or a bug.
 */
package io.carryall.core.port;
