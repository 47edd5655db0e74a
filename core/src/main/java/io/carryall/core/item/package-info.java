/**
 * The words of the domain. An item is one message in one source folder; its {@link io.carryall.core.item.ItemKey key} says which one it is, its
 * {@link io.carryall.core.item.Fingerprint fingerprint} says what it is. All types are immutable values.
 */
package io.carryall.core.item;
