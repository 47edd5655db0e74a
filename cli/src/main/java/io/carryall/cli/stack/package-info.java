/**
 * Finds, starts and leaves the embedded stack, and talks to its control service (or to an installed one).
 *
 * <p>Surprising facts first:
 * <ul>
 *   <li>The stack belongs to no command. Whoever comes first starts it, under a file lock; each command is registered as a user and sends heartbeats; the stack itself stops when its last user is gone, unless {@code up} started it.
 *   <li>The stack writes {@code stack.json} as soon as it listens, and lines for people to {@code logs/startup.log} before that; when it can't start, the last of these lines is the reason and the way out.
 *   <li>{@code stack.json} may outlive its stack. It is believed only if its process lives and answers.
 * </ul>
 */
package io.carryall.cli.stack;
