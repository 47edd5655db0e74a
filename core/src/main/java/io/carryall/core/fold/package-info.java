/**
 * What became of the items of a folder, a pair and a pass: folded from rows, never counted along the way.
 *
 * <p>Surprising facts first:
 * <ul>
 *   <li>The law {@code found = migrated + already there + excluded + failed + pending} has two sides from two sources. {@code found} is what scans enumerated (seen rows); the right side is what the facts say
 *       (done and failed rows), and only what neither explains is pending. So the law can be broken: a fact about an item that no scan ever saw, a page that was settled before its items were, a page that was
 *       announced and never registered. Each breach is told in {@link io.carryall.core.fold.FolderResult#breaches()}.
 *   <li>A folder may hold five million items. A fold keeps about two bytes for each of them at most, and takes rows one by one.
 *   <li>Rows decide. Outcomes on their topic only say when it is worth looking at the rows.
 * </ul>
 */
package io.carryall.core.fold;
