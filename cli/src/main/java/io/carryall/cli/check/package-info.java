/**
 * Looks at every mailbox of a list on both sides and says what will be a problem. It changes nothing: folders are listed and enumerated, no message is opened.
 *
 * <p>Logins are tried once. Where an administrator logs in for everybody and is refused again and again, or a server stays out of reach, the rest is not tried: more attempts would lock the account, and say nothing new.
 */
package io.carryall.cli.check;
