/**
 * The queue on Apache Kafka. What would surprise a newcomer:
 * <ul>
 *   <li>Acknowledgements come in any order and from any thread, while Kafka knows one committed offset per partition. So an {@link io.carryall.kafka.OffsetWindow} per partition keeps what is unfinished, and what is committed is the
 *       offset below which all is finished. Behind a slow record some finished ones come again after a crash; nothing depends on their coming once.
 *   <li>A consumer that can take nothing more goes on polling with its partitions paused: the group keeps it, and hands partitions over without a pause of everybody (the {@code consumer} group protocol).
 *   <li>When partitions move, what was finished is committed first, and windows are thrown away: a late acknowledgement of a zombie falls into nothing.
 *   <li>Nothing correct depends on who owns a partition: the ledger decides.
 * </ul>
 */
package io.carryall.kafka;
