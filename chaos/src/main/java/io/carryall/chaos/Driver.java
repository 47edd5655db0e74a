package io.carryall.chaos;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.carryall.cli.Interruption;
import io.carryall.cli.Main;
import io.carryall.cli.Surroundings;
import io.carryall.testkit.dovecot.Dovecot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** The operator: gives {@code carryall run} again and again until it says that all is done. */
final class Driver {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int DONE = 0;
    private static final int ITEMS_FAILED = 2;
    /** What is to be expected while servers are away; each run's words are kept in a file of its own. */
    private static final int NOT_FINISHED = 3;

    private final Stage stage;
    private final Path file;
    private final List<String> arguments;
    private int runs;

    Driver(Stage stage, Mailboxes mailboxes) {
        this.stage = stage;
        this.file = write(stage, mailboxes);
        this.arguments = List.of("run", file.toString(), "--json", "--quiet", "--wait", "--server", stage.service("control").url());
    }

    private static Path write(Stage stage, Mailboxes mailboxes) {
        String name = mailboxes.prefix();
        StringBuilder list = new StringBuilder("source,target,source-password\n");
        mailboxes.names().forEach(each -> list.append(Mailboxes.source(each)).append(',').append(Mailboxes.target(each)).append(",file:source\n"));
        String yaml = "migration: " + name + "\n"
                + "source: { url: \"imap://127.0.0.1:" + stage.sourceProxy().port() + "?tls=none\", login: { as: user } }\n"
                + "target: { url: \"imap://127.0.0.1:" + stage.targetProxy().port() + "?tls=none\", login: { as: admin, user: " + Dovecot.MASTER_USER + ", password: \"file:target\" } }\n"
                + "mailboxes: " + name + ".csv\n";
        try {
            Files.writeString(stage.directory().resolve(name + ".csv"), list);
            return Files.writeString(stage.directory().resolve(name + ".yaml"), yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The result of the pass that came to its end with nothing left to do; or, of one that ended with failed items, what it says. */
    JsonNode drive(BooleanSupplier givenUp) {
        while (!givenUp.getAsBoolean()) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            int status = Main.run(new Surroundings(print(out), print(err), Map.of("CARRYALL_TOKEN", Stage.TOKEN), Path.of(""), Home.path(), false, Interruption.ofThisThread()), arguments.toArray(String[]::new));
            keep(status, out, err);
            if (status == DONE || status == ITEMS_FAILED) {
                return result(out);
            }
            if (status != NOT_FINISHED) {
                stage.say("run ended with " + status + ": " + err.toString(StandardCharsets.UTF_8).strip().replaceAll("\\s+", " "));
            }
            Waiting.pause(1_000);
        }
        throw new AssertionError("the pass was not done in time, see " + file.getParent());
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private void keep(int status, ByteArrayOutputStream out, ByteArrayOutputStream err) {
        try {
            Files.writeString(file.resolveSibling(file.getFileName() + ".run" + ++runs), "status " + status + "\n" + out.toString(StandardCharsets.UTF_8) + "\n" + err.toString(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode result(ByteArrayOutputStream out) {
        try {
            return JSON.readTree(out.toString(StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new AssertionError("run --json gave no JSON: " + out, e);
        }
    }
}
