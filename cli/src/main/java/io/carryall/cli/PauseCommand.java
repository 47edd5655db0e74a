package io.carryall.cli;

import io.carryall.cli.file.MigrationFile;
import io.carryall.cli.stack.ControlClient;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "pause", mixinStandardHelpOptions = true, sortOptions = false,
        description = {"Stops the pass of a migration at its next safe point, until resume or run goes on with it. Nothing is lost.", "The run that had begun it ends with the state paused and the exit status 3; run --follow stops following."},
        footer = {"", "Example:", "  carryall pause migration.yaml", "", "Exit status: 0 it is paused; 1 nothing is under way; 3 the stack could not be reached; 130 interrupted."})
final class PauseCommand implements Callable<Integer> {
    private final RootCommand root;

    @Parameters(paramLabel = "MIGRATION.yaml", description = "The migration file.")
    Path file;

    PauseCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() {
        Console console = root.console();
        MigrationFile.Read read = MigrationFile.read(file, root.surroundings.environment(), MigrationFile.Secrets.LEFT_ALONE);
        if (read.spec() == null) {
            return console.wrong(read.errors());
        }
        String migration = read.spec().migration();
        ServerCommand server = new ServerCommand(root, "pause");
        return server.run(console, file, stack -> server.post(console, stack, "/api/migrations/" + ControlClient.segment(migration) + "/pause", "{}", result -> {
            if (console.json()) {
                console.result(result);
            } else if (!result.path("state").asText().equals("paused")) {
                console.line(migration + " is not followed any more; no pass was under way");
            } else {
                console.line(migration + ": pass " + result.path("pass").asLong() + " is paused, " + result.path("pending").asLong() + " items are pending; carryall resume goes on with it");
            }
            return ExitStatus.DONE;
        }));
    }
}
