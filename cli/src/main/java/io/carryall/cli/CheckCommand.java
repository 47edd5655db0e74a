package io.carryall.cli;

import io.carryall.cli.file.MigrationFile;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "check", mixinStandardHelpOptions = true, sortOptions = false,
        description = {"Validates the migration file and the mailbox list as a whole: every error at once, with file and line. Then logs in to every mailbox on both sides and lists capabilities, folders, counts, sizes and what "
            + "will be a problem. Changes nothing."},
        footer = {"", "Example:", "  carryall check migration.yaml", "  carryall check migration.yaml --mailbox ann@old.example --json", "",
            "Exit status: 0 nothing stands in the way; 1 the file or the list is wrong; 3 a login or a server."})
final class CheckCommand implements Callable<Integer> {
    private final RootCommand root;

    @Mixin
    MigrationArgument migration;

    CheckCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() {
        Console console = root.console();
        MigrationFile.Read read = migration.read(root.surroundings, MigrationFile.Secrets.RESOLVED);
        read.warnings().forEach(warning -> console.warn("carryall: warning: " + warning));
        if (read.spec() == null) {
            return console.wrong(read.errors());
        }
        return ExitStatus.DONE;
    }
}
