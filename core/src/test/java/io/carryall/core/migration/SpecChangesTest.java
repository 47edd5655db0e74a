package io.carryall.core.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.migration.MailServer.Login;
import io.carryall.core.migration.SpecChanges.Change;
import io.carryall.core.port.ServerAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SpecChangesTest {
    private static final Instant EARLY = Instant.parse("2023-01-01T00:00:00Z");
    private static final Instant LATE = Instant.parse("2024-01-01T00:00:00Z");

    @Test
    void the_same_migration_has_no_differences() {
        MigrationSpec spec = spec(new Filter(LATE, null, null, List.of("Trash"), 100L), new FolderMap(Map.of("A", "B")));

        assertThat(SpecChanges.between(spec, spec)).isEmpty();
    }

    @Test
    void each_key_that_differs_is_named_as_in_the_file() {
        MigrationSpec before = spec(new Filter(LATE, null, null, List.of("Trash"), 100L), new FolderMap(Map.of("A", "B", "C", "D")));
        MigrationSpec now = spec(new Filter(EARLY, null, null, List.of(), null), new FolderMap(Map.of("A", "X", "E", "F")));

        assertThat(SpecChanges.between(before, now)).containsExactly(new Change("filter.since", LATE.toString(), EARLY.toString()), new Change("filter.folders.exclude", "[Trash]", "[]"), new Change("filter.max-size", "100", null),
                new Change("folders.map.A", "B", "X"), new Change("folders.map.C", "D", null), new Change("folders.map.E", null, "F"));
    }

    @Test
    void mailboxes_that_came_and_went_are_named() {
        assertThat(SpecChanges.ofLists(List.of("ann", "ben"), List.of("ben", "cid"))).containsExactly(new Change("mailbox", null, "cid"), new Change("mailbox", "ann", null));
        assertThat(SpecChanges.ofLists(List.of("ann"), List.of("ann"))).isEmpty();
    }

    @Test
    void of_many_the_first_are_named_and_all_are_counted() {
        List<Change> changes = SpecChanges.ofLists(List.of(), IntStream.range(0, 50_000).mapToObj(i -> "box" + i).toList());

        assertThat(changes).hasSize(21).last().isEqualTo(new Change("mailboxes", "0 went in all", "50000 came in all"));
    }

    private static MigrationSpec spec(Filter filter, FolderMap map) {
        MailServer server = new MailServer("old", new ServerAddress("h", 143, ServerAddress.Security.NONE, null), false, Login.EACH_USER);
        return new MigrationSpec("wave", server, server, filter, map, null, null, null, false, null, List.of());
    }
}
