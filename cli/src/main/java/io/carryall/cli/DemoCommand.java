package io.carryall.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carryall.cli.demo.DemoServers;
import io.carryall.cli.demo.People;
import io.carryall.cli.stack.Stack;
import io.carryall.cli.stack.StackFailure;
import io.carryall.cli.stack.StateDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "demo", mixinStandardHelpOptions = true, sortOptions = false,
        description = {"The first command to try: starts the embedded stack and two real mail servers with generated mailboxes, runs a full pass, changes the source as people do, runs a delta pass, verifies, and says what to do next. "
            + "Its files stand in the folder carryall-demo afterwards."},
        footer = {"", "Example:", "  carryall demo"})
final class DemoCommand implements Callable<Integer> {
    private static final String MIGRATION = """
            migration: %s
            source:
              url: %s
              system: %s-old                # identifies the mail system, whatever its host is called
              login: { as: user }           # each mailbox with its own password from the list
            target:
              url: %s
              system: %s-new
              login: { as: user }
            mailboxes: mailboxes.csv
            """;

    private final RootCommand root;
    private final ObjectNode results = new ObjectMapper().createObjectNode();

    DemoCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws IOException {
        Console console = root.console();
        if (root.options.server != null) {
            return console.wrong("the demo brings its own stack: --server makes no sense here", null);
        }
        Path directory = root.surroundings.directory().resolve("carryall-demo");
        StateDirectory state = new StateDirectory(root.options.state != null ? root.options.stateBeside(null) : root.options.stateBeside(directory.resolve("migration.yaml")));
        step(console, "1 of 6", "two mail servers with " + People.NAMES.size() + " mailboxes and " + People.NAMES.size() * People.MESSAGES_EACH + " messages ...");
        try (DemoServers servers = DemoServers.start(People.NAMES.stream().map(People::address).toList())) {
            People.fill(servers);
            step(console, "", "old: " + servers.sourceUrl() + ", new: " + servers.targetUrl() + ", by " + servers.product());
            Path file = write(directory, servers);
            step(console, "2 of 6", "the embedded stack: a Kafka broker and a Cassandra node ...");
            try (Stack stack = root.embeddedStack(console, state, "demo")) {
                int status = passes(console, servers, file);
                return console.json() ? printed(console, status) : status;
            }
        } catch (StackFailure e) {
            return root.failed(console, e.getMessage());
        } catch (InterruptedException e) {
            return root.interrupted(console);
        }
    }

    private int passes(Console console, DemoServers servers, Path file) throws IOException {
        step(console, "3 of 6", "a full pass");
        int full = command(console, "full", "run", file.toString());
        if (full != ExitStatus.DONE) {
            return full;
        }
        step(console, "4 of 6", "people go on working: each gets " + People.NEW_EACH + " new messages, files away " + People.MOVED_EACH + ", deletes " + People.DELETED_EACH + ", copies " + People.COPIED_EACH + " into another folder");
        People.work(servers);
        step(console, "5 of 6", "a delta pass: it copies what is new, and nothing twice");
        int delta = command(console, "delta", "run", file.toString());
        if (delta != ExitStatus.DONE) {
            return delta;
        }
        step(console, "6 of 6", "is everything there? both servers are asked, contents and all");
        int verified = command(console, "verify", "verify", file.toString(), "--bodies");
        next(console, file);
        return verified;
    }

    /** Runs a command as an operator would type it. */
    private int command(Console console, String name, String... words) throws JsonProcessingException {
        if (!console.json()) {
            console.line("$ carryall " + String.join(" ", words));
            return Main.run(root.surroundings, withOptions(words));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Surroundings here = root.surroundings;
        int status = Main.run(new Surroundings(new PrintStream(out, true, StandardCharsets.UTF_8), here.err(), here.environment(), here.directory(), here.home(), here.terminal(), here.interruption()), withOptions(words));
        JsonNode result = new ObjectMapper().readTree(out.toString(StandardCharsets.UTF_8));
        results.set(name, result);
        return status;
    }

    private String[] withOptions(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        if (root.options.state != null && words[0].equals("run")) {
            all.addAll(List.of("--state", root.options.state.toString()));
        }
        if (root.options.json) {
            all.add("--json");
        }
        if (root.options.quiet) {
            all.add("--quiet");
        }
        return all.toArray(String[]::new);
    }

    private int printed(Console console, int status) {
        console.result(results);
        return status;
    }

    private Path write(Path directory, DemoServers servers) throws IOException {
        Files.createDirectories(directory);
        // Systems and migration are new ones each time, since the servers and their mail are: the ledger remembers the last demo's.
        String name = "demo-" + Long.toString(System.currentTimeMillis() / 1000, 36);
        Path file = directory.resolve("migration.yaml");
        Files.writeString(file, MIGRATION.formatted(name, servers.sourceUrl(), name, servers.targetUrl(), name));
        Files.writeString(directory.resolve("password"), DemoServers.PASSWORD + "\n");
        StringBuilder list = new StringBuilder("source,target,source-password,target-password\n");
        People.NAMES.forEach(person -> list.append(People.address(person)).append(',').append(People.address(person)).append(",file:password,file:password\n"));
        Files.writeString(directory.resolve("mailboxes.csv"), list);
        return file;
    }

    private static void step(Console console, String number, String what) {
        if (!console.json()) {
            console.line("");
            console.line(number.isEmpty() ? what : "== " + number + ": " + what);
        }
    }

    private static void next(Console console, Path file) {
        if (!console.json()) {
            console.line("");
            console.line("What next: " + file + " and mailboxes.csv beside it are a whole migration; put your own servers and mailboxes in, then:");
            console.line("  carryall check  " + file + "    logs in everywhere and says what will be a problem; changes nothing");
            console.line("  carryall run    " + file + "    copies; run it again, as often as you like, for what is new");
            console.line("  carryall verify " + file + "    compares both sides");
            console.line("  carryall --help");
        }
    }
}
