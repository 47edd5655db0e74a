package io.carryall.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carryall.core.migration.MigrationSpec;
import io.carryall.core.migration.SpecChanges.Change;
import io.carryall.json.MigrationJson;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;

/** The migration as a pass keeps it: without its list, with the number of its pairs, so that who goes on with the pass can tell whether all of them were written down, and with whether it adopts. Thread-safe. */
final class KeptSpec {
    private static final String PAIRS = "pairs";
    private static final String LIST = "list";
    private static final String WHOLE = "whole";
    private static final String CHANGES = "changes";

    private final MigrationJson specs = new MigrationJson();
    private final ObjectMapper json = JsonMapper.builder().build();

    /**
     * What a pass keeps of what went before.
     *
     * @param changes since the pass before
     * @param list    digest of the whole list, as it stood then
     * @param whole   the newest pass that had the whole list; 0: there was none
     */
    record History(List<Change> changes, String list, int whole) {
        static final History NONE = new History(List.of(), "", 0);
    }

    /** @param adopt whether the pass first takes into the ledger what is on the target already */
    String write(MigrationSpec spec, boolean adopt, History history) {
        long pairs = spec.mailboxes().stream().map(spec::nameOf).distinct().count();
        ObjectNode more = json.createObjectNode().put(PAIRS, pairs).put(MigrationJson.ADOPT, adopt).put(LIST, history.list).put(WHOLE, history.whole);
        more.set(CHANGES, json.valueToTree(history.changes));
        return specs.write(spec.withMailboxes(List.of())).replaceFirst("^\\{", Matcher.quoteReplacement(more.toString().replaceFirst("}$", "")) + ",");
    }

    History history(String text) {
        try {
            JsonNode kept = json.readTree(text);
            List<Change> changes = new ArrayList<>();
            kept.path(CHANGES).forEach(change -> changes.add(new Change(change.path("what").asText(), change.path("before").asText(null), change.path("after").asText(null))));
            return new History(changes, kept.path(LIST).asText(), kept.path(WHOLE).asInt());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a migration in JSON: " + e.getOriginalMessage(), e);
        }
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
