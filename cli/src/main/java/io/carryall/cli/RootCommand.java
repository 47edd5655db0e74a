package io.carryall.cli;

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

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command is named");
    }
}
