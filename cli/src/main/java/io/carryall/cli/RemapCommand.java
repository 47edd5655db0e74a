package io.carryall.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carryall.cli.file.MigrationFile;
import io.carryall.json.MigrationJson;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "remap", mixinStandardHelpOptions = true, sortOptions = false,
        description = {"An address or a whole domain changed: the pairs of the list keep their ledgers under the new name, so that nothing is copied a second time.",
            "It changes names in the ledger alone: the mailbox list has to have the new names before the next run, and may have them before this command."},
        footer = {"", "Example:", "  carryall remap migration.yaml --from old.example --to older.example --side source", "  carryall remap migration.yaml --from ann@new.example --to ann.lee@new.example", "",
            "Exit status: 0 done, even where there was nothing to do; 1 a new name has a ledger of its own, or a pass that has one of the pairs", "  is running: nothing was changed; 3 the stack could not be reached; 130 interrupted."})
final class RemapCommand implements Callable<Integer> {
    enum Side { source, target }

    private final RootCommand root;

    @Parameters(paramLabel = "MIGRATION.yaml", description = "The migration file.")
    Path file;

    @Option(names = "--from", paramLabel = "OLD", required = true, description = "The former address or domain.")
    String from;

    @Option(names = "--to", paramLabel = "NEW", required = true, description = "The new one.")
    String to;

    @Option(names = "--side", paramLabel = "source|target", description = "Where it changed. Default: on both.")
    Side side;

    RemapCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() {
        Console console = root.console();
        MigrationFile.Read read = MigrationFile.read(file, root.surroundings.environment(), MigrationFile.Secrets.LEFT_ALONE);
        if (read.spec() == null) {
            return console.wrong(read.errors());
        }
        ObjectNode rest = JsonNodeFactory.instance.objectNode().put("from", from).put("to", to).put("side", side == null ? null : side.name().toLowerCase(Locale.ROOT));
        String body = "{\"spec\":" + new MigrationJson().write(read.spec()) + "," + rest.toString().substring(1);
        ServerCommand server = new ServerCommand(root, "remap");
        return server.run(console, file, stack -> server.post(console, stack, "/api/remap", body, remapped -> {
            show(console, remapped);
            look(console, remapped);
            return ExitStatus.DONE;
        }));
    }

    /** Only where the secrets are ours: an installed stack resolves them itself. */
    private void look(Console console, JsonNode remapped) {
        if (root.options.server != null) {
            return;
        }
        MigrationFile.Read read = MigrationFile.read(file, root.surroundings.environment(), MigrationFile.Secrets.RESOLVED);
        if (read.spec() == null) {
            console.warn("carryall: warning: whether the target mailboxes hold what was recorded was not looked at: their secrets are not there");
            return;
        }
        RecordedLook look = new RecordedLook(read.spec(), read.secrets());
        remapped.path("pairs").forEach(pair -> look.warning(pair).ifPresent(warning -> console.warn("carryall: warning: " + warning)));
    }

    private static void show(Console console, JsonNode remapped) {
        boolean unlisted = false;
        for (JsonNode pair : remapped.path("pairs")) {
            unlisted |= !pair.path("listed").asBoolean();
            if (!console.json()) {
                console.line(name(pair.path("from")) + " is now " + name(pair.path("to")));
            }
        }
        if (unlisted) {
            console.warn("carryall: the mailbox list has former names still: change them before the next run, which would take them for mailboxes that it has never met");
        }
        if (remapped.path("pairs").isEmpty()) {
            console.warn("carryall: warning: of the mailboxes in the list the ledger knows none by a former name: nothing was changed");
        }
        if (console.json()) {
            console.result(remapped);
        } else {
            console.line(remapped.path("pairs").size() + " pairs have a new name and keep their ledger");
        }
    }

    private static String name(JsonNode pair) {
        return pair.path("source").asText() + " to " + pair.path("target").asText();
    }
}
