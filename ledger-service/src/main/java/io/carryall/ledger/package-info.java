/**
 * Step 2, register: from {@code carryall.items} to {@code carryall.copies}. Start reading at {@link io.carryall.ledger.Registrar}.
 *
 * <p>Surprising facts first:
 * <ul>
 *   <li>Pages of one folder are registered in their order, those of several folders at once; after a redelivery the end of a folder may come before a page of it. Whoever waits for a folder counts its pages.
 *   <li>A record is acknowledged only after everything it says is durable in the ledger and its copy page is durable in the queue. One that comes twice is registered twice, to the same effect.
 *   <li>Registering goes on while a pass is paused: it only writes down what was found. The copiers stop.
 * </ul>
 */
package io.carryall.ledger;
