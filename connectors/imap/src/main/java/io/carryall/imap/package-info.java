/**
 * IMAP servers as sources and targets.
 *
 * <p>Surprising facts first:
 * <ul>
 *   <li>Angus Mail makes the sockets and TLS. Commands and replies are our own: its FETCH parser loses flags, zones and whole replies, and its APPEND writes messages anew.
 *   <li>Nothing is collected: replies are read off the wire as they come, a body goes from the connection's buffer to its receiver, whatever its size. Where the receiver is slow, the server waits.
 *   <li>Names of folders are raw: a string of ISO 8859-1 in which each character is one byte on the wire. They go back to the server exactly as they came.
 *   <li>A message's body can run as commands if a server stumbles over the APPEND before it: see {@link io.carryall.imap.AppendCommand}.
 *   <li>A timeout or a cut connection after the committing bytes is never a failure: it is in doubt.
 * </ul>
 * One session is one connection, used by one thread at a time.
 */
package io.carryall.imap;
