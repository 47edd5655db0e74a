/**
 * Following: how often the mailboxes of a migration are looked at again, decided without a clock or a network. A pair that changes is looked at soon, one at rest seldom, one that cannot be reached seldom enough to lock nobody out.
 * Not for passes themselves: each of them is one like any other.
 */
package io.carryall.core.follow;
