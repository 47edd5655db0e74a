package io.carryall.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carryall.cli.stack.Stack;
import io.carryall.cli.stack.StackFailure;
import io.carryall.cli.stack.StateDirectory;
import io.carryall.core.item.Reason;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(name = "carryall", mixinStandardHelpOptions = true, version = "Carryall 0.1.0", sortOptions = false,
        description = "Moves the mailboxes of a large tenant from one mail system to another: every item once, none lost, none twice.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Example:", "  carryall check migration.yaml", "  carryall run migration.yaml", "  carryall verify migration.yaml", "",
            "Exit status: 0 all done; 1 the command, the file or the list is wrong, nothing was started; 2 items failed (verify: differences);", "  3 could not finish; 130 interrupted. After any of them the same command goes on where it stopped."})
final class RootCommand implements Runnable {
    @Spec
    CommandSpec spec;

    @Mixin
    Options options;

    final Surroundings surroundings;

    RootCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    Console console() {
        return new Console(surroundings.out(), surroundings.err(), options.json, options.quiet);
    }

    /** For {@code --server}. Its token, where it wants one, is a secret and so no argument. */
    Stack installedStack() {
        return Stack.installed(options.server, surroundings.environment().getOrDefault("CARRYALL_TOKEN", ""));
    }

    Stack embeddedStack(Console console, StateDirectory state, String command) throws StackFailure, InterruptedException {
        return Stack.embedded(state, surroundings.home(), command, console::note, surroundings.interruption()::requested);
    }

    /** Something between us and the stack broke. */
    int failed(Console console, String detail) {
        if (console.json()) {
            ObjectNode result = JsonNodeFactory.instance.objectNode().put("state", "failed");
            result.putObject("error").put("reason", Reason.UNREACHABLE.word()).put("detail", detail);
            console.result(result);
        } else {
            console.warn("carryall: " + detail);
        }
        return ExitStatus.UNFINISHED;
    }

    int interrupted(Console console) {
        console.note("interrupted");
        return ExitStatus.INTERRUPTED;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command is named");
    }
}
