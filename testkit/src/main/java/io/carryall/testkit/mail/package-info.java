/** Mail to test with, a plain client to put it on a server and to look at it there, and snapshots of mailboxes to compare. */
package io.carryall.testkit.mail;
