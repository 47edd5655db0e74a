/**
 * Every service in one process, and a real Kafka broker and a real Cassandra node in processes beside it: what {@code ./carryall} runs on where nobody installed anything.
 *
 * <p>Surprising facts first:
 * <ul>
 *   <li>The servers are started before Quarkus is, since their ports are others each time and beans connect to them.
 *   <li>{@code stack.json} is there exactly while commands may join: written whole when everything answers, taken away as the first act of stopping.
 *   <li>A command may find the lock of the state directory held by a stack that is about to end. That is waited for; a stack that runs is not.
 *   <li>Stopping has an order: services first (copiers give back their leases, passes are noted as interrupted), servers after them. However we end, the servers end too: they hang on a pipe from us.
 * </ul>
 *
 * Start reading at {@link io.carryall.standalone.Main}.
 */
package io.carryall.standalone;
