/**
 * What the services share. A service's own module holds its loop and its configuration, everything else it takes from here:
 * <ul>
 *   <li>{@link io.carryall.runtime.StepLoop}: records of a topic, handled by a bounded number of threads, acknowledged when handled, tried again while the ledger or the queue is away.
 *   <li>{@link io.carryall.runtime.Connections}: sessions to mailboxes within the limits by host and mailbox, kept open for reuse; refused logins, throttling and dead hosts are remembered for all.
 *       {@link io.carryall.runtime.Acquired} says what came of it, {@link io.carryall.runtime.Pooled} is a session on loan (and counts bytes against the host's limit).
 *   <li>{@link io.carryall.runtime.PassContexts}: the migration of a pass and its filters; {@link io.carryall.runtime.PassGate}: whether the pass may go on.
 *   <li>{@link io.carryall.runtime.Secrets}, {@link io.carryall.runtime.Logins}: from references to logins.
 *   <li>{@link io.carryall.runtime.StepMetrics}, {@link io.carryall.runtime.ConnectionMetrics}: the names of all figures.
 * </ul>
 * These are plain classes that any program can construct; {@link io.carryall.runtime.Producers} makes one of each for a Quarkus application, from {@code carryall.kafka.*}, {@code carryall.cassandra.*} and {@code carryall.mail.*}
 * (documented in {@code META-INF/microprofile-config.properties}). Inject {@code Ledger}, {@code Queue}, {@code MailSystem}, {@code Clock} and the classes above. The ledger and the queue connect at their first call.
 */
package io.carryall.runtime;
