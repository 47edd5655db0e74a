package io.carryall.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("integration")
final class ParentDeathTest {

    @TempDir
    private Path state;

    @Test
    void the_servers_end_when_their_parent_is_killed_and_the_next_start_finds_their_data() throws Exception {
        Process parent = parent();
        try (BufferedReader out = parent.inputReader()) {
            List<ProcessHandle> servers = Stream.of(out.readLine().split(" ")).map(pid -> ProcessHandle.of(Long.parseLong(pid)).orElseThrow()).toList();
            assertThatThrownBy(() -> Servers.kafka(state.resolve("kafka"))).isInstanceOf(StartFailedException.class).hasMessageContaining("in use by another Carryall");

            parent.destroyForcibly().waitFor();

            // at once, while the orphans are still stopping: it waits for them
            try (EmbeddedStack next = EmbeddedStack.start(state, Servers.HOME, line -> {})) {
                assertThat(servers).noneMatch(ParentDeathTest::runs);
                assertThat(next.kafka().process().isAlive()).isTrue();
            }
        } finally {
            parent.destroyForcibly();
        }
    }

    /** An orphan that has ended stays in the process table until process 1 collects it, which in a container may be never; it has no command any more. */
    private static boolean runs(ProcessHandle process) {
        return process.isAlive() && process.info().command().isPresent();
    }

    private Process parent() throws Exception {
        return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m", "-XX:TieredStopAtLevel=1",
                "-cp", System.getProperty("java.class.path"), ParentMain.class.getName(), state.toString(), Servers.HOME.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }
}
