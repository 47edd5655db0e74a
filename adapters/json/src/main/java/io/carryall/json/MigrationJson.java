package io.carryall.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.carryall.core.migration.MigrationSpec;

/**
 * A migration as JSON: what the {@code spec} of a pass holds, and what the command sends to an installed Carryall. Parts that are absent take their documented defaults, unknown ones are ignored, so that services of neighbouring
 * versions understand each other. Thread-safe.
 */
public final class MigrationJson {
    /** Marks the spec of a pass that takes into the ledger what is on the target already. */
    public static final String ADOPT = "adopt";

    private final ObjectMapper json = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** One line of text. It holds references to secrets and never a secret, as the spec itself. */
    public String write(MigrationSpec spec) {
        try {
            return Surrogates.escapeLone(json.writeValueAsString(spec));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a migration is a tree of records", e);
        }
    }

    /** @throws IllegalArgumentException if the text is not JSON, or lacks a part that has no default */
    public MigrationSpec read(String text) {
        try {
            return json.readValue(text, MigrationSpec.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a migration in JSON: " + e.getOriginalMessage(), e);
        }
    }

    /**
     * Whether the spec of a pass bears that mark, which is not part of the migration.
     *
     * @throws IllegalArgumentException if the text is not JSON
     */
    public boolean isMarked(String text, String mark) {
        try {
            return json.readTree(text).path(mark).asBoolean();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a migration in JSON: " + e.getOriginalMessage(), e);
        }
    }
}
