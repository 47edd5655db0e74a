/**
 * The migration journal as one portable file, and what becomes of a ledger that takes one in.
 *
 * <p>Surprising facts first:
 * <ul>
 *   <li>The file claims nothing that was not durable when it was written, and leaves out nothing that may already be on the target: what was in doubt travels as in doubt, and whoever takes it in settles it by looking.
 *   <li>Nothing of a file is believed before its last line was read: checksum, counts and structure first, the first change after.
 *   <li>Facts are facts: the first one stays, so a file may be taken in twice, and several in any order. What may be written over (places of folders, watermarks) is decided here, by pure functions.
 *   <li>The number of a pass means something in its own installation only. In a file, and wherever a file was taken in, a pass bears the moment at which it began: {@link io.carryall.core.journal.PassOrigin}.
 * </ul>
 */
package io.carryall.core.journal;
