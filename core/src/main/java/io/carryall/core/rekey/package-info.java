/**
 * Recognising items whose UIDs say nothing any more: a folder was restored, made anew or renamed, or its server gave out UIDs again ({@link io.carryall.core.rekey.Rekey}); or the ledger does not know what is on the target
 * ({@link io.carryall.core.rekey.Sample}, {@link io.carryall.core.rekey.Adoption}).
 *
 * <p>Surprising facts first:
 * <ul>
 *   <li>Items are matched as a counted, ordered multiset: of two copies of one message that were copied, two are recognised, and a third is a new item.
 *   <li>A fact is inherited once, however often the attempt is repeated: what was written for the new UIDs already uses up what it was inherited from. Of two facts in different states of a folder that name the same
 *       message on the target, one is an heir of the other.
 *   <li>Headers suffice where size and date agree too. Where they do not, or a message has none of the identifying ones, contents decide: reading a message again costs less than doubling it.
 * </ul>
 */
package io.carryall.core.rekey;
