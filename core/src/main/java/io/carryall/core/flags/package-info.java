/**
 * {@code flags: follow}: what becomes of flags that changed on the source after their item was copied. What surprises first: two bases are kept and not one, since the target's user may have made the same change as the source's, and
 * keeps it then; and what is about to be stored is written down before, so that a change of ours that nobody recorded is not taken for the user's.
 */
package io.carryall.core.flags;
