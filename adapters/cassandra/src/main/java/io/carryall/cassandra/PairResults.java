package io.carryall.cassandra;

import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * How pairs ended. A text can be larger than Cassandra takes in one write (a mailbox of which much failed), so it is written in parts under a name of its own, and then a lightweight
 * transaction says that this one stands: whose clock is ahead does not matter. A text that was replaced stays behind; a pair ends a few times in a pass at most.
 */
final class PairResults {
    private static final int PART_CHARACTERS = 100_000;

    private final Cql cql;
    private final PreparedStatement point;
    private final PreparedStatement pointed;
    private final PreparedStatement standing;
    private final PreparedStatement write;
    private final PreparedStatement read;

    PairResults(Cql cql) {
        this.cql = cql;
        point = cql.prepareConditional("UPDATE pair_end SET result = ? WHERE migration = ? AND pass = ? AND pair = ? IF result != ?");
        String result = "SELECT result FROM pair_end WHERE migration = ? AND pass = ? AND pair = ?";
        pointed = cql.prepareSerialRead(result);
        standing = cql.prepare(result);
        write = cql.prepare("INSERT INTO pair_result (migration, pass, pair, result, part, content) VALUES (?, ?, ?, ?, ?, ?)");
        read = cql.prepare("SELECT content FROM pair_result WHERE migration = ? AND pass = ? AND pair = ? AND result = ?");
    }

    void put(PassId pass, PairId pair, String text) {
        String result = UUID.randomUUID().toString();
        int part = 0;
        for (String content : parts(text)) {
            cql.write(Cql.bind(write, pass.migration(), pass.number(), pair.value(), result, part++, content));
        }
        cql.conditional(Cql.bind(point, result, pass.migration(), pass.number(), pair.value(), result), true,
                () -> cql.one(Cql.bind(pointed, pass.migration(), pass.number(), pair.value())).filter(row -> result.equals(row.getString("result"))).map(row -> true));
    }

    /** No part ends within a surrogate pair. */
    private static List<String> parts(String text) {
        List<String> parts = new ArrayList<>();
        for (int from = 0; from < text.length(); ) {
            int to = Math.min(text.length(), from + PART_CHARACTERS);
            if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
                to--;
            }
            parts.add(text.substring(from, to));
            from = to;
        }
        return parts;
    }

    Optional<String> get(PassId pass, PairId pair) {
        return cql.one(Cql.bind(standing, pass.migration(), pass.number(), pair.value())).map(row -> {
            StringBuilder text = new StringBuilder();
            cql.each(List.of(Cql.bind(read, pass.migration(), pass.number(), pair.value(), row.getString("result"))), part -> text.append(part.getString("content")));
            return text.toString();
        });
    }
}
