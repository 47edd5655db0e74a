package io.carryall.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.carryall.cli.stack.StackFailure;
import io.carryall.cli.stack.StackStop;
import io.carryall.cli.stack.StateDirectory;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "down", mixinStandardHelpOptions = true, sortOptions = false, description = "Stops the embedded stack. A pass that is running stops at its next safe point; the next run goes on.",
        footer = {"", "Example:", "  carryall down --state .carryall"})
final class DownCommand implements Callable<Integer> {
    private final RootCommand root;

    DownCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() {
        Console console = root.console();
        if (root.options.server != null) {
            return console.wrong("down stops the embedded stack: --server makes no sense here", null);
        }
        StateDirectory state = new StateDirectory(root.options.stateBeside(null));
        try {
            boolean stopped = StackStop.stop(state);
            if (console.json()) {
                console.result(JsonNodeFactory.instance.objectNode().put("state", "down").put("stopped", stopped).put("directory", state.path().toString()));
            } else {
                console.line("the stack in " + state.path() + (stopped ? " is down" : " was not running"));
            }
            return ExitStatus.DONE;
        } catch (StackFailure e) {
            return root.failed(console, e.getMessage());
        } catch (InterruptedException e) {
            return root.interrupted(console);
        }
    }
}
