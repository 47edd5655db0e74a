package io.carryall.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FailureCauseTest {

    private static final String LISTS_ITS_OPTIONS = "2026-11-22T08:20:32,974 INFO [main] o.a.c.s.CassandraDaemon JVM Arguments: [-XX:+ExitOnOutOfMemoryError]";

    @Test
    void a_taken_port_is_recognised_in_the_words_of_both_servers() {
        assertThat(kind("org.apache.kafka.common.KafkaException: Socket server failed to bind to 127.0.0.1:9092: Address already in use.")).isEqualTo(FailureCause.Kind.PORT_TAKEN);
        assertThat(kind("java.lang.IllegalStateException: Failed to bind port 9042 on 127.0.0.1.")).isEqualTo(FailureCause.Kind.PORT_TAKEN);
        assertThat(kind("org.apache.cassandra.exceptions.ConfigurationException: /127.0.0.1:7000 is in use by another process.  Change listen_address:storage_port"))
                .isEqualTo(FailureCause.Kind.PORT_TAKEN);
    }

    @Test
    void a_full_disk_a_lack_of_memory_and_damaged_data_are_told_apart() {
        assertThat(kind("Caused by: java.io.IOException: No space left on device")).isEqualTo(FailureCause.Kind.DISK_FULL);
        assertThat(kind("Terminating due to java.lang.OutOfMemoryError: Java heap space")).isEqualTo(FailureCause.Kind.NO_MEMORY);
        assertThat(kind("org.apache.cassandra.db.commitlog.CommitLogReadHandler$CommitLogReadException: Encountered bad header")).isEqualTo(FailureCause.Kind.CORRUPTED);
    }

    @Test
    void what_is_only_information_is_not_taken_for_a_cause() {
        assertThat(FailureCause.of(List.of(LISTS_ITS_OPTIONS))).isEqualTo(new FailureCause(FailureCause.Kind.OTHER, "it did not say why"));
    }

    @Test
    void an_unknown_error_is_told_with_its_exception_in_one_printable_line() {
        FailureCause cause = FailureCause.of(List.of(LISTS_ITS_OPTIONS, "2026-11-22T08:21:54,459 ERROR [main] o.a.c.s.CassandraDaemon Exception encountered during startup",
                "java.lang.NullPointerException: \u001b[31mfile\tis null", "\tat org.apache.cassandra.Somewhere"));

        assertThat(cause).isEqualTo(new FailureCause(FailureCause.Kind.OTHER,
                "o.a.c.s.CassandraDaemon Exception encountered during startup java.lang.NullPointerException:  [31mfile is null"));
    }

    @Test
    void only_what_was_written_since_the_start_is_read(@TempDir Path dir) throws Exception {
        Path log = Files.writeString(dir.resolve("log"), "old\nnew\n");

        assertThat(FailureCause.linesFrom(log, 4)).containsExactly("new");
        assertThat(FailureCause.linesFrom(log, 100)).as("the log was rolled over").containsExactly("old", "new");
        assertThat(FailureCause.linesFrom(dir.resolve("absent"), 0)).isEmpty();
    }

    private static FailureCause.Kind kind(String line) {
        return FailureCause.of(List.of(LISTS_ITS_OPTIONS, line)).kind();
    }
}
