/**
 * Steps 3 and 4, copy and record, carried out. Start reading at {@link io.carryall.copier.Copier}: it takes pages from {@code carryall.copies} and hands each to the
 * {@link io.carryall.copier.FolderCopier} of its target folder, which does what {@link io.carryall.core.copy.FolderCopy} decides. What would surprise a newcomer:
 *
 * <ul>
 *   <li>A folder runs on up to three threads at once, one per lane (source, target, ledger), and its decisions on whichever brings an answer, one at a time.
 *   <li>A folder that waits (for a lease, a quarantine, a server that asked for patience) holds no connection and no thread.
 *   <li>A page is acknowledged when its row says settled or parked, in whatever order that happens.
 * </ul>
 */
package io.carryall.copier;
