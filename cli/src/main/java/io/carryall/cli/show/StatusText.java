package io.carryall.cli.show;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Every migration in one table. */
public final class StatusText {

    private StatusText() {
    }

    public static List<String> ofAll(JsonNode status) {
        TextTable table = new TextTable("migration", " pass", "kind", "state", " found", " migrated", " already there", " excluded", " failed", " pending");
        status.path("migrations").forEach(m -> table.row(m.path("migration").asText(), m.path("pass").asText(), m.path("kind").asText(), m.path("state").asText(), count(m, "found"), count(m, "migrated"), count(m, "alreadyThere"),
                count(m, "excluded"), count(m, "failed"), count(m, "pending")));
        return table.isEmpty() ? List.of("no migration has run yet") : table.lines();
    }

    private static String count(JsonNode migration, String field) {
        return Figures.count(migration.path(field).asLong());
    }
}
