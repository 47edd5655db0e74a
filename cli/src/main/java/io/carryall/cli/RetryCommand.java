package io.carryall.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carryall.cli.file.MigrationFile;
import io.carryall.core.item.Reason;
import io.carryall.json.MigrationJson;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "retry", mixinStandardHelpOptions = true, sortOptions = false,
        description = {"Makes failed items eligible again, also those that run would not try again by itself: too large, refused, ambiguous. The next run copies them.",
            "An ambiguous item may be on the target already: look there first, since it is copied again. Where it is there, --accept takes it for arrived."},
        footer = {"", "Example:", "  carryall retry migration.yaml", "  carryall retry migration.yaml --reason too-large --mailbox ann@old.example",
            "  carryall retry migration.yaml --reason ambiguous --accept --mailbox ann@old.example --folder INBOX --uid 17", "",
            "Exit status: 0 done, even where nothing had failed; 1 the file is wrong, or a pass has not come to its end;", "  3 the stack could not be reached; 130 interrupted."})
final class RetryCommand implements Callable<Integer> {
    private final RootCommand root;

    @Mixin
    MigrationArgument migration;

    @Option(names = "--reason", paramLabel = "R", description = "Only items whose newest attempt failed for this reason, as run and status name it.")
    String reason;

    @Option(names = "--folder", paramLabel = "FOLDER", description = "Only items of this folder of the source, as run names it.")
    String folder;

    @Option(names = "--uid", paramLabel = "UID", description = "Only this item of that folder. May be repeated.")
    List<Long> uids = List.of();

    @Option(names = "--accept", description = "With --reason ambiguous: these items have arrived. They count as already there, and are not copied again.")
    boolean accept;

    RetryCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() {
        Console console = root.console();
        if (reason != null && Reason.of(reason).isEmpty()) {
            return console.wrong("--reason " + reason + " is no reason", Arrays.stream(Reason.values()).map(Reason::word).collect(Collectors.joining(", ")));
        }
        if (accept && !Reason.AMBIGUOUS.word().equals(reason)) {
            return console.wrong("--accept is for items of which it is not known whether they arrived", "--reason ambiguous");
        }
        if (!uids.isEmpty() && folder == null) {
            return console.wrong("--uid names an item within a folder", "--folder FOLDER");
        }
        MigrationFile.Read read = migration.read(root.surroundings, MigrationFile.Secrets.LEFT_ALONE);
        if (read.spec() == null) {
            return console.wrong(read.errors());
        }
        ObjectNode rest = JsonNodeFactory.instance.objectNode();
        migration.mailboxes.forEach(rest.putArray("mailboxes")::add);
        rest.put("reason", reason).put("folder", folder).put("accept", accept);
        uids.forEach(rest.putArray("uids")::add);
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
        String became = retried.path("accepted").asBoolean() ? " are taken for arrived: the next run counts them as already there" : " are eligible again: carryall run copies them";
        console.line(retried.path("items").asLong() + " failed items" + byReason(retried.path("byReason")) + (retried.path("items").asLong() == 0 ? "" : became));
    }

    private static String byReason(JsonNode reasons) {
        return reasons.isEmpty() ? "" : reasons.properties().stream().map(reason -> reason.getKey() + " " + reason.getValue().asLong()).collect(Collectors.joining(", ", " (", ")"));
    }
}
