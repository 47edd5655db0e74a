/**
 * Step 3, copy: how one target folder is written, so that every item arrives once. What would surprise a newcomer:
 *
 * <ul>
 *   <li>One {@link io.carryall.core.copy.FolderCopy} decides for one target folder, whatever pairs and migrations write there. It has no clock, no network and no thread: it takes
 *       {@link io.carryall.core.copy.CopyInput inputs} and answers with {@link io.carryall.core.copy.CopyEffect effects}, which the copier carries out and the simulator pretends to. It joins four
 *       parts: what is to be written, the right to write it, the groups under way, and what the servers' answers mean.
 *   <li>Being the owner of a Kafka partition means nothing here. The lease does, and even the lease only narrows a window; the intent and the settling close it.
 *   <li>Only a tagged NO or BAD proves that a group was not stored. A cut connection or a silence after committing bytes may have left makes the group in doubt, and the folder
 *       is {@link io.carryall.core.copy.Settlement settled} before anything else goes there.
 *   <li>Effects of one {@link io.carryall.core.copy.CopyEffect.Lane lane} happen in their order; lanes run beside each other. So the next group is fetched, and its intent written,
 *       while this one is appended and the last one recorded.
 * </ul>
 */
package io.carryall.core.copy;
