/**
 * Harm done to the real thing from outside: services, broker and node as processes, two mail servers, proxies between them. {@code ./dev chaos} runs it for as long as one likes, a smoke of it runs with the tests.
 *
 * <p>Nothing in the services knows of this package. Points of their work are found on the wire: the text of an APPEND, the server's answer, the identifier of a prepared statement of the ledger. Whether mail is lost or
 * doubled is found by reading both mail servers, never by asking Carryall.
 *
 * <p>One seed decides which faults strike in which order and how the mail looks. It does not decide how threads and processes interleave: the same seed makes the same plan, not the same run.
 *
 * <p>Start reading at {@link io.carryall.chaos.Fault}, the list of what is done, and at {@link io.carryall.chaos.Round}.
 */
package io.carryall.chaos;
