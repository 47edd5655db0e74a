/**
 * A migration under fire, in one thread and in virtual time. Start reading at {@link io.carryall.testkit.simulator.Simulation}. What would surprise a newcomer:
 *
 * <ul>
 *   <li>The decisions are those of {@code core}, the very classes: {@code FolderCopy}, {@code LeaseHold}, {@code LeaseChallenge}, {@code Settlement}, {@code ScanPlan} (also of a look), {@code Renames}, {@code Asking}, {@code Register}, {@code Standing},
 *       {@code PairEnd}, {@code FolderFold}. What is simulated is who carries them out, and the world around.
 *   <li>A seed decides everything, also how likely each fault is. The same seed gives the same events, on every machine.
 *   <li>Two messages that are the same to the byte can't be told apart by anybody, so promises are counted: as often on the target as in the source.
 *   <li>{@link io.carryall.testkit.simulator.Mutation Mutations} break the world on purpose, to show that it would be noticed.
 * </ul>
 */
package io.carryall.testkit.simulator;
