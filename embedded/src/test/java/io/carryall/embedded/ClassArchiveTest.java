package io.carryall.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("integration")
final class ClassArchiveTest {

    /** The maker yields to everybody else on the machine. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TempDir
    private Path dir;

    @Test
    void the_first_start_makes_an_archive_and_the_next_one_uses_it() throws Exception {
        try (EmbeddedKafka first = start()) {
            assertThat(commandLine(first)).contains("DumpLoadedClassList");
            awaitArchive();
        }
        try (EmbeddedKafka second = start()) {
            assertThat(commandLine(second)).contains("SharedArchiveFile=" + archives().get(0));
        }
    }

    @Test
    void a_server_that_stops_before_takes_the_maker_along_and_leaves_nothing_half_made() throws Exception {
        start().close();

        assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive)).isEmpty();
        assertThat(archives()).isEmpty();
        try (Stream<Path> left = Files.list(dir.resolve("cache"))) {
            assertThat(left).noneMatch(file -> file.toString().endsWith(".part") || file.toString().endsWith(".list"));
        }
    }

    @Test
    void a_cache_that_cannot_be_written_to_costs_time_and_nothing_else() throws Exception {
        Files.writeString(dir.resolve("cache"), "a file where the folder should be");

        start().close();
    }

    private EmbeddedKafka start() throws Exception {
        return EmbeddedKafka.start(dir.resolve("kafka"), EmbeddedStack.kafkaLib(Servers.HOME), ServerOptions.kafka(dir.resolve("cache")));
    }

    private void awaitArchive() throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (archives().isEmpty() && System.nanoTime() < deadline) {
            Thread.sleep(50);
        }
        assertThat(archives()).hasSize(1);
    }

    private List<Path> archives() throws Exception {
        try (Stream<Path> files = Files.list(dir.resolve("cache"))) {
            return files.filter(file -> file.toString().endsWith(".jsa")).toList();
        }
    }

    private static String commandLine(EmbeddedKafka kafka) throws Exception {
        return Files.readString(Path.of("/proc/" + kafka.pid() + "/cmdline"));
    }
}
