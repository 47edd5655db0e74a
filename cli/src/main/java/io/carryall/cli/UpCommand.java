package io.carryall.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.carryall.cli.stack.Stack;
import io.carryall.cli.stack.StackFailure;
import io.carryall.cli.stack.StateDirectory;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "up", mixinStandardHelpOptions = true, sortOptions = false, description = "Starts the embedded stack and keeps it running between commands, until down.",
        footer = {"", "Example:", "  carryall up --state .carryall", "  carryall run migration.yaml", "  carryall down --state .carryall"})
final class UpCommand implements Callable<Integer> {
    private final RootCommand root;

    UpCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() {
        Console console = root.console();
        if (root.options.server != null) {
            return console.wrong("up starts the embedded stack: --server makes no sense here", null);
        }
        StateDirectory state = new StateDirectory(root.options.stateBeside(null));
        try (Stack stack = root.embeddedStack(console, state, "up")) {
            if (console.json()) {
                console.result(JsonNodeFactory.instance.objectNode().put("state", "up").put("url", stack.url().toString()).put("pid", stack.pid()).put("directory", state.path().toString()));
            } else {
                console.line("the stack in " + state.path() + " is up at " + stack.url() + " (process " + stack.pid() + "); carryall down stops it");
            }
            return ExitStatus.DONE;
        } catch (StackFailure e) {
            return root.failed(console, e.getMessage());
        } catch (InterruptedException e) {
            return root.interrupted(console);
        }
    }
}
