package io.carryall.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "resume", mixinStandardHelpOptions = true, sortOptions = false,
        description = {"Goes on with a pass that was paused or interrupted, and shows it to its end as run does; it never begins a pass.", "What the ledger holds open is taken up again, without a new walk where the scan was whole."},
        footer = {"", "Example:", "  carryall resume migration.yaml", "", "Exit status: as of run; 1 too where nothing is to be resumed."})
final class ResumeCommand implements Callable<Integer> {
    private final RunCommand run;

    @Mixin
    MigrationArgument migration;

    ResumeCommand(RootCommand root) {
        run = new RunCommand(root);
    }

    @Override
    public Integer call() {
        run.migration = migration;
        run.resume = true;
        return run.call();
    }
}
