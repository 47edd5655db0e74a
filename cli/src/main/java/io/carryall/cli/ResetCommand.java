package io.carryall.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carryall.cli.file.MigrationFile;
import io.carryall.cli.stack.Stack;
import io.carryall.cli.stack.StackFailure;
import io.carryall.core.migration.MigrationSpec;
import io.carryall.json.MigrationJson;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "reset", mixinStandardHelpOptions = true, sortOptions = false,
        description = {"Forgets what was migrated of one mailbox pair, so that the next pass copies it again, in every migration that has the pair. Nothing on either server changes.",
            "It says how many messages would arrive a second time, and asks."},
        footer = {"", "Example:", "  carryall reset migration.yaml --mailbox ann@old.example", "  carryall reset migration.yaml --mailbox ann@old.example --yes", "",
            "Exit status: 0 it is reset; 1 it is not: no was the answer, or there is no terminal to ask at and no --yes, or a pass", "  that has the pair is running; 3 the stack could not be reached; 130 interrupted."})
final class ResetCommand implements Callable<Integer> {
    private final RootCommand root;

    @Parameters(paramLabel = "MIGRATION.yaml", description = "The migration file.")
    Path file;

    @Option(names = "--mailbox", paramLabel = "SOURCE", required = true, description = "The source mailbox of the pair.")
    String mailbox;

    @Option(names = "--yes", description = "Do not ask.")
    boolean yes;

    ResetCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() {
        Console console = root.console();
        MigrationArgument migration = new MigrationArgument();
        migration.file = file;
        migration.mailboxes.add(mailbox);
        MigrationFile.Read read = migration.read(root.surroundings, MigrationFile.Secrets.LEFT_ALONE);
        if (read.spec() == null) {
            return console.wrong(read.errors());
        }
        ServerCommand server = new ServerCommand(root, "reset");
        return server.run(console, file, stack -> server.post(console, stack, "/api/reset", body(read.spec(), null), found -> decide(console, server, stack, read.spec(), found)));
    }

    private String body(MigrationSpec spec, ObjectNode generations) {
        ObjectNode rest = JsonNodeFactory.instance.objectNode().put("mailbox", mailbox);
        rest.set("generations", generations);
        return "{\"spec\":" + new MigrationJson().write(spec) + "," + rest.toString().substring(1);
    }

    private int decide(Console console, ServerCommand server, Stack stack, MigrationSpec spec, JsonNode found) throws StackFailure, InterruptedException {
        long messages = found.path("messages").asLong();
        String consequence = messages + " messages that were migrated from " + mailbox + " would arrive on the target a second time, as far as they are still on the source";
        if (!yes && !root.surroundings.terminal()) {
            return console.wrong(consequence + ": nothing was changed", "--yes, where there is no terminal to ask at");
        }
        if (!yes && !root.surroundings.asks(consequence + ". Reset it? [y/N] ")) {
            return console.wrong("nothing was changed", null);
        }
        ObjectNode generations = JsonNodeFactory.instance.objectNode();
        found.path("pairs").forEach(pair -> generations.put(pair.path("pair").asText(), pair.path("generation").asInt()));
        return server.post(console, stack, "/api/reset", body(spec, generations), done -> {
            if (console.json()) {
                console.result(done);
            } else {
                console.line(mailbox + " is reset: the next run copies it from the beginning, " + messages + " messages of it a second time");
            }
            return ExitStatus.DONE;
        });
    }
}
