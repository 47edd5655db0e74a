package io.carryall.cli;

import io.carryall.cli.show.TerminalSize;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
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

    /** How wide a line of a result may be: what goes to a file or another program has no end. */
    int resultWidth() {
        return terminal && System.console() != null ? TerminalSize.now(environment).width() : Integer.MAX_VALUE;
    }

    /** Asks the person at the terminal; anything but a yes is a no. */
    boolean asks(String question) {
        err.print(CleanText.of(question));
        err.flush();
        try {
            String answer = new BufferedReader(new InputStreamReader(System.in)).readLine();
            return answer != null && (answer.strip().equalsIgnoreCase("y") || answer.strip().equalsIgnoreCase("yes"));
        } catch (IOException e) {
            return false;
        }
    }
}
