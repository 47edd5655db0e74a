package io.carryall.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("integration")
final class BrokenStartTest {

    @TempDir
    private Path dir;

    @Test
    void missing_jars_name_the_command_that_builds_them() {
        assertFails(() -> EmbeddedKafka.start(dir.resolve("kafka"), dir.resolve("absent"), ServerOptions.kafka(dir)), "run ./carryall");
    }

    @Test
    void without_a_java_that_fits_cassandra_says_which_one_it_needs() {
        JavaFinder none = new JavaFinder(Optional.empty(), dir, List.of());

        assertFails(() -> EmbeddedCassandra.start(dir.resolve("cassandra"), EmbeddedStack.cassandraLib(Servers.HOME), ServerOptions.cassandra(dir), none), "needs Java 17");
    }

    @Test
    void a_data_directory_that_cannot_be_made_is_named() throws Exception {
        Path file = Files.createFile(dir.resolve("file"));

        assertFails(() -> Servers.kafka(file.resolve("kafka")), "cannot use its data directory " + file.resolve("kafka"));
    }

    @Test
    void a_directory_is_used_once_at_a_time_and_its_first_user_is_not_disturbed() throws Exception {
        try (EmbeddedKafka kafka = Servers.kafka(dir)) {
            Servers.createTopic(kafka);
            assertFails(() -> Servers.kafka(dir), "in use by this process");
            Servers.publish(kafka, "undisturbed");
            assertThat(Servers.published(kafka)).containsExactly("undisturbed");
        }
    }

    @Test
    void a_port_that_is_taken_between_the_look_and_the_use_is_not_the_end() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName(FreePorts.LOOPBACK))) {
            List<Integer> tries = new ArrayList<>();
            ServerRecipe unlucky = new PortTaken(new KafkaRecipe(), taken.getLocalPort(), 1, tries);
            try (ServerProcess kafka = start(unlucky)) {
                assertThat(kafka.port(0)).isNotEqualTo(taken.getLocalPort());
                assertThat(tries).hasSize(2);
            }
        }
    }

    @Test
    void a_port_that_is_taken_each_time_is_told_in_one_line() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName(FreePorts.LOOPBACK))) {
            assertFails(() -> start(new PortTaken(new KafkaRecipe(), taken.getLocalPort(), 99, new ArrayList<>())), "a port that was free a moment ago is taken");
        }
    }

    @Test
    void a_first_start_that_was_cut_short_begins_anew() throws Exception {
        Files.createDirectories(dir.resolve("kafka/data"));
        Files.writeString(dir.resolve("kafka/first-start"), "");
        Files.writeString(dir.resolve("kafka/data/bootstrap.checkpoint"), "half");

        try (EmbeddedKafka kafka = Servers.kafka(dir.resolve("kafka"))) {
            Servers.createTopic(kafka);
            assertThat(Servers.published(kafka)).isEmpty();
        }
    }

    @Test
    void kafka_without_its_meta_properties_is_completed_or_refused() throws Exception {
        try (EmbeddedKafka kafka = Servers.kafka(dir)) {
            Servers.createTopic(kafka);
            Servers.publish(kafka, "kept");
        }
        Files.delete(dir.resolve("data/meta.properties"));
        try (EmbeddedKafka kafka = Servers.kafka(dir)) {
            assertThat(Servers.published(kafka)).containsExactly("kept");
        }
        Files.writeString(dir.resolve("data/meta.properties"), "");
        Files.delete(dir.resolve("meta.properties.copy"));

        assertFails(() -> Servers.kafka(dir), "no usable data/meta.properties: put it back from a backup, or delete the directory");
    }

    @Test
    void cassandra_without_its_system_tables_is_refused() throws Exception {
        Files.createDirectories(dir.resolve("data/tables/journal"));
        Files.createDirectories(dir.resolve("data/commitlog"));

        assertFails(() -> Servers.cassandra(dir), "is not whole");
        assertThat(dir.resolve("data/tables/journal")).as("nothing is thrown away").exists();
    }

    @Test
    void damaged_data_is_told_with_the_log_that_says_more() throws Exception {
        Servers.cassandra(dir).close();
        for (Path segment : Files.list(dir.resolve("data/commitlog")).toList()) {
            byte[] bytes = Files.readAllBytes(segment);
            Arrays.fill(bytes, 20, 80, (byte) 77);
            Files.write(segment, bytes);
        }

        assertFails(() -> Servers.cassandra(dir), "its data is damaged; put the directory back from a backup", dir.resolve("logs/cassandra.log").toString());
    }

    @Test
    void an_interrupted_start_leaves_nothing_running_and_the_directory_free() throws Exception {
        Thread starting = new Thread(() -> {
            try {
                Servers.cassandra(dir).close();
            } catch (Exception e) {
                // what it is interrupted for
            }
        });
        starting.start();
        while (starting.isAlive() && !Files.isDirectory(dir.resolve("data/tables"))) {
            Thread.onSpinWait();
        }
        starting.interrupt();
        starting.join();

        assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive)).as("the JVM that was starting").isEmpty();
        Servers.cassandra(dir).close();
    }

    private ServerProcess start(ServerRecipe recipe) throws Exception {
        return ServerProcess.start(recipe, dir, EmbeddedStack.kafkaLib(Servers.HOME), ServerOptions.kafka(EmbeddedStack.cacheDir(Servers.HOME)));
    }

    private static void assertFails(ThrowingCallable start, String... parts) {
        assertThatThrownBy(start).isInstanceOf(StartFailedException.class).hasMessageContainingAll(parts).hasMessageNotContaining("\n");
    }

    /** Another recipe that has the bad luck of finding a port which is taken, so many times. */
    private record PortTaken(ServerRecipe real, int takenPort, int times, List<Integer> tries) implements ServerRecipe {

        @Override
        public void configure(DataDirectory data, List<Integer> ports) throws IOException {
            tries.add(ports.get(0));
            real.configure(data, tries.size() <= times ? List.of(takenPort, ports.get(1)) : ports);
        }

        @Override
        public Probe probe(List<Integer> ports) {
            return tries.size() <= times ? () -> false : real.probe(ports);
        }

        @Override
        public String name() {
            return real.name();
        }

        @Override
        public int portCount() {
            return real.portCount();
        }

        @Override
        public Path java() throws StartFailedException {
            return real.java();
        }

        @Override
        public void checkKept(DataDirectory data) throws IOException, StartFailedException {
            real.checkKept(data);
        }

        @Override
        public Optional<Invocation> preparation(DataDirectory data) throws IOException {
            return real.preparation(data);
        }

        @Override
        public void prepared(DataDirectory data) throws IOException {
            real.prepared(data);
        }

        @Override
        public Invocation server(DataDirectory data) {
            return real.server(data);
        }

        @Override
        public List<String> jvmOptions(DataDirectory data, Path java) {
            return real.jvmOptions(data, java);
        }
    }
}
