package io.carryall.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.carryall.cli.file.FileError;
import io.carryall.cli.file.MigrationFile;
import io.carryall.cli.run.FollowRun;
import io.carryall.cli.run.PassRun;
import io.carryall.cli.show.ChangeText;
import io.carryall.cli.show.FollowText;
import io.carryall.cli.show.ProgressDisplay;
import io.carryall.cli.stack.PassSecrets;
import io.carryall.cli.stack.Stack;
import io.carryall.cli.stack.StackFailure;
import io.carryall.cli.stack.StateDirectory;
import io.carryall.core.migration.MailboxPair;
import io.carryall.core.migration.MigrationSpec;
import java.util.List;
import java.util.Optional;

/** {@code run --follow}: begins its passes, finds its stack again, and shows how it goes. For one thread. */
final class Follow implements FollowRun.Way {
    private final RootCommand root;
    private final MigrationArgument argument;
    private final boolean wait;
    private final Console console;
    private final MigrationSpec spec;
    private final MigrationFile.Read read;
    private final PassSecrets secrets;
    private final ProgressDisplay display;
    private Stack stack;
    private String toldTrouble = "";

    /** @param secrets null on an installed Carryall */
    Follow(RootCommand root, MigrationArgument argument, boolean wait, Console console, MigrationFile.Read read, PassSecrets secrets) {
        this.root = root;
        this.argument = argument;
        this.wait = wait;
        this.console = console;
        this.spec = read.spec();
        this.read = read;
        this.secrets = secrets;
        this.display = new ProgressDisplay(root.surroundings.err(), root.surroundings.terminal(), console.quiet(), root.surroundings.environment());
    }

    int run(Stack first) throws InterruptedException {
        stack = first;
        try (display) {
            List<String> part = argument.mailboxes.isEmpty() ? List.of() : argument.part(spec).mailboxes().stream().map(MailboxPair::source).distinct().toList();
            FollowRun.Ended ended = new FollowRun(spec, part, this).run(first);
            display.close();
            return ended instanceof FollowRun.Ended.NotBegun not ? notBegun(not.why()) : followed(((FollowRun.Ended.Followed) ended).result());
        } finally {
            if (stack != null) {
                stack.close();
            }
        }
    }

    private int notBegun(PassRun.Begun why) {
        if (why instanceof PassRun.Busy busy) {
            if (secrets != null) {
                secrets.leaveFile();
            }
            return console.wrong(busy.detail(), "one run at a time (--wait waits for its end)");
        }
        return console.wrong(((PassRun.Wrong) why).messages().stream().map(message -> FileError.of(message, null)).toList());
    }

    private int followed(JsonNode result) {
        if (console.json()) {
            console.result(result);
        } else {
            FollowText.of(result).forEach(console::line);
        }
        int status = ExitStatus.of(result);
        root.surroundings.interruption().expected(status);
        return status;
    }

    @Override
    public Optional<Stack> stack(Stack last) throws StackFailure, InterruptedException {
        if (secrets == null) {
            return Optional.of(stack);
        }
        if (stack == null || stack.gone()) {
            StateDirectory state = new StateDirectory(root.options.stateBeside(argument.file));
            leave();
            Optional<Stack> found = Stack.wasStopped(state) ? Stack.joined(state, "run", root.surroundings.interruption()::requested) : Optional.of(root.embeddedStack(console, state, "run"));
            stack = found.orElse(null);
        }
        return Optional.ofNullable(stack);
    }

    private void leave() {
        if (stack != null) {
            stack.close();
            stack = null;
        }
    }

    @Override
    public PassRun.Begun begin(Stack on, List<String> mailboxes, boolean first) throws StackFailure, InterruptedException {
        if (secrets == null) {
            return first && !wait ? PassRun.begin(on, spec, mailboxes, PassRun.Mode.COPY) : PassRun.beginWhenFree(on, spec, mailboxes, PassRun.Mode.COPY, busy -> console.note(busy + "; waiting for its end ..."));
        }
        // A stack that was started anew has none of them.
        secrets.write(read.secrets());
        return PassRun.beginInsteadOfOrphan(on, spec, mailboxes, PassRun.Mode.COPY, orphan -> console.note(orphan + ", and its command is gone; taking it over ..."));
    }

    @Override
    public void begun(PassRun.Accepted pass, int mailboxes) {
        toldTrouble = "";
        ChangeText.of(pass.changes(), pass.resumed()).forEach(console::note);
        if (secrets != null) {
            secrets.say("pass " + pass.pass() + " of " + spec.migration() + ", which is followed by process " + ProcessHandle.current().pid());
        }
    }

    @Override
    public void progress(JsonNode progress) {
        display.show(progress);
    }

    @Override
    public void ended(JsonNode result, JsonNode told) {
        display.close();
        console.note(FollowText.ofPass(result, told));
    }

    @Override
    public void waiting(JsonNode told) {
        display.live(FollowText.standing(told));
    }

    /** Once, and not with each attempt. */
    @Override
    public void trouble(String what) {
        if (!what.equals(toldTrouble)) {
            display.close();
            console.warn("carryall: " + what);
            toldTrouble = what;
        }
    }
}
