package io.carryall.cassandra;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.port.LedgerException;
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

    private static final int OTHERS_MAX = 4;

    private final Cql cql;
    private final PreparedStatement pointFirst;
    private final PreparedStatement pointNext;
    private final PreparedStatement pointed;
    private final PreparedStatement standing;
    private final PreparedStatement write;
    private final PreparedStatement read;

    PairResults(Cql cql) {
        this.cql = cql;
        pointFirst = cql.prepareConditional("INSERT INTO pair_end (migration, pass, pair, result) VALUES (?, ?, ?, ?) IF NOT EXISTS");
        pointNext = cql.prepareConditional("UPDATE pair_end SET result = ? WHERE migration = ? AND pass = ? AND pair = ? IF result = ?");
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
        for (int others = 0; !replaces(pass, pair, pointed(pass, pair), result); others++) {
            if (others == OTHERS_MAX) {
                throw new LedgerException("The end of pair " + pair + " in pass " + pass + " is being written by others all the time. It may be repeated.", null);
            }
        }
    }

    /** On condition of what stood there, so that a transaction which Cassandra carries out late finds itself overtaken. */
    private boolean replaces(PassId pass, PairId pair, Optional<String> before, String result) {
        BoundStatement transaction = before.isEmpty() ? Cql.bind(pointFirst, pass.migration(), pass.number(), pair.value(), result)
                : Cql.bind(pointNext, result, pass.migration(), pass.number(), pair.value(), before.get());
        return cql.conditional(transaction, true, () -> {
            Optional<String> now = pointed(pass, pair);
            return now.equals(before) ? Optional.empty() : Optional.of(now.equals(Optional.of(result)));
        });
    }

    private Optional<String> pointed(PassId pass, PairId pair) {
        return cql.one(Cql.bind(pointed, pass.migration(), pass.number(), pair.value())).map(row -> row.getString("result"));
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
