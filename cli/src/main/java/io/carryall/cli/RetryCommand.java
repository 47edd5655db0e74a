package io.carryall.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carryall.cli.file.MigrationFile;
import io.carryall.core.item.Reason;
import io.carryall.json.MigrationJson;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "retry", mixinStandardHelpOptions = true, sortOptions = false,
        description = {"Makes failed items eligible again, also those that run would not try again by itself: too large, refused, ambiguous. The next run copies them.",
            "An ambiguous item may be on the target already: look there first, since it is copied again."},
        footer = {"", "Example:", "  carryall retry migration.yaml", "  carryall retry migration.yaml --reason too-large --mailbox ann@old.example", "",
            "Exit status: 0 done, even where nothing had failed; 1 the file is wrong, or a pass has not come to its end;", "  3 the stack could not be reached; 130 interrupted."})
final class RetryCommand implements Callable<Integer> {
    private final RootCommand root;

    @Mixin
    MigrationArgument migration;

    @Option(names = "--reason", paramLabel = "R", description = "Only items whose newest attempt failed for this reason, as run and status name it.")
    String reason;

    RetryCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() {
        Console console = root.console();
        if (reason != null && Reason.of(reason).isEmpty()) {
            return console.wrong("--reason " + reason + " is no reason", Arrays.stream(Reason.values()).map(Reason::word).collect(Collectors.joining(", ")));
        }
        MigrationFile.Read read = migration.read(root.surroundings, MigrationFile.Secrets.LEFT_ALONE);
        if (read.spec() == null) {
            return console.wrong(read.errors());
        }
        ObjectNode rest = JsonNodeFactory.instance.objectNode();
        migration.mailboxes.forEach(rest.putArray("mailboxes")::add);
        rest.put("reason", reason);
        String body = "{\"spec\":" + new MigrationJson().write(read.spec()) + "," + rest.toString().substring(1);
        ServerCommand server = new ServerCommand(root, "retry");
        return server.run(console, migration.file, stack -> server.post(console, stack, "/api/retry", body, retried -> {
            show(console, retried);
            return ExitStatus.DONE;
        }));
    }

    private static void show(Console console, JsonNode retried) {
        if (console.json()) {
            console.result(retried);
            return;
        }
        retried.path("pairs").forEach(pair -> console.line(pair.path("source").asText() + ": " + pair.path("items").asLong()));
        console.line(retried.path("items").asLong() + " failed items" + byReason(retried.path("byReason")) + (retried.path("items").asLong() == 0 ? "" : " are eligible again: carryall run copies them"));
    }

    private static String byReason(JsonNode reasons) {
        return reasons.isEmpty() ? "" : reasons.properties().stream().map(reason -> reason.getKey() + " " + reason.getValue().asLong()).collect(Collectors.joining(", ", " (", ")"));
    }
}
