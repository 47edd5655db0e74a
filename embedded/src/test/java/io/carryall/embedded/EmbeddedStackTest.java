package io.carryall.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("integration")
final class EmbeddedStackTest {

    @TempDir
    private Path state;

    @Test
    void what_was_acknowledged_is_there_after_a_stop_and_after_a_kill() throws Exception {
        try (EmbeddedStack first = start()) {
            Servers.createTopic(first.kafka());
            Servers.createTable(first.cassandra());
            write(first, "first");
        }
        try (EmbeddedStack second = start()) {
            write(second, "second");
            second.kafka().kill();
            second.cassandra().kill();
        }
        try (EmbeddedStack third = start()) {
            assertThat(Servers.published(third.kafka())).containsExactly("first", "second");
            assertThat(Servers.written(third.cassandra())).containsExactly("first", "second");
        }
    }

    @Test
    void it_says_what_it_is_doing_and_logs_below_the_state_directory() throws Exception {
        List<String> said = Collections.synchronizedList(new ArrayList<>());
        EmbeddedStack.start(state, Servers.HOME, said::add).close();

        assertThat(said).contains("starting Kafka", "starting Cassandra").anyMatch(line -> line.startsWith("Kafka is ready")).anyMatch(line -> line.startsWith("Cassandra is ready"));
        assertThat(Files.readString(state.resolve("logs/kafka.log"))).contains("Kafka Server started");
        assertThat(Files.readString(state.resolve("logs/cassandra.log"))).contains("Cassandra shutdown complete");
    }

    @Test
    void two_stand_side_by_side_and_know_nothing_of_each_other(@TempDir Path otherState) throws Exception {
        try (EmbeddedStack one = start(); EmbeddedStack other = EmbeddedStack.start(otherState, Servers.HOME, line -> {})) {
            for (EmbeddedStack stack : List.of(one, other)) {
                Servers.createTopic(stack.kafka());
                Servers.createTable(stack.cassandra());
            }
            write(one, "one");
            write(other, "other");

            assertThat(Servers.published(one.kafka())).containsExactly("one");
            assertThat(Servers.written(one.cassandra())).containsExactly("one");
            assertThat(Servers.written(other.cassandra())).containsExactly("other");
        }
    }

    @Test
    void when_one_does_not_start_the_other_is_stopped() throws Exception {
        Files.createDirectories(state.resolve("cassandra/data/tables/journal"));

        assertThatThrownBy(this::start).isInstanceOf(StartFailedException.class).hasMessageContaining("Cassandra");
        Servers.kafka(state.resolve("kafka")).close();
    }

    private EmbeddedStack start() throws Exception {
        return EmbeddedStack.start(state, Servers.HOME, line -> {});
    }

    private static void write(EmbeddedStack stack, String word) throws Exception {
        Servers.publish(stack.kafka(), word);
        Servers.write(stack.cassandra(), word);
    }
}
