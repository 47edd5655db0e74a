package io.carryall.cli.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carryall.core.follow.Following;
import io.carryall.core.follow.Following.PairEnd;
import io.carryall.core.follow.Following.PassEnd;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/** What came of following so far: each pair's newest result, and sums over all passes. Not thread-safe. */
final class FollowTally {
    private static final int MOST_PAIRS_TOLD = 200;

    private final String migration;
    private final long begunMillis;
    private final Map<String, ObjectNode> newest = new LinkedHashMap<>();
    private Following following;
    private long passes;
    private long copied;
    private long bytes;

    FollowTally(String migration, List<String> mailboxes, long nowMillis) {
        this.migration = migration;
        this.begunMillis = nowMillis;
        this.following = Following.of(mailboxes.stream().map(FollowTally::fold).distinct().toList());
    }

    private static String fold(String mailbox) {
        return mailbox.toLowerCase(Locale.ROOT);
    }

    Following following() {
        return following;
    }

    /** Takes in the result of a pass that came to its end. */
    void add(JsonNode result, boolean resumed, long begun, long ended) {
        passes++;
        copied += result.path("migrated").asLong();
        bytes += result.path("bytes").asLong();
        Map<String, PairEnd> ends = new HashMap<>();
        for (JsonNode pair : result.path("pairs")) {
            newest.put(pair.path("source").asText() + "\n" + pair.path("target").asText(), ((ObjectNode) pair.deepCopy()).put("pass", result.path("pass").asLong()));
            String reason = pair.path("state").asText().equals("finished") ? null : pair.at("/error/reason").asText("unreachable");
            ends.merge(fold(pair.path("source").asText()), new PairEnd(pair.path("migrated").asLong() > 0, reason), PairEnd::and);
        }
        following = following.after(new PassEnd(begun, ended, resumed, ends));
    }

    /** The result of it all. */
    ObjectNode result(String state, long now) {
        ObjectNode result = head(now).put("state", state);
        ArrayNode pairs = result.putArray("pairs");
        newest.values().forEach(pair -> pairs.add(lag(pair.deepCopy(), pair.path("source").asText(), now)));
        return result;
    }

    private ObjectNode head(long now) {
        ObjectNode head = JsonNodeFactory.instance.objectNode().put("migration", migration).put("follow", true).put("passes", passes).put("copied", copied).put("bytes", bytes)
                .put("seconds", seconds(now - begunMillis));
        putLag(head, following.lagMillis(now));
        return head;
    }

    private ObjectNode lag(ObjectNode pair, String source, long now) {
        putLag(pair, following.lagMillis(fold(source), now));
        String reason = following.reason(fold(source));
        if (reason != null) {
            pair.putObject("heldBack").put("reason", reason).put("nextSeconds", seconds(following.dueInMillis(fold(source), now)));
        }
        return pair;
    }

    private static void putLag(ObjectNode into, OptionalLong millis) {
        if (millis.isPresent()) {
            into.put("lagSeconds", seconds(millis.getAsLong()));
        } else {
            into.putNull("lagSeconds");
        }
    }

    private static double seconds(long millis) {
        return millis / 1_000.0;
    }

    /**
     * How it stands, for eyes: those that lag most, where there are many.
     *
     * @param nextMillis until the next pass; negative while one runs
     */
    ObjectNode told(long now, long nextMillis) {
        ObjectNode told = head(now).put("heldBack", following.heldBack().size()).put("mailboxes", following.mailboxes().size());
        if (nextMillis >= 0) {
            told.put("nextSeconds", seconds(nextMillis));
        }
        ArrayNode pairs = told.putArray("pairs");
        Comparator<String> mostBehind = Comparator.comparingLong(mailbox -> -following.lagMillis(mailbox, now).orElse(Long.MAX_VALUE));
        following.mailboxes().stream().sorted(mostBehind).limit(MOST_PAIRS_TOLD).forEach(mailbox -> pairs.add(lag(JsonNodeFactory.instance.objectNode().put("source", mailbox), mailbox, now)));
        return told;
    }
}
