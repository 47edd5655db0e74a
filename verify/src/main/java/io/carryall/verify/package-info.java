/**
 * Compares source and target as they stand, and says what is missing, doubled, different or extra.
 *
 * <p>Surprising facts first:
 * <ul>
 *   <li>Nothing here knows the ledger, the queue or the copier: identities, digests and matching are this package's own, so that a fault over there is found here. Only the names of folders are planned by shared pure code.
 *   <li>{@link io.carryall.verify.FolderComparison} decides, and is pure; start reading there. The verifier only brings it what the servers say.
 *   <li>Both mailboxes are only looked at. The target's folders are opened with EXAMINE as well; with SELECT only where a keyword is lacking, since nothing else tells which keywords a folder can store.
 *   <li>Millions of messages are held as columns of numbers (50 bytes each); what people read (Message-IDs) is fetched again for those few that are told.
 * </ul>
 */
package io.carryall.verify;
