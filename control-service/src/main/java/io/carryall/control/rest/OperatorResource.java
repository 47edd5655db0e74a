package io.carryall.control.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.carryall.control.Control;
import io.carryall.control.Operator;
import io.carryall.control.Operator.Answer;
import io.carryall.control.Operator.Choice;
import io.carryall.control.Operator.Remapped;
import io.carryall.control.Operator.Resettable;
import io.carryall.control.Operator.Retried;
import io.carryall.control.Remapping;
import io.carryall.control.Remapping.Side;
import io.carryall.core.item.Reason;
import io.carryall.core.migration.MigrationSpec;
import io.carryall.json.MigrationJson;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** What operators do to pairs between passes. */
@Path("/api")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Blocking
public class OperatorResource {
    /** Enough to see whether the target is the mailbox that it should be. */
    private static final int RECORDED_PAIRS_MAX = 100;

    private final Operator operator;
    private final MigrationJson migrations = new MigrationJson();

    OperatorResource(Control control) {
        this.operator = control.operator();
    }

    @POST
    @Path("/retry")
    public Response retry(JsonNode body) throws InterruptedException {
        MigrationSpec spec = spec(body);
        List<String> mailboxes = new ArrayList<>();
        body.path("mailboxes").forEach(mailbox -> mailboxes.add(mailbox.asText()));
        Reason reason = body.hasNonNull("reason") ? Reason.of(body.get("reason").asText()).orElseThrow(() -> new IllegalArgumentException("there is no reason " + body.get("reason").asText())) : null;
        Set<Long> uids = new HashSet<>();
        body.path("uids").forEach(uid -> uids.add(uid.asLong()));
        Choice choice = new Choice(reason, body.hasNonNull("folder") ? body.get("folder").asText() : null, uids, body.path("accept").asBoolean());
        return answer(operator.retry(spec, mailboxes, choice), retried -> told(spec, retried, choice.accept()));
    }

    private static Map<String, Object> told(MigrationSpec spec, Retried retried, boolean accepted) {
        Map<String, Object> byReason = new LinkedHashMap<>();
        retried.items().forEach((reason, count) -> byReason.put(reason.word(), count));
        List<Map<String, Object>> pairs = new ArrayList<>();
        retried.pairs().forEach((mailbox, count) -> pairs.add(Map.of("source", mailbox.source(), "target", mailbox.target(), "items", count)));
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("migration", spec.migration());
        told.put("accepted", accepted);
        told.put("items", retried.items().values().stream().mapToLong(Long::longValue).sum());
        told.put("byReason", byReason);
        told.put("pairs", pairs);
        return told;
    }

    /** Without {@code generations}: what it would mean. With them, as that answer told them: does it. */
    @POST
    @Path("/reset")
    public Response reset(JsonNode body) throws InterruptedException {
        MigrationSpec spec = spec(body);
        String mailbox = body.path("mailbox").asText();
        List<Resettable> found = operator.lookAtReset(spec, mailbox);
        if (found.isEmpty()) {
            return Answers.failed(Response.Status.CONFLICT, "unknown-pair", "the ledger knows nothing of " + mailbox + ": there is nothing to forget");
        }
        if (!body.hasNonNull("generations")) {
            return Response.ok(told(spec, found, false)).build();
        }
        List<Resettable> agreed = found.stream().map(one -> new Resettable(one.mailbox(), one.pair(), body.get("generations").path(one.pair().value()).asInt(), one.messages())).toList();
        return answer(operator.reset(spec, agreed), reset -> told(spec, reset, true));
    }

    private static Map<String, Object> told(MigrationSpec spec, List<Resettable> found, boolean done) {
        List<Map<String, Object>> pairs = new ArrayList<>();
        for (Resettable one : found) {
            Map<String, Object> pair = new LinkedHashMap<>();
            pair.put("source", one.mailbox().source());
            pair.put("target", one.mailbox().target());
            pair.put("pair", one.pair().value());
            pair.put("generation", done ? one.generation() + 1 : one.generation());
            pair.put("messages", one.messages());
            pairs.add(pair);
        }
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("migration", spec.migration());
        told.put("reset", done);
        told.put("messages", found.stream().mapToLong(Resettable::messages).sum());
        told.put("pairs", pairs);
        return told;
    }

    @POST
    @Path("/remap")
    public Response remap(JsonNode body) throws InterruptedException {
        MigrationSpec spec = spec(body);
        Set<Side> sides = body.hasNonNull("side") ? Set.of(Side.valueOf(body.get("side").asText().toUpperCase(Locale.ROOT))) : Set.of(Side.values());
        Remapping remapping = new Remapping(body.path("from").asText(), body.path("to").asText(), sides);
        return answer(operator.remap(spec, remapping), remapped -> remapped(spec, remapped));
    }

    private Map<String, Object> remapped(MigrationSpec spec, List<Remapped> remapped) {
        List<Map<String, Object>> pairs = new ArrayList<>();
        for (Remapped one : remapped) {
            Map<String, Object> pair = new LinkedHashMap<>();
            pair.put("pair", one.pair().value());
            pair.put("from", Map.of("source", one.from().sourceMailbox(), "target", one.from().targetMailbox()));
            pair.put("to", Map.of("source", one.to().sourceMailbox(), "target", one.to().targetMailbox()));
            pair.put("listed", one.listed());
            if (pairs.size() < RECORDED_PAIRS_MAX) {
                pair.put("recorded", operator.recorded(one.pair()));
            }
            pairs.add(pair);
        }
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("migration", spec.migration());
        told.put("pairs", pairs);
        return told;
    }

    private MigrationSpec spec(JsonNode body) {
        return migrations.read(body.path("spec").toString());
    }

    private static <T> Response answer(Answer<T> answer, Function<T, Object> told) {
        if (answer instanceof Answer.Refused<T> refused) {
            return Answers.failed(Response.Status.CONFLICT, refused.reason(), refused.detail());
        }
        return Response.ok(told.apply(((Answer.Done<T>) answer).what())).build();
    }
}
