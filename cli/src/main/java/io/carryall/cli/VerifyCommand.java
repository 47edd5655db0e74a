package io.carryall.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.carryall.cli.file.MigrationFile;
import io.carryall.cli.show.VerifyText;
import io.carryall.imap.ImapMailSystem;
import io.carryall.verify.Verifier;
import io.carryall.verify.VerifyOptions;
import io.carryall.verify.VerifyProgress;
import io.carryall.verify.VerifyResult;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "verify", mixinStandardHelpOptions = true, sortOptions = false,
        description = {"Compares source and target as they stand, and lists every item that is missing, doubled or different, by folder and Message-ID. It asks the two servers and the filters of the file alone, not what Carryall "
            + "believes to have done. Changes nothing."},
        footer = {"", "Example:", "  carryall verify migration.yaml", "  carryall verify migration.yaml --bodies --mailbox ann@old.example --json", "", "Exit status: 0 matches; 1 the file or the list is wrong; 2 differs; 3 could not look."})
final class VerifyCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper().setSerializationInclusion(JsonInclude.Include.NON_NULL).addMixIn(VerifyResult.Item.class, ItemShape.class);

    private final RootCommand root;

    @Mixin
    MigrationArgument migration;

    @Option(names = "--bodies", description = "Compare contents too, with line ends made canonical: every message is fetched from both sides.")
    boolean bodies;

    VerifyCommand(RootCommand root) {
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
            Verifier verifier = new Verifier(new ImapMailSystem(), read.spec(), read.secrets()::get, new VerifyOptions(bodies, Set.copyOf(migration.mailboxes)));
            VerifyResult result = verifier.run(new Ticker(console));
            if (console.json()) {
                console.result(JSON.valueToTree(result));
            } else {
                VerifyText.of(result).forEach(console::line);
            }
            return result.exitStatus();
        } catch (InterruptedException e) {
            return root.interrupted(console);
        }
    }

    /** What names an item is always there for scripts, null where a message has no Message-ID. */
    private interface ItemShape {
        @JsonInclude
        Long uid();

        @JsonInclude
        String messageId();
    }

    /** A line now and then: a long list takes its time. */
    private static final class Ticker implements VerifyProgress {
        private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(5);

        private final Console console;
        private long messages;
        private int pairsDone;
        private int pairsAll;
        private long next = System.nanoTime() + INTERVAL_NANOS;

        Ticker(Console console) {
            this.console = console;
        }

        @Override
        public synchronized void compared(String source, String folder, long compared) {
            messages += compared;
            tick();
        }

        @Override
        public synchronized void pairDone(VerifyResult.Pair pair, int done, int all) {
            pairsDone = done;
            pairsAll = all;
            tick();
        }

        private void tick() {
            if (System.nanoTime() > next) {
                next = System.nanoTime() + INTERVAL_NANOS;
                console.note("compared " + messages + " messages, " + pairsDone + (pairsAll > 0 ? " of " + pairsAll : "") + " mailboxes done ...");
            }
        }
    }
}
