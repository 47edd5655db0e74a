package io.carryall.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataDirectoryTest {

    @TempDir
    private Path dir;

    @Test
    void closing_twice_does_not_take_the_directory_from_its_next_owner() throws Exception {
        DataDirectory first = DataDirectory.claim("Kafka", dir);
        first.close();
        try (DataDirectory second = DataDirectory.claim("Kafka", dir)) {
            first.close();
            assertThatThrownBy(() -> DataDirectory.claim("Kafka", second.path())).isInstanceOf(StartFailedException.class).hasMessageContaining("in use by this process");
        }
    }

    @Test
    void a_process_id_that_is_left_behind_means_nothing() throws Exception {
        Files.writeString(dir.resolve(DataDirectory.PID_FILE), ProcessHandle.current().pid() + "\n");

        DataDirectory.claim("Kafka", dir).close();
    }

    @Test
    void the_same_directory_under_another_name_is_the_same_directory() throws Exception {
        Path link = Files.createSymbolicLink(dir.resolve("link"), Files.createDirectory(dir.resolve("real")));
        try (DataDirectory owner = DataDirectory.claim("Kafka", link)) {
            assertThat(owner.path()).isEqualTo(dir.resolve("real").toRealPath());
            assertThatThrownBy(() -> DataDirectory.claim("Kafka", dir.resolve("real"))).isInstanceOf(StartFailedException.class);
        }
    }
}
