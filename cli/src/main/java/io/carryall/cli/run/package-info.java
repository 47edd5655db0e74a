/** Runs one pass on a stack: begins it, follows it, stops it on Ctrl-C. */
package io.carryall.cli.run;
