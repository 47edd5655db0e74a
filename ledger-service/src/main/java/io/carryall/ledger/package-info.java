/**
 * Step 2, register: from {@code carryall.items} to {@code carryall.copies}. Start reading at {@link io.carryall.ledger.Registrar}.
 *
 * <p>Surprising facts first:
 * <ul>
 *   <li>Pages are registered in any order, several at once; the end of a folder may be registered before its last page. Whoever waits for a folder counts its pages.
 *   <li>A record is acknowledged only after everything it says is durable in the ledger and its copy page is durable in the queue. One that comes twice is registered twice, to the same effect.
 *   <li>Registering goes on while a pass is paused: it only writes down what was found. The copiers stop.
 * </ul>
 */
package io.carryall.ledger;
