package io.carryall.cli.stack;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The stack as a process of its own: it outlives the command that started it, and a Ctrl-C meant for that command does not reach it.
 */
final class StackProcess {
    private static final String JAR = "standalone/target/quarkus-app/quarkus-run.jar";

    private static final Set<String> PASSED_ON = Set.of("PATH", "HOME", "USER", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "JAVA_HOME", "JAVA_TOOL_OPTIONS");

    private final Process process;

    private StackProcess(Process process) {
        this.process = process;
    }

    static StackProcess start(Path home, StateDirectory state, String startedBy) throws StackFailure {
        Path jar = home.resolve(JAR);
        if (!Files.isRegularFile(jar)) {
            throw new StackFailure("the stack is not built: " + jar + " is missing (start Carryall by its launcher ./carryall, which builds what is missing)");
        }
        try {
            Files.deleteIfExists(state.startupLog());
            ProcessBuilder builder = new ProcessBuilder(command(home, jar, state, startedBy)).directory(state.path().toFile());
            // The variables that secrets were taken from stay with the command: the stack may live longer than it.
            builder.environment().keySet().removeIf(name -> !isPassedOn(name));
            builder.redirectInput(new File("/dev/null")).redirectErrorStream(true).redirectOutput(Redirect.appendTo(state.standaloneLog().toFile()));
            return new StackProcess(builder.start());
        } catch (IOException e) {
            throw new StackFailure("the stack's process can't be started: " + e.getMessage());
        }
    }

    private static boolean isPassedOn(String variable) {
        return PASSED_ON.contains(variable) || variable.startsWith("CARRYALL_") && !variable.equals("CARRYALL_TOKEN");
    }

    private static List<String> command(Path home, Path jar, StateDirectory state, String startedBy) {
        List<String> command = new ArrayList<>();
        setsid().ifPresent(command::add);
        // Signals that are ignored stay so in the JVM and its children: HotSpot takes no signal that it finds ignored.
        command.addAll(List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$@\"", "carryall-stack"));
        // C1 alone: a stack of one's own runs for minutes beside two other JVMs, and would spend more on compiling than better code gives back (bench/README.md).
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:+ExitOnOutOfMemoryError",
                "-Dcarryall.home=" + home, "-Dcarryall.state=" + state.path(), "-Dcarryall.started-by=" + startedBy, "-jar", jar.toString()));
        return command;
    }

    private static Optional<String> setsid() {
        return List.of("/usr/bin/setsid", "/bin/setsid").stream().filter(path -> Files.isExecutable(Path.of(path))).findFirst();
    }

    boolean lives() {
        return process.isAlive();
    }

    /** Asks it to end, for instance because its first command was interrupted. Its shutdown stops Kafka and Cassandra. */
    void stop() {
        process.destroy();
    }
}
