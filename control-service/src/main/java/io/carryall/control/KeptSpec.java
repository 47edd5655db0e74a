package io.carryall.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.carryall.core.migration.MigrationSpec;
import io.carryall.json.MigrationJson;
import java.util.List;

/** The migration as a pass keeps it: without its list, with the number of its pairs, so that who goes on with the pass can tell whether all of them were written down, and with whether it adopts. Thread-safe. */
final class KeptSpec {
    private static final String PAIRS = "pairs";

    private final MigrationJson specs = new MigrationJson();
    private final ObjectMapper json = JsonMapper.builder().build();

    /** @param adopt whether the pass first takes into the ledger what is on the target already */
    String write(MigrationSpec spec, boolean adopt) {
        long pairs = spec.mailboxes().stream().map(spec::nameOf).distinct().count();
        return specs.write(spec.withMailboxes(List.of())).replaceFirst("^\\{", "{\"" + PAIRS + "\":" + pairs + ",\"" + MigrationJson.ADOPT + "\":" + adopt + ",");
    }

    MigrationSpec read(String text) {
        return specs.read(text);
    }

    boolean adopts(String text) {
        return specs.isMarked(text, MigrationJson.ADOPT);
    }

    /** How many pairs the pass was to have; 0 where nobody noted it. */
    int pairs(String text) {
        try {
            return json.readTree(text).path(PAIRS).asInt();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a migration in JSON: " + e.getOriginalMessage(), e);
        }
    }
}
