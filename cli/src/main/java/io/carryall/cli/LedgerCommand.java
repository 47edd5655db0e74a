package io.carryall.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carryall.cli.file.FileError;
import io.carryall.cli.stack.ControlClient;
import io.carryall.cli.stack.ControlClient.Reply;
import io.carryall.cli.stack.Stack;
import io.carryall.cli.stack.StackFailure;
import io.carryall.core.journal.JournalEntry;
import io.carryall.core.journal.JournalException;
import io.carryall.core.journal.JournalReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "ledger", mixinStandardHelpOptions = true, sortOptions = false, synopsisSubcommandLabel = "(export | import)",
        description = "The migration journal, all that the ledger knows of what was migrated, as one portable file.",
        footer = {"", "Example:", "  carryall ledger export journal.carryall", "  carryall ledger import journal.carryall --state elsewhere/.carryall"})
final class LedgerCommand implements Runnable {
    private static final String PATH = "/api/journal";

    @Spec
    CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name what is to be done: export or import");
    }

    @Command(name = "export", mixinStandardHelpOptions = true, sortOptions = false,
            description = {"Writes the journal of all pairs, or of one, to a file, while passes run if need be. The file is written whole or not at all, and holds no secret and no message.",
                "What is copied after a pair was written is not in the file: for moving to another installation, export when no pass is running."},
            footer = {"", "Example:", "  carryall ledger export journal.carryall", "  carryall ledger export ann.carryall --mailbox ann@old.example --state migration/.carryall", "",
                "Exit status: 0 it is written; 1 the file can't be written, or the ledger does not know the mailbox; 3 the stack could not be", "  reached, or broke off; 130 interrupted."})
    static final class Export implements Callable<Integer> {
        private final RootCommand root;

        @Parameters(paramLabel = "FILE", description = "The file to write. One that is there is replaced.")
        Path file;

        @Option(names = "--mailbox", paramLabel = "SOURCE", description = "Only the pairs of this source mailbox.")
        String mailbox;

        Export(RootCommand root) {
            this.root = root;
        }

        @Override
        public Integer call() {
            Console console = root.console();
            Path folder = file.toAbsolutePath().getParent();
            if (Files.isDirectory(file) || folder == null || !Files.isDirectory(folder) || !Files.isWritable(folder)) {
                return console.wrong(List.of(new FileError(file.toString(), 0, 0, "the journal can't be written here", "a file in a folder that is there and may be written to")));
            }
            return new ServerCommand(root, "ledger").run(console, null, stack -> export(console, stack));
        }

        private int export(Console console, Stack stack) throws StackFailure, InterruptedException {
            Path part = file.resolveSibling(file.getFileName() + ".part");
            try {
                Reply reply = stack.client().download(PATH + (mailbox == null ? "" : "?mailbox=" + ControlClient.segment(mailbox)), part);
                if (reply.status() == 404) {
                    return console.wrong(reply.detail(), "a source mailbox of a migration that has run");
                }
                if (!reply.succeeded()) {
                    throw new StackFailure("the journal could not be exported: " + reply.detail());
                }
                JournalEntry.End end = JournalReader.verify(part);
                Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
                told(console, end, Files.size(file));
                return ExitStatus.DONE;
            } catch (JournalException e) {
                throw new StackFailure("the journal broke off, and no file was written: export it again");
            } catch (IOException e) {
                throw new StackFailure("the journal could not be exported, and no file was written (" + said(e) + ")");
            } finally {
                deleted(part);
            }
        }

        private void told(Console console, JournalEntry.End end, long bytes) {
            JournalEntry.Counts counts = end.counts();
            if (console.json()) {
                console.result(JsonNodeFactory.instance.objectNode().put("file", file.toString()).put("pairs", end.pairs()).put("folders", counts.folders()).put("done", counts.done()).put("failed", counts.failed())
                        .put("seen", counts.seen()).put("inDoubt", counts.inDoubt()).put("bytes", bytes));
            } else {
                console.line(file + ": " + end.pairs() + " pairs, " + counts.done() + " items done, " + counts.failed() + " failed attempts, " + counts.inDoubt() + " in doubt, " + bytes + " bytes");
            }
        }
    }

    private static String said(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private static void deleted(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            // it is in nobody's way: the next export writes over it
        }
    }

    @Command(name = "import", mixinStandardHelpOptions = true, sortOptions = false,
            description = {"Merges a journal into the ledger: what it says is done is not copied again. May be repeated, and several files may be imported in any order.",
                "A file that is damaged, not whole or altered is refused, and changes nothing."},
            footer = {"", "Example:", "  carryall ledger import journal.carryall", "  carryall ledger import journal.carryall --state elsewhere/.carryall --json", "",
                "Exit status: 0 everything is merged; 1 the file is wrong, nothing was changed; 3 some pairs were left out (a pass was running,", "  or the pair can't be merged: each is listed with its reason), or the stack broke off: import it again; 130 interrupted."})
    static final class Import implements Callable<Integer> {
        private final RootCommand root;

        @Parameters(paramLabel = "FILE", description = "A file that ledger export wrote.")
        Path file;

        Import(RootCommand root) {
            this.root = root;
        }

        @Override
        public Integer call() {
            Console console = root.console();
            try {
                JournalReader.verify(file);
            } catch (JournalException e) {
                return console.wrong(List.of(new FileError(file.toString(), 0, 0, e.getMessage(), null)));
            } catch (IOException e) {
                return console.wrong(List.of(new FileError(file.toString(), 0, 0, "the file can't be read (" + e.getClass().getSimpleName() + ")", "a file that ledger export wrote")));
            }
            return new ServerCommand(root, "ledger").run(console, null, stack -> take(console, stack));
        }

        private int take(Console console, Stack stack) throws StackFailure, InterruptedException {
            JsonNode[] last = new JsonNode[1];
            Reply reply;
            try {
                reply = stack.client().upload(PATH, file, line -> {
                    last[0] = line;
                    if (line.has("items")) {
                        console.note(line.path("pairs").asLong() + " pairs, " + line.path("items").asLong() + " items ...");
                    }
                });
            } catch (IOException e) {
                throw new StackFailure("the import broke off (" + said(e) + "): import the file again");
            }
            if (reply.status() == 400) {
                return console.wrong(reply.detail(), null);
            }
            if (!reply.succeeded()) {
                throw new StackFailure("the journal could not be imported: " + reply.detail());
            }
            if (last[0] == null || !last[0].has("result")) {
                throw new StackFailure(last[0] == null || !last[0].has("error") ? "the import broke off: import the file again" : last[0].at("/error/detail").asText());
            }
            return told(console, last[0].get("result"));
        }

        private int told(Console console, JsonNode result) {
            if (console.json()) {
                ObjectNode whole = JsonNodeFactory.instance.objectNode().put("file", file.toString());
                whole.setAll((ObjectNode) result);
                console.result(whole);
            } else {
                console.line(file + ": " + result.path("merged").asLong() + " pairs merged, " + result.path("unchanged").asLong() + " known as they are, " + (result.path("busy").asLong() + result.path("refused").asLong()) + " left out; "
                        + result.path("done").asLong() + " items done that were not known, " + result.path("inDoubt").asLong() + " in doubt");
            }
            for (JsonNode pair : result.path("pairsTold")) {
                if (pair.hasNonNull("detail")) {
                    console.warn(pair.path("source").asText() + " to " + pair.path("target").asText() + ": " + pair.path("state").asText() + ": " + pair.path("detail").asText());
                }
            }
            for (JsonNode conflict : result.path("conflictsTold")) {
                console.warn(conflict.path("source").asText() + " " + conflict.path("folder").asText() + (conflict.path("uid").asLong() > 0 ? " UID " + conflict.path("uid").asLong() : "") + ": " + conflict.path("what").asText() + ": "
                        + conflict.path("detail").asText());
            }
            return result.path("busy").asLong() + result.path("refused").asLong() > 0 ? ExitStatus.UNFINISHED : ExitStatus.DONE;
        }
    }
}
