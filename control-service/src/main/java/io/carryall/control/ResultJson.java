package io.carryall.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.carryall.control.PairWatch.Ended;
import io.carryall.control.result.Counts;
import io.carryall.control.result.PairResult;
import io.carryall.control.result.PairResult.Problem;
import io.carryall.core.fold.FolderCounts;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes results as JSON: those of pairs, as they are kept in the ledger, and that of a pass, streamed, since it may have 50,000 pairs. Thread-safe. */
final class ResultJson {
    private final ObjectMapper json = JsonMapper.builder().build();

    String write(PairResult result) {
        try {
            return json.writeValueAsString(result);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a result is a tree of records", e);
        }
    }

    /** Reads back what is to be known of a pair that ended. */
    Ended ended(String text) {
        try {
            JsonNode node = json.readTree(text);
            FolderCounts counts = new FolderCounts(node.path("found").asLong(), node.path("migrated").asLong(), node.path("alreadyThere").asLong(), node.path("excluded").asLong(),
                    node.path("failed").asLong(), node.path("pending").asLong(), node.path("bytes").asLong());
            JsonNode error = node.path("error");
            Problem problem = error.isObject() ? new Problem(error.path("reason").asText(), error.path("detail").asText()) : null;
            return new Ended(node.path("state").asText(), problem, counts);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not the result of a pair: " + e.getOriginalMessage(), e);
        }
    }

    /** The answer about a pass: state, revision, rates, and the result as {@code run --json} prints it. Pairs of a pass that runs are left out where there are more than {@code pairsShownMax}. */
    void write(PassView view, int pairsShownMax, OutputStream out) throws IOException {
        PassTold told = view.told();
        try (JsonGenerator to = json.createGenerator(out)) {
            to.writeStartObject();
            to.writeStringField("state", told.state());
            to.writeNumberField("revision", told.revision());
            to.writeNumberField("pairsTotal", told.pairs());
            to.writeNumberField("pairsEnded", told.pairsEnded());
            to.writeObjectFieldStart("rates");
            to.writeNumberField("itemsPerSecond", rounded(told.rates().itemsPerSecond()));
            to.writeNumberField("bytesPerSecond", rounded(told.rates().bytesPerSecond()));
            to.writeEndObject();
            if (!told.isOver()) {
                to.writePOJOField("progress", told.progress());
            }
            to.writeFieldName("result");
            writeResult(view, told, pairsShownMax, to);
            to.writeEndObject();
        }
    }

    /** The result alone. */
    void writeResult(PassView view, int pairsShownMax, OutputStream out) throws IOException {
        try (JsonGenerator to = json.createGenerator(out)) {
            writeResult(view, view.told(), pairsShownMax, to);
        }
    }

    private void writeResult(PassView view, PassTold told, int pairsShownMax, JsonGenerator to) throws IOException {
        to.writeStartObject();
        for (Map.Entry<String, Object> field : head(told).entrySet()) {
            to.writePOJOField(field.getKey(), field.getValue());
        }
        boolean shown = told.isOver() || told.pairs() <= pairsShownMax;
        if (!shown) {
            to.writeNumberField("pairsLeftOut", told.pairs());
        }
        to.writeArrayFieldStart("pairs");
        if (shown) {
            view.pairs(new PassView.Pairs() {
                @Override
                public void pair(PairResult result) throws IOException {
                    to.writePOJO(result);
                }

                @Override
                public void json(String result) throws IOException {
                    to.writeRawValue(result);
                }
            });
        }
        to.writeEndArray();
        to.writeEndObject();
    }

    /** The result but for its pairs, in the order of the contract. */
    static Map<String, Object> head(PassTold told) {
        Map<String, Object> head = new LinkedHashMap<>();
        head.put("migration", told.pass().migration());
        head.put("pass", told.pass().number());
        head.put("kind", told.kind());
        head.put("state", told.state());
        if (told.dryRun()) {
            head.put("dryRun", true);
        }
        if (told.error() != null) {
            head.put("error", told.error());
        }
        Counts counts = Counts.of(told.counts());
        head.put("found", counts.found());
        head.put("migrated", counts.migrated());
        head.put("alreadyThere", counts.alreadyThere());
        head.put("excluded", counts.excluded());
        head.put("failed", counts.failed());
        head.put("pending", counts.pending());
        head.put("bytes", told.counts().bytes());
        if (told.seconds() >= 0) {
            head.put("seconds", rounded(told.seconds()));
        }
        if (!told.changes().isEmpty()) {
            head.put("changes", told.changes());
        }
        return head;
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
