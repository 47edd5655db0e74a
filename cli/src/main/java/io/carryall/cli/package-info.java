/**
 * The {@code carryall} command. Start reading at {@link io.carryall.cli.Main}.
 *
 * <p>Surprising facts first: {@code check} and {@code verify} talk to the mail servers from this process and need no stack; {@code run} and {@code status} only talk HTTP to the control service of the stack, which the first
 * command starts and the last one stops. Standard output carries the result alone; everything else goes to standard error. Secrets are resolved here and never leave this machine by HTTP.
 */
package io.carryall.cli;
