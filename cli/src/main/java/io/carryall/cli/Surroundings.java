package io.carryall.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * The process that a command runs in, so that tests can run one in theirs.
 *
 * @param home     the root of the checkout or installation
 * @param terminal whether standard error is a terminal that people look at
 */
public record Surroundings(PrintStream out, PrintStream err, Map<String, String> environment, Path home, boolean terminal, Interruption interruption) {
}
