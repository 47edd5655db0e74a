package io.carryall.cli.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.Optional;

/** What {@code stack.json} says of the running stack: who it is, where it listens, and the token that it wants. */
record StackFile(long pid, URI url, String token, String startedBy) {

    /** Empty where there is none, or none that can be read: then there is no stack to be found. */
    static Optional<StackFile> read(StateDirectory state) {
        try {
            JsonNode json = new ObjectMapper().readTree(Files.readAllBytes(state.stackFile()));
            if (json == null || !json.path("pid").isIntegralNumber() || !json.path("url").isTextual()) {
                return Optional.empty();
            }
            return Optional.of(new StackFile(json.get("pid").asLong(), URI.create(json.get("url").asText()), json.path("token").asText(""), json.path("startedBy").asText("")));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    boolean processLives() {
        return ProcessHandle.of(pid).filter(StackFile::runs).isPresent();
    }

    /** A process that has ended stays in the process table until its parent, or process 1, collects it; in a container that may be never. It has no command any more. */
    static boolean runs(ProcessHandle process) {
        return process.isAlive() && process.info().command().isPresent();
    }

    @Override
    public String toString() {
        return "stack " + pid + " at " + url;
    }
}
