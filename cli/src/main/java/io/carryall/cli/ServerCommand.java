package io.carryall.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.carryall.cli.stack.ControlClient.Reply;
import io.carryall.cli.stack.Stack;
import io.carryall.cli.stack.StackFailure;
import io.carryall.cli.stack.StateDirectory;
import java.io.IOException;
import java.nio.file.Path;

/** What commands share that ask the control service one thing. */
final class ServerCommand {
    private final RootCommand root;
    private final String name;

    ServerCommand(RootCommand root, String name) {
        this.root = root;
        this.name = name;
    }

    interface Work {
        int with(Stack stack) throws StackFailure, InterruptedException;
    }

    /** Uses the stack, the embedded one beside {@code file} or an installed one, and gives the exit status. */
    int run(Console console, Path file, Work work) {
        try (Stack stack = root.options.server != null ? root.installedStack()
                : root.embeddedStack(console, new StateDirectory(root.options.stateBeside(file)), name)) {
            return work.with(stack);
        } catch (StackFailure e) {
            return root.failed(console, e.getMessage());
        } catch (InterruptedException e) {
            return root.interrupted(console);
        }
    }

    /** What the service answered, where it found nothing wrong. */
    interface Answered {
        int with(JsonNode body) throws StackFailure, InterruptedException;
    }

    /** Asks, and goes on with the answer; what the service finds wrong is said, and is 1. */
    int post(Console console, Stack stack, String path, String body, Answered answered) throws StackFailure, InterruptedException {
        Reply reply;
        try {
            reply = stack.client().postSlow(path, body);
        } catch (IOException e) {
            throw new StackFailure("the stack at " + stack.url() + (stack.gone() ? " has ended" : " does not answer (" + e.getClass().getSimpleName() + ")"));
        }
        if (reply.status() == 400 || reply.status() == 404 || reply.status() == 409) {
            return console.wrong(reply.detail(), null);
        }
        if (!reply.succeeded()) {
            throw new StackFailure("the stack did not do it: " + reply.detail());
        }
        return answered.with(reply.body());
    }
}
