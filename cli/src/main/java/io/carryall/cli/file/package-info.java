/**
 * Reads the migration file and its mailbox list as a whole: every error at once, each with file, line and what was expected. Nothing else of the command looks at these files.
 */
package io.carryall.cli.file;
