package io.carryall.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carryall.cli.file.FileError;
import io.carryall.cli.file.MigrationFile;
import io.carryall.cli.run.PassRun;
import io.carryall.cli.show.ChangeText;
import io.carryall.cli.show.PassText;
import io.carryall.cli.show.ProgressDisplay;
import io.carryall.cli.stack.PassSecrets;
import io.carryall.cli.stack.Stack;
import io.carryall.cli.stack.StackFailure;
import io.carryall.cli.stack.StateDirectory;
import io.carryall.core.migration.MailboxPair;
import io.carryall.core.migration.MigrationSpec;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "run", mixinStandardHelpOptions = true, sortOptions = false,
        description = "One pass over every pair: full the first time, delta after that. Interrupted or crashed, the same command goes on where it stopped.",
        footer = {"", "Example:", "  carryall run migration.yaml", "  carryall run migration.yaml --dry-run --mailbox ann@old.example", "  carryall run migration.yaml --json > result.json", "  carryall run migration.yaml --follow",
            "  carryall run migration.yaml --adopt", "",
            "Exit status: 0 all done; 1 the file or the list is wrong, or the migration is running; 2 items failed, each is listed;", "  3 a server out of reach, logins refused, a pair stopped, the others are done; 130 interrupted.",
            "With --follow: stopped between two passes it exits as the newest result of each pair says (0, 2, 3); 130 where Ctrl-C cut a pass, 3 where pause did."})
final class RunCommand implements Callable<Integer> {
    private static final long RESUME_PATIENCE_SECONDS = 8;
    private static final Set<String> ENDED = Set.of("finished", "failed", "paused");

    private final RootCommand root;

    @Mixin
    MigrationArgument migration;

    @Option(names = "--dry-run", description = "Show what would be copied, and copy nothing.")
    boolean dryRun;

    @Option(names = "--adopt", description = {"First take into the ledger what is on the target already, then copy what is missing: after the ledger was lost, or where another tool has", "copied a part."})
    boolean adopt;

    @Option(names = "--wait", description = "Where the migration is running already, wait for its end instead of exiting with 1.")
    boolean wait;

    @Option(names = "--follow", description = "Repeat cheap delta passes, so that the target lags minutes behind, until Ctrl-C or carryall pause.")
    boolean follow;

    /** Only go on with a pass that was paused or interrupted. */
    boolean resume;

    RunCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() {
        Console console = root.console();
        MigrationFile.Read read = migration.read(root.surroundings, root.options.server == null ? MigrationFile.Secrets.RESOLVED : MigrationFile.Secrets.PASSED_ON);
        read.warnings().forEach(warning -> console.warn("carryall: warning: " + warning));
        if (read.spec() == null) {
            return console.wrong(read.errors());
        }
        if (follow && dryRun) {
            return console.wrong("--follow copies, and --dry-run copies nothing", "one of the two");
        }
        if (adopt && (dryRun || follow)) {
            return console.wrong(dryRun ? "--adopt writes to the ledger, and --dry-run changes nothing" : "--adopt is for one pass: run --adopt first, then --follow", "one of the two");
        }
        try {
            return root.options.server == null ? embedded(console, read) : passes(console, read, root.installedStack(), null);
        } catch (StackFailure e) {
            return unfinished(console, read.spec(), e.getMessage());
        } catch (InterruptedException e) {
            return interrupted(console, read.spec());
        }
    }

    private int embedded(Console console, MigrationFile.Read read) throws StackFailure, InterruptedException {
        StateDirectory state = new StateDirectory(root.options.stateBeside(migration.file));
        Optional<PassSecrets> taken = take(console, state, read.spec().migration());
        if (taken.isEmpty()) {
            String holder = PassSecrets.holder(state, read.spec().migration());
            return console.wrong(read.spec().migration() + " is running: " + (holder.isEmpty() ? "its pass is just beginning" : holder), "one run at a time (--wait waits for its end)");
        }
        if (follow) {
            try (PassSecrets secrets = taken.get()) {
                return passes(console, read, root.embeddedStack(console, state, "run"), secrets);
            }
        }
        try (PassSecrets secrets = taken.get(); Stack stack = root.embeddedStack(console, state, "run")) {
            secrets.write(read.secrets());
            return pass(console, read.spec(), stack, secrets);
        }
    }

    private int passes(Console console, MigrationFile.Read read, Stack stack, PassSecrets secrets) throws StackFailure, InterruptedException {
        return follow ? new Follow(root, migration, wait, console, read, secrets).run(stack) : pass(console, read.spec(), stack, secrets);
    }

    private Optional<PassSecrets> take(Console console, StateDirectory state, String name) throws StackFailure, InterruptedException {
        Optional<PassSecrets> taken = PassSecrets.tryTake(state, name);
        if (taken.isEmpty() && wait) {
            console.note(name + " is running: " + PassSecrets.holder(state, name) + "; waiting for its end ...");
        }
        // The run that was paused may need a moment to end.
        long until = System.nanoTime() + (resume ? TimeUnit.SECONDS.toNanos(RESUME_PATIENCE_SECONDS) : 0);
        while (taken.isEmpty() && (wait || System.nanoTime() < until)) {
            TimeUnit.MILLISECONDS.sleep(500);
            taken = PassSecrets.tryTake(state, name);
        }
        return taken;
    }

    private int pass(Console console, MigrationSpec spec, Stack stack, PassSecrets secrets) throws StackFailure, InterruptedException {
        List<String> part = migration.mailboxes.isEmpty() ? List.of() : migration.part(spec).mailboxes().stream().map(MailboxPair::source).distinct().toList();
        PassRun.Begun begun = begin(console, spec, stack, part, secrets != null);
        if (begun instanceof PassRun.Busy busy) {
            leaveFile(secrets);
            return console.wrong(busy.detail(), "one run at a time (--wait waits for its end)");
        }
        if (begun instanceof PassRun.Wrong wrong) {
            return console.wrong(wrong.messages().stream().map(message -> FileError.of(message, null)).toList());
        }
        PassRun.Accepted accepted = (PassRun.Accepted) begun;
        if (secrets != null) {
            secrets.say("pass " + accepted.pass() + " of " + spec.migration() + ", by process " + ProcessHandle.current().pid());
        }
        console.note(spec.migration() + ": pass " + accepted.pass() + " (" + accepted.kind() + ")" + (accepted.resumed() ? " goes on" : " begins") + (dryRun ? ", copying nothing" : adopt ? ", adopting what is on the target" : ""));
        ChangeText.of(accepted.changes(), accepted.resumed()).forEach(console::note);
        return finished(console, follow(accepted.run(), console));
    }

    /** @param alone whether no other command can be running this migration */
    private PassRun.Begun begin(Console console, MigrationSpec spec, Stack stack, List<String> part, boolean alone) throws StackFailure, InterruptedException {
        if (resume) {
            return PassRun.resume(stack, spec);
        }
        PassRun.Mode mode = dryRun ? PassRun.Mode.DRY_RUN : adopt ? PassRun.Mode.ADOPT : PassRun.Mode.COPY;
        if (alone && !dryRun) {
            return PassRun.beginInsteadOfOrphan(stack, spec, part, mode, orphan -> console.note(orphan + ", and its command is gone; taking it over ..."));
        }
        return wait ? PassRun.beginWhenFree(stack, spec, part, mode, busy -> console.note(busy + "; waiting for its end ...")) : PassRun.begin(stack, spec, part, mode);
    }

    /** A pass whose command is gone still needs its secrets. */
    private static void leaveFile(PassSecrets secrets) {
        if (secrets != null) {
            secrets.leaveFile();
        }
    }

    private JsonNode follow(PassRun run, Console console) throws StackFailure, InterruptedException {
        JsonNode[] last = {MissingNode.getInstance()};
        try (ProgressDisplay display = new ProgressDisplay(root.surroundings.err(), root.surroundings.terminal(), console.quiet(), root.surroundings.environment())) {
            return run.follow(progress -> {
                last[0] = progress.path("result");
                display.show(progress);
            });
        } catch (StackFailure e) {
            if (!last[0].isObject()) {
                throw e;
            }
            console.warn("carryall: " + e.getMessage());
            return brokenOff((ObjectNode) last[0], e.getMessage());
        } catch (InterruptedException e) {
            console.note("interrupted; stopping the pass ...");
            return run.interrupt(last[0]);
        }
    }

    private int finished(Console console, JsonNode result) {
        if (console.json()) {
            console.result(result);
        } else {
            PassText.of(result, root.surroundings.resultWidth()).forEach(console::line);
        }
        return ExitStatus.of(result);
    }

    /** Before there was a pass. */
    private int interrupted(Console console, MigrationSpec spec) {
        if (console.json()) {
            console.result(notBegun(spec, "interrupted"));
        }
        return root.interrupted(console);
    }

    private int unfinished(Console console, MigrationSpec spec, String detail) {
        if (console.json()) {
            ObjectNode result = notBegun(spec, "failed");
            result.putObject("error").put("reason", "unreachable").put("detail", detail);
            console.result(result);
        } else {
            console.warn("carryall: " + detail);
        }
        return ExitStatus.UNFINISHED;
    }

    /** What stood when the stack was last heard of. */
    private static JsonNode brokenOff(ObjectNode last, String detail) {
        ObjectNode result = last.deepCopy().put("state", "failed");
        result.putObject("error").put("reason", "unreachable").put("detail", detail);
        for (JsonNode pair : result.path("pairs")) {
            if (!ENDED.contains(pair.path("state").asText())) {
                ((ObjectNode) pair).put("state", "interrupted");
            }
        }
        return result;
    }

    /** A result like any other: nothing was found, since nothing was looked at. */
    private static ObjectNode notBegun(MigrationSpec spec, String state) {
        ObjectNode result = JsonNodeFactory.instance.objectNode().put("migration", spec.migration()).put("state", state);
        List.of("found", "migrated", "alreadyThere", "excluded", "failed", "pending", "bytes").forEach(count -> result.put(count, 0));
        result.put("seconds", 0.0).putArray("pairs");
        return result;
    }
}
