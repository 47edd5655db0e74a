package io.carryall.acceptance;

import io.carryall.testkit.dovecot.Dovecot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;

/** An installed Carryall: instances of the services as processes of their own, on one Kafka and one Cassandra. Instances of one kind come and go; those of {@link #start} stay to the end. */
final class Cluster implements AutoCloseable {
    static final String TOKEN = "token-of-the-acceptance-tests";

    private final Path directory;
    private final Servers servers;
    private final Map<String, String> settings;
    private final List<ServiceProcess> running = new ArrayList<>();
    private int started;

    private Cluster(Path directory, Servers servers) {
        this.directory = directory;
        this.servers = servers;
        this.settings = settings();
        writeSecrets();
    }

    static Cluster start() {
        Path directory = Checkout.temporary("cluster");
        return new Cluster(directory, Servers.start(directory));
    }

    /** Another installation, with a Kafka and services of its own, on the same ledger. Close it before the one that has the ledger. */
    static Cluster onLedgerOf(Cluster owner) {
        Path directory = Checkout.temporary("cluster");
        return new Cluster(directory, owner.servers.withOtherKafka(directory));
    }

    private Map<String, String> settings() {
        Map<String, String> all = new HashMap<>();
        all.put("CARRYALL_KAFKA_BOOTSTRAP_SERVERS", servers.kafka());
        all.put("CARRYALL_CASSANDRA_CONTACT_POINTS", servers.cassandra());
        all.put("CARRYALL_CASSANDRA_LOCAL_DATACENTER", servers.datacenter());
        all.put("CARRYALL_MAIL_SECRETS_DIR", directory.resolve("secrets").toString());
        all.put("CARRYALL_CONTROL_TOKEN", TOKEN);
        return all;
    }

    /** What {@code file:} references of an installed Carryall's migrations name. */
    private void writeSecrets() {
        try {
            Path secrets = Files.createDirectory(directory.resolve("secrets"), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Files.writeString(secrets.resolve("source"), Dovecot.PASSWORD + "\n");
            Files.writeString(secrets.resolve("target"), Dovecot.MASTER_PASSWORD + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path directory() {
        return directory;
    }

    Servers servers() {
        return servers;
    }

    /** Begins to start an instance; see {@link #awaitReady}. */
    ServiceProcess start(String module, List<String> jvmOptions, Map<String, String> more) {
        Map<String, String> own = new HashMap<>(settings);
        String name = module + "-" + ++started;
        own.put("CARRYALL_COPIER_SPILL_DIRECTORY", directory.resolve("spill-" + name).toString());
        own.putAll(more);
        List<String> options = new ArrayList<>(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        options.addAll(jvmOptions);
        ServiceProcess process = new ServiceProcess(name, module, directory, options, own);
        running.add(process);
        return process;
    }

    List<ServiceProcess> start(String module, int instances) {
        return Stream.generate(() -> start(module, List.of("-Xmx256m"), Map.of())).limit(instances).toList();
    }

    void stop(Collection<ServiceProcess> instances) {
        instances.parallelStream().forEach(ServiceProcess::close);
        running.removeAll(instances);
    }

    /** All instances at once, as a power cut would. */
    void kill() {
        running.forEach(ServiceProcess::kill);
    }

    /** Until every instance is ready and each consumer group has that many members, all of them with partitions of their own. */
    void awaitReady(Map<String, Integer> members) {
        running.forEach(ServiceProcess::awaitReady);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers.kafka()))) {
            members.forEach((group, count) -> Deadline.await(Deadline.LONG, () -> group + " has " + count + " members with partitions", () -> isBalanced(admin, group, count)));
        }
    }

    private static boolean isBalanced(Admin admin, String group, int members) throws InterruptedException {
        try {
            ConsumerGroupDescription description = admin.describeConsumerGroups(List.of(group)).all().get().get(group);
            return description.members().size() == members && description.members().stream().noneMatch(member -> member.assignment().topicPartitions().isEmpty())
                    && description.groupState().toString().equals("Stable");
        } catch (ExecutionException e) {
            // not there yet
            return false;
        }
    }

    @Override
    public void close() {
        stop(List.copyOf(running));
        servers.close();
        Checkout.delete(directory);
    }
}
