/**
 * Step 2, register: what becomes of the items of a page. What surprises first: excluded items are not stored as excluded, so nothing here remembers a filter; and an item that is done in the ledger stays out of the page whatever the
 * page says, so that a page that comes twice, or late, does no harm.
 */
package io.carryall.core.register;
