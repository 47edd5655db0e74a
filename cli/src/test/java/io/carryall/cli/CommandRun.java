package io.carryall.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** One command line, run in this process: what it wrote and its exit status. */
record CommandRun(int status, String out, String err) {

    static CommandRun of(String... args) {
        return of(Path.of("/nowhere"), Map.of(), args);
    }

    static CommandRun of(Path home, Map<String, String> environment, String... args) {
        return in(Path.of(""), home, environment, args);
    }

    static CommandRun in(Path directory, Path home, Map<String, String> environment, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream outStream = new PrintStream(out, true, StandardCharsets.UTF_8);
        PrintStream errStream = new PrintStream(err, true, StandardCharsets.UTF_8);
        int status = Main.run(new Surroundings(outStream, errStream, environment, directory, home, false, Interruption.ofThisThread()), args);
        return new CommandRun(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    JsonNode json() {
        try {
            return new ObjectMapper().readTree(out);
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + out, e);
        }
    }
}
