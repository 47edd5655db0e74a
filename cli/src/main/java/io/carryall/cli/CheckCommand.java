package io.carryall.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.carryall.cli.check.CheckResult;
import io.carryall.cli.check.CheckRun;
import io.carryall.cli.check.JournalLook;
import io.carryall.cli.file.MigrationFile;
import io.carryall.cli.stack.Stack;
import io.carryall.cli.stack.StackFailure;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
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
        try {
            JournalLook journal = journal();
            return report(console, CheckRun.of(migration.part(read.spec()), read.secrets(), new Ticker(console)), journal);
        } catch (StackFailure e) {
            return root.failed(console, e.getMessage());
        } catch (InterruptedException e) {
            return root.interrupted(console);
        }
    }

    /** Nothing is started for it: what an embedded stack is worth is known without one. */
    private JournalLook journal() throws StackFailure, InterruptedException {
        if (root.options.server == null) {
            return JournalLook.embedded(root.options.stateBeside(migration.file));
        }
        try (Stack stack = root.installedStack()) {
            return JournalLook.of(stack);
        }
    }

    private static int report(Console console, CheckResult result, JournalLook journal) {
        if (console.json()) {
            JsonNode json = result.json();
            journal.addTo(json);
            console.result(json);
        } else {
            journal.text().forEach(console::line);
            result.text().forEach(console::line);
        }
        return result.ok() ? ExitStatus.DONE : ExitStatus.UNFINISHED;
    }

    /** A line now and then: a long list takes its time. */
    private static final class Ticker implements BiConsumer<Integer, Integer> {
        private static final long INTERVAL_NANOS = 5_000_000_000L;

        private final Console console;
        private long next = System.nanoTime() + INTERVAL_NANOS;

        Ticker(Console console) {
            this.console = console;
        }

        @Override
        public void accept(Integer done, Integer all) {
            if (System.nanoTime() > next) {
                next = System.nanoTime() + INTERVAL_NANOS;
                console.note("looked at " + done + " of " + all + " mailboxes ...");
            }
        }
    }
}
