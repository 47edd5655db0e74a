/**
 * Tests of the whole, as an operator has it in hand. They run after everything is packaged: {@code ./dev test acceptance}, or one of them: {@code ./dev test acceptance DeltaTableTest}.
 *
 * <p>Start reading at {@link io.carryall.acceptance.Migration}: a migration between two mail servers, and the commands that are given for it. {@link io.carryall.acceptance.Installation} is the embedded stack that most
 * tests share, {@link io.carryall.acceptance.Cluster} the services as processes of their own. Every test has mailboxes and a migration of its own, so that none sees what another did.
 */
package io.carryall.acceptance;
