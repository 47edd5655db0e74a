/**
 * What an operator asks for: the migration file, read and checked, and the pure decisions that follow from it.
 *
 * <p>Surprising facts first:
 * <ul>
 *   <li>No secret stands in here. A {@code …Secret} component is a <em>reference</em> ({@code env:NAME}, {@code file:PATH}, {@code run:ID}); whoever logs in resolves it at the last moment.
 *   <li>The records are plain trees of strings, numbers, instants, lists and maps, so that any JSON mapper that knows records writes and reads them; their compact constructors give every missing part its documented default. No
 *       method of theirs is called {@code getX} or {@code isX}: a mapper would take it for a component.
 *   <li>Folders are named by their decoded path (see {@link io.carryall.core.migration.FolderPath}), the same whatever the server's delimiter and encoding are.
 *   <li>Filters on items are applied to what was seen, never stored as facts: a widened filter needs no new walk.
 * </ul>
 * Everything here is immutable and may be used from any thread.
 */
package io.carryall.core.migration;
