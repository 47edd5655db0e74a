package io.carryall.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;

/** What a command gave back: exit status, standard output, standard error. */
record Outcome(int status, String out, String err) {

    JsonNode json() {
        try {
            return new ObjectMapper().readTree(out);
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON on standard output: " + out + "\n" + err, e);
        }
    }

    /** The exit status as promised, and the law in every object that has counts. */
    Outcome exits(int expected) {
        assertThat(status).as("exit status; standard output: %s%nstandard error: %s", out, err).isEqualTo(expected);
        if (expected != 1) {
            assertLaw(json());
        }
        return this;
    }

    Outcome counts(long migrated, long alreadyThere, long excluded, long failed) {
        JsonNode json = json();
        assertThat(List.of(json.path("migrated").asLong(), json.path("alreadyThere").asLong(), json.path("excluded").asLong(), json.path("failed").asLong(), json.path("pending").asLong()))
                .as("migrated, alreadyThere, excluded, failed, pending of %s", out).containsExactly(migrated, alreadyThere, excluded, failed, 0L);
        return this;
    }

    long migrated() {
        return json().path("migrated").asLong();
    }

    JsonNode pair(String source) {
        for (JsonNode pair : json().path("pairs")) {
            if (pair.path("source").asText().equals(source)) {
                return pair;
            }
        }
        throw new AssertionError("no pair " + source + " in " + out);
    }

    List<JsonNode> failures() {
        List<JsonNode> all = new ArrayList<>();
        json().path("pairs").forEach(pair -> pair.path("failures").forEach(all::add));
        return all;
    }

    List<JsonNode> warnings() {
        List<JsonNode> all = new ArrayList<>();
        json().path("pairs").forEach(pair -> pair.path("warnings").forEach(all::add));
        return all;
    }

    private static void assertLaw(JsonNode node) {
        if (node.has("found")) {
            long sum = node.path("migrated").asLong() + node.path("alreadyThere").asLong() + node.path("excluded").asLong() + node.path("failed").asLong() + node.path("pending").asLong();
            assertThat(sum).as("found = migrated + alreadyThere + excluded + failed + pending in %s", node).isEqualTo(node.path("found").asLong());
        }
        node.forEach(Outcome::assertLaw);
    }
}
