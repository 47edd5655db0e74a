package io.carryall.core.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class FolderMapTest {
    private final FolderMap map = new FolderMap(Map.of("Sent Messages", "Sent", "A/B", "C", "A", "Old/A", "inbox", "Import"));

    @Test
    void children_come_along() {
        assertThat(map.target(FolderPath.parse("Sent Messages/2020/x"))).contains(FolderPath.parse("Sent/2020/x"));
    }

    @Test
    void the_longest_entry_decides() {
        assertThat(map.target(FolderPath.parse("A/B/x"))).contains(FolderPath.parse("C/x"));
        assertThat(map.target(FolderPath.parse("A/x"))).contains(FolderPath.parse("Old/A/x"));
    }

    @Test
    void a_folder_whose_name_only_begins_alike_stays() {
        assertThat(map.target(FolderPath.parse("Sent Messages Old"))).isEmpty();
        assertThat(map.target(FolderPath.parse("a"))).isEmpty();
    }

    @Test
    void inbox_is_found_in_any_case() {
        assertThat(map.target(FolderPath.INBOX)).contains(FolderPath.of("Import"));
    }
}
