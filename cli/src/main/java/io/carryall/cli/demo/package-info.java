/** What the demo has beside Carryall itself: two mail servers, generated mailboxes, and people who go on working in them. The demo then types the same commands as an operator would. */
package io.carryall.cli.demo;
