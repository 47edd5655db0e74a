package io.carryall.cli.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carryall.cli.stack.ControlClient.Reply;
import io.carryall.cli.stack.Stack;
import io.carryall.cli.stack.StackFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the migration journal will stand, and what of that falls short of what is promised. It stops nothing.
 *
 * @param place        of the embedded stack's data; null where Carryall is installed
 * @param shortcomings one line each
 */
public record JournalLook(Path place, List<String> shortcomings) {
    private static final int NOT_FOUND = 404;

    public JournalLook {
        shortcomings = List.copyOf(shortcomings);
    }

    /** Nothing falls short of what one node can be; that it is one is all there is to say. */
    public static JournalLook embedded(Path place) {
        return new JournalLook(place, List.of());
    }

    /** @throws StackFailure if it does not tell */
    public static JournalLook of(Stack stack) throws StackFailure, InterruptedException {
        try {
            Reply reply = stack.client().get("/api/durability");
            if (!reply.succeeded() && reply.status() != NOT_FOUND) {
                throw new StackFailure("the stack at " + stack.url() + " does not tell what its clusters are worth: " + reply.detail());
            }
            List<String> lines = new ArrayList<>();
            reply.body().path("shortcomings").forEach(line -> lines.add(line.asText()));
            return new JournalLook(null, lines);
        } catch (IOException e) {
            throw new StackFailure("the stack at " + stack.url() + " does not answer (" + e.getClass().getSimpleName() + ")");
        }
    }

    public void addTo(JsonNode result) {
        ObjectNode journal = ((ObjectNode) result).putObject("journal").put("embedded", place != null);
        ArrayNode lines = journal.putArray("shortcomings");
        shortcomings.forEach(lines::add);
    }

    public List<String> text() {
        return place == null ? shortcomings.stream().map(line -> "warning: " + line).toList()
                : List.of("journal: one node on one disk, in " + place + ". Killed processes and power cuts take nothing of it, a lost disk takes all: back it up while the stack is down.");
    }
}
