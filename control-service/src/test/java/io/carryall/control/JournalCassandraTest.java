package io.carryall.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.embedded.EmbeddedCassandra;
import io.carryall.embedded.EmbeddedStack;
import io.carryall.embedded.ServerOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Out of a real Cassandra and into another keyspace of it, in a heap that would not hold the journal. {@code -Dcarryall.journal.items=1000000} with {@code -Dcarryall.journal.heap=256m} is the size that is promised. */
@Tag("integration")
class JournalCassandraTest {
    private static final String ITEMS = System.getProperty("carryall.journal.items", "40000");
    private static final String HEAP = System.getProperty("carryall.journal.heap", "48m");
    private static final long MINUTES_MAX = 60;

    @Test
    void a_journal_goes_through_a_heap_that_would_not_hold_it(@TempDir Path directory) throws Exception {
        Path home = Path.of(System.getProperty("carryall.home"));
        try (EmbeddedCassandra node = EmbeddedCassandra.start(directory.resolve("data"), EmbeddedStack.cassandraLib(home), ServerOptions.cassandra(EmbeddedStack.cacheDir(home)).withHeapMegabytes(512))) {
            Process load = new ProcessBuilder(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx" + HEAP, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                    "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")), JournalLoad.class.getName(), node.contactPoint(), node.localDatacenter(), ITEMS))
                    .redirectErrorStream(true).redirectOutput(directory.resolve("out").toFile()).start();
            try {
                assertThat(load.waitFor(MINUTES_MAX, TimeUnit.MINUTES)).isTrue();
                String out = new String(Files.readAllBytes(directory.resolve("out")), StandardCharsets.UTF_8);
                System.out.println(out);
                assertThat(load.exitValue()).as(out).isZero();
                assertThat(out).contains("the two files say the same: true").contains("done=" + ITEMS).contains("seen=" + ITEMS);
            } finally {
                load.destroyForcibly();
            }
        }
    }
}
