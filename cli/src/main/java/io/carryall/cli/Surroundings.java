package io.carryall.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * The process that a command runs in, so that tests can run one in theirs.
 *
 * @param directory the current one, as paths are to be shown: empty
 * @param home      the root of the checkout or installation
 * @param terminal  whether standard error is a terminal that people look at
 */
public record Surroundings(PrintStream out, PrintStream err, Map<String, String> environment, Path directory, Path home, boolean terminal, Interruption interruption) {
}
