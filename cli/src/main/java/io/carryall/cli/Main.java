package io.carryall.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code carryall} command. */
public final class Main {

    private Main() {
    }

    public static void main(String[] args) {
        // Always UTF-8, whatever the locale: folder names of other people's languages are no question of ours.
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        Path home = Path.of(System.getProperty("carryall.home", "")).toAbsolutePath();
        boolean terminal = Boolean.getBoolean("carryall.terminal");
        Interruption interruption = Interruption.ofThisThread();
        interruption.onSignals();
        int status = run(new Surroundings(out, err, System.getenv(), Path.of(""), home, terminal, interruption), args);
        interruption.finished();
        leaveNative();
        System.exit(status);
    }

    /**
     * A JVM that exits waits 0.3 s for threads in native code, which the one that looks after an HTTP client's connections always is; interrupted it comes back, and ends. It can't be asked for otherwise before Java 21 (HttpClient.close).
     */
    private static void leaveNative() {
        Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().endsWith("-SelectorManager")).forEach(Thread::interrupt);
    }

    /** Runs one command line and gives its exit status. */
    public static int run(Surroundings surroundings, String... args) {
        RootCommand root = new RootCommand(surroundings);
        CommandLine commandLine = new CommandLine(root);
        commands(root).forEach(commandLine::addSubcommand);
        boolean colors = surroundings.terminal() && !surroundings.environment().containsKey("NO_COLOR") && !Arrays.asList(args).contains("--no-color");
        return commandLine
                .setOut(new PrintWriter(surroundings.out(), true))
                .setErr(new PrintWriter(surroundings.err(), true))
                .setColorScheme(CommandLine.Help.defaultColorScheme(colors ? Ansi.ON : Ansi.OFF))
                .setUsageHelpWidth(120)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((e, arguments) -> misused(surroundings, e, arguments))
                .setExecutionExceptionHandler((e, command, parsed) -> broken(root.console(), e))
                .execute(args);
    }

    /** Every command that there is, in the order of the help. To add one: its class, and its line here. */
    private static List<Object> commands(RootCommand root) {
        return List.of(new DemoCommand(root), new CheckCommand(root), new RunCommand(root), new VerifyCommand(root), new StatusCommand(root), new PauseCommand(root), new ResumeCommand(root), new RetryCommand(root), new ResetCommand(root), new RemapCommand(root), ledger(root), new UpCommand(root), new DownCommand(root));
    }

    private static CommandLine ledger(RootCommand root) {
        return new CommandLine(new LedgerCommand()).addSubcommand(new LedgerCommand.Export(root)).addSubcommand(new LedgerCommand.Import(root));
    }

    private static int misused(Surroundings surroundings, ParameterException e, String[] args) {
        Console console = new Console(surroundings.out(), surroundings.err(), Arrays.asList(args).contains("--json"), false);
        List<String> suggestions = e instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
        String expected = suggestions.isEmpty() ? null : String.join(" or ", suggestions);
        console.wrong(e.getMessage(), expected);
        if (!console.json()) {
            console.warn("Try: " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
        }
        return ExitStatus.WRONG;
    }

    /** A bug of ours: said in one line, since a trace helps nobody who types commands. */
    private static int broken(Console console, Exception e) {
        String detail = e.getMessage() == null ? e.toString() : e.getMessage();
        console.warn("carryall: " + detail);
        if (console.json()) {
            ObjectNode result = JsonNodeFactory.instance.objectNode().put("state", "failed");
            result.putObject("error").put("reason", "internal").put("detail", detail);
            result.putArray("pairs");
            console.result(result);
        }
        if (System.getenv("CARRYALL_TRACE") != null) {
            e.printStackTrace();
        }
        return ExitStatus.UNFINISHED;
    }
}
