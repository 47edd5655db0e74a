package io.carryall.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carryall.cli.file.MigrationFile;
import io.carryall.cli.show.FollowText;
import io.carryall.cli.show.PassText;
import io.carryall.cli.show.ProgressDisplay;
import io.carryall.cli.show.ProgressLines;
import io.carryall.cli.show.StatusText;
import io.carryall.cli.stack.ControlClient;
import io.carryall.cli.stack.ControlClient.Reply;
import io.carryall.cli.stack.Stack;
import io.carryall.cli.stack.StackFailure;
import io.carryall.cli.stack.StateDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "status", mixinStandardHelpOptions = true, sortOptions = false, description = "Where everything stands: every migration, or one with its mailboxes.",
        footer = {"", "Example:", "  carryall status", "  carryall status migration.yaml --watch"})
final class StatusCommand implements Callable<Integer> {
    private static final long WATCH_SECONDS = 2;

    private final RootCommand root;

    @Parameters(arity = "0..1", paramLabel = "MIGRATION.yaml", description = "Only this migration, with its mailboxes.")
    Path file;

    @Option(names = "--mailbox", paramLabel = "SOURCE", description = "Only this source mailbox. May be repeated.")
    List<String> mailboxes = new ArrayList<>();

    @Option(names = "--watch", description = "Look again every two seconds, until Ctrl-C: a pass that runs as run shows it, else what has changed.")
    boolean watch;

    StatusCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() {
        Console console = root.console();
        String path = "/api/status";
        if (file != null) {
            MigrationFile.Read read = MigrationFile.read(file, root.surroundings.environment(), MigrationFile.Secrets.LEFT_ALONE);
            if (read.spec() == null) {
                return console.wrong(read.errors());
            }
            path = "/api/migrations/" + ControlClient.segment(read.spec().migration());
        }
        try (Stack stack = root.options.server != null ? root.installedStack()
                : root.embeddedStack(console, new StateDirectory(root.options.stateBeside(file)), "status")) {
            return show(console, stack, path);
        } catch (StackFailure e) {
            return root.failed(console, e.getMessage());
        } catch (InterruptedException e) {
            return root.interrupted(console);
        }
    }

    private int show(Console console, Stack stack, String path) throws StackFailure, InterruptedException {
        try (ProgressDisplay display = new ProgressDisplay(root.surroundings.err(), watch && root.surroundings.terminal(), false, root.surroundings.environment())) {
            JsonNode printed = null;
            while (true) {
                JsonNode status = chosen(get(stack, path));
                boolean runs = file != null && !console.json() && mailboxes.isEmpty() && status.path("state").asText().equals("running");
                if (runs && watch) {
                    display.show(get(stack, path + "/passes/" + status.path("pass").asLong()));
                } else if (runs) {
                    ProgressLines.of(get(stack, path + "/passes/" + status.path("pass").asLong()), Integer.MAX_VALUE, Integer.MAX_VALUE).forEach(console::line);
                    following(console, status.path("following"));
                } else {
                    boolean follows = watch && !console.json() && status.path("following").isObject();
                    // How following stands changes all the time, and has lines of its own.
                    JsonNode lasting = follows ? ((ObjectNode) status.deepCopy()).without("following") : status;
                    if (!lasting.equals(printed)) {
                        display.close();
                        printed = lasting;
                        if (follows) {
                            console.line(FollowText.ofPass(lasting, status.path("following")));
                        } else {
                            print(console, lasting);
                        }
                    }
                    if (follows) {
                        display.standing(FollowText.standing(status.path("following")));
                    }
                }
                if (!watch) {
                    return ExitStatus.DONE;
                }
                TimeUnit.SECONDS.sleep(WATCH_SECONDS);
            }
        }
    }

    private JsonNode get(Stack stack, String path) throws StackFailure, InterruptedException {
        try {
            Reply reply = stack.client().get(path);
            if (reply.status() == 404 && file != null) {
                return NullNode.getInstance();
            }
            if (!reply.succeeded()) {
                throw new StackFailure("the stack does not tell: " + reply.detail());
            }
            Reply following = file == null ? reply : stack.client().get(path + "/following");
            return file != null && following.succeeded() ? ((ObjectNode) reply.body().deepCopy()).set("following", following.body()) : reply.body();
        } catch (IOException e) {
            throw new StackFailure("the stack at " + stack.url() + " does not answer (" + e.getClass().getSimpleName() + ")");
        }
    }

    private JsonNode chosen(JsonNode status) {
        if (mailboxes.isEmpty() || !status.path("pairs").isArray()) {
            return status;
        }
        ObjectNode part = status.deepCopy();
        ArrayNode pairs = part.putArray("pairs");
        status.path("pairs").forEach(pair -> {
            if (mailboxes.stream().anyMatch(pair.path("source").asText()::equalsIgnoreCase)) {
                pairs.add(pair);
            }
        });
        return part;
    }

    private void print(Console console, JsonNode status) {
        if (console.json()) {
            console.result(status.isNull() ? JsonNodeFactory.instance.objectNode().put("state", "new") : status);
        } else if (status.isNull()) {
            console.line("no pass has run yet");
        } else {
            (file == null ? StatusText.ofAll(status) : PassText.of(status, root.surroundings.resultWidth())).forEach(console::line);
            following(console, status.path("following"));
        }
    }

    private static void following(Console console, JsonNode following) {
        if (following.isObject()) {
            console.line("");
            FollowText.mailboxes(following).forEach(console::line);
            console.line(FollowText.line(following));
        }
    }
}
