/**
 * Step 1, scan: from {@code carryall.scans} to {@code carryall.items}. Start reading at {@link io.carryall.scanner.Scanner}, then {@link io.carryall.scanner.ScanAttempt}.
 *
 * <p>Surprising facts first:
 * <ul>
 *   <li>A scan asks for UIDs, sizes and dates only, never for bodies or headers. There are two exceptions: a folder whose UIDs changed ({@link io.carryall.scanner.FolderRekey}), and what is new among drafts ({@link io.carryall.scanner.DraftRevisions}). A mailbox of any size streams through; what is held is a page and the few that the brokers have not confirmed yet.
 *   <li>How a folder stands is asked <em>before</em> it is enumerated, so what comes meanwhile is found again by the next pass.
 *   <li>Each attempt is a scan with an id of its own. What a broken attempt published is registered and copied all the same; only an attempt that came to its end says so.
 *   <li>It never holds a connection to one side while it waits for one to the other: copiers wait for both.
 * </ul>
 */
package io.carryall.scanner;
