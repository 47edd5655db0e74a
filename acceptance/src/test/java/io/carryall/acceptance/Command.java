package io.carryall.acceptance;

import io.carryall.cli.Interruption;
import io.carryall.cli.Main;
import io.carryall.cli.Surroundings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The {@code carryall} command: in this process, which is quicker, or as one of its own. */
final class Command {
    private Command() {
    }

    /** Runs a command line to its end. */
    static Outcome run(Map<String, String> environment, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream outStream = new PrintStream(out, true, StandardCharsets.UTF_8);
        PrintStream errStream = new PrintStream(err, true, StandardCharsets.UTF_8);
        int status = Main.run(new Surroundings(outStream, errStream, environment, Path.of(""), Checkout.home(), false, Interruption.ofThisThread()), arguments);
        return new Outcome(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Starts a command line as a process, as the launcher does once everything is built; what it says goes to files of this directory. */
    static Started start(Path directory, Map<String, String> environment, String... arguments) {
        // Where this JVM runs in the background of a script, SIGINT is ignored and children inherit that: the launcher undoes it, and so do we.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT", Checkout.java().toString(), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dcarryall.home=" + Checkout.home(),
                "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")), "io.carryall.cli.Main"));
        command.addAll(List.of(arguments));
        try {
            Path out = directory.resolve("out");
            Path err = directory.resolve("err");
            ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
            builder.environment().putAll(environment);
            return new Started(builder.start(), out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    record Started(Process process, Path out, Path err) {
        /** Ctrl-C. */
        void interrupt() {
            try {
                new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        Outcome await(Duration longest) {
            try {
                if (!process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly();
                    throw new AssertionError("the command did not end within " + longest.toSeconds() + " s: " + Files.readString(err));
                }
                return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }
    }
}
