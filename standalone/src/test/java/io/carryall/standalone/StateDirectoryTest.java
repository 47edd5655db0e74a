package io.carryall.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carryall.embedded.StartFailedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDirectoryTest {
    @TempDir
    Path temp;

    @Test
    void what_is_announced_is_for_its_owner_alone_and_goes_when_it_is_withdrawn() throws Exception {
        try (StateDirectory state = StateDirectory.claim(temp.resolve("state"))) {
            state.announce("http://127.0.0.1:1", "secret", "up");
            assertThat(Files.readString(state.file())).startsWith("{\"pid\":" + ProcessHandle.current().pid() + ",\"url\":\"http://127.0.0.1:1\",\"token\":\"secret\",\"startedBy\":\"up\",\"startedAt\":\"2");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state.file()))).isEqualTo("rw-------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state.secrets()))).isEqualTo("rwx------");
            state.withdraw();
            assertThat(state.file()).doesNotExist();
        }
    }

    @Test
    void a_file_that_a_crash_left_behind_is_taken_away() throws Exception {
        Path dir = Files.createDirectories(temp.resolve("state"));
        Files.writeString(dir.resolve("stack.json"), "{}");
        try (StateDirectory state = StateDirectory.claim(dir)) {
            assertThat(state.file()).doesNotExist();
        }
    }

    @Test
    void secrets_are_deleted_and_locks_stay() throws Exception {
        try (StateDirectory state = StateDirectory.claim(temp)) {
            Files.writeString(state.secrets().resolve("wave.json"), "{}");
            Files.writeString(state.secrets().resolve("half-written.json.new"), "{");
            Files.writeString(state.secrets().resolve("wave.lock"), "");
            state.deleteSecrets();
            assertThat(state.secrets().resolve("wave.json")).doesNotExist();
            assertThat(state.secrets().resolve("half-written.json.new")).doesNotExist();
            assertThat(state.secrets().resolve("wave.lock")).exists();
        }
    }

    @Test
    void a_directory_that_cannot_be_made_is_named_in_one_line() throws Exception {
        Path file = Files.writeString(temp.resolve("file"), "");
        assertThatThrownBy(() -> StateDirectory.claim(file.resolve("state"))).isInstanceOf(StartFailedException.class).hasMessageStartingWith("the state directory ").hasMessageEndingWith("--state DIR");
    }
}
