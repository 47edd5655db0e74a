package io.carryall.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;

/**
 * One broker that is its own controller.
 *
 * <p>What was acknowledged survives {@code kill -9} of the broker: it is in the kernel's page cache by then, which a process does not take along. It does not survive a power
 * loss: Kafka leaves flushing to the kernel, counting on replicas that this broker has not. That is enough, since the ledger's page rows in Cassandra are the to-do and
 * open pages are published again; so nothing here forces flushes.
 */
final class KafkaRecipe implements ServerRecipe {

    private static final int CLIENTS = 0;
    private static final int CONTROLLER = 1;
    private static final String META = DATA + "/meta.properties";
    /** Kafka cannot make this file a second time (it names the directory that its metadata knows), so a copy stands beside the data. */
    private static final String META_COPY = "meta.properties.copy";
    private static final String SETTINGS = "server.properties";

    @Override
    public String name() {
        return "Kafka";
    }

    @Override
    public int portCount() {
        return 2;
    }

    /** It runs on what runs us: 17 or newer. */
    @Override
    public Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    @Override
    public void checkKept(DataDirectory data) throws IOException, StartFailedException {
        if (isWhole(data.resolve(META))) {
            return;
        }
        if (!isWhole(data.resolve(META_COPY))) {
            throw new StartFailedException("Kafka's data directory " + data.path() + " has data but no usable " + META
                    + ": put it back from a backup, or delete the directory (what is still to do is in the ledger, and is published again)");
        }
        replace(data.resolve(META_COPY), data.resolve(META));
    }

    @Override
    public void configure(DataDirectory data, List<Integer> ports) throws IOException {
        Properties settings = new Properties();
        settings.setProperty("process.roles", "broker,controller");
        settings.setProperty("node.id", "1");
        // named here and not in the data, so that the next start may have other ports
        settings.setProperty("controller.quorum.voters", "1@" + address(ports, CONTROLLER));
        settings.setProperty("listeners", "CLIENTS://" + address(ports, CLIENTS) + ",CONTROLLER://" + address(ports, CONTROLLER));
        settings.setProperty("advertised.listeners", "CLIENTS://" + address(ports, CLIENTS));
        settings.setProperty("listener.security.protocol.map", "CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.setProperty("inter.broker.listener.name", "CLIENTS");
        settings.setProperty("controller.listener.names", "CONTROLLER");
        // relative to the data directory: Kafka takes a comma in a path for the start of the next one
        settings.setProperty("log.dirs", DATA);
        // a mistyped topic is an error, not a new topic
        settings.setProperty("auto.create.topics.enable", "false");
        settings.setProperty("num.partitions", "8");
        settings.setProperty("default.replication.factor", "1");
        // 50 partitions each by default: files to create at the first use, and to open at each start
        settings.setProperty("offsets.topic.num.partitions", "8");
        settings.setProperty("offsets.topic.replication.factor", "1");
        settings.setProperty("transaction.state.log.num.partitions", "2");
        settings.setProperty("transaction.state.log.replication.factor", "1");
        settings.setProperty("transaction.state.log.min.isr", "1");
        // nobody else comes: a group need not wait for its other members
        settings.setProperty("group.initial.rebalance.delay.ms", "0");
        // a process that was killed gives up its partitions after this time, 45 s by default: whoever starts it again should not have to wait for its ghost
        settings.setProperty("group.consumer.min.session.timeout.ms", "6000");
        settings.setProperty("group.consumer.session.timeout.ms", "12000");
        settings.setProperty("group.consumer.min.heartbeat.interval.ms", "1000");
        settings.setProperty("group.consumer.heartbeat.interval.ms", "2000");
        // committed offsets of groups that pause over a long weekend, and then some, are kept
        settings.setProperty("offsets.retention.minutes", Integer.toString(60 * 24 * 60));
        // killed and started again, a broker is let in only when the session of its earlier life is over: nine seconds by default
        settings.setProperty("broker.session.timeout.ms", "3000");
        settings.setProperty("broker.heartbeat.interval.ms", "500");
        // 128 MiB by default, taken at the start, to compact topics that are small here
        settings.setProperty("log.cleaner.dedupe.buffer.size", Integer.toString(16 << 20));
        settings.setProperty("num.network.threads", "2");
        settings.setProperty("num.io.threads", "4");
        settings.setProperty("num.recovery.threads.per.data.dir", "2");
        // indexes are created at this size, sparse, for each partition: small ones suffice
        settings.setProperty("log.index.size.max.bytes", Integer.toString(2 << 20));
        try (OutputStream out = Files.newOutputStream(data.resolve(SETTINGS))) {
            settings.store(out, "Written at each start");
        }
    }

    @Override
    public Optional<Invocation> preparation(DataDirectory data) {
        return Optional.of(new Invocation("kafka.tools.StorageTool", List.of("format", "--cluster-id", newClusterId(), "--config", SETTINGS)));
    }

    @Override
    public void prepared(DataDirectory data) throws IOException {
        replace(data.resolve(META), data.resolve(META_COPY));
    }

    @Override
    public Invocation server(DataDirectory data) {
        return new Invocation("kafka.Kafka", List.of(SETTINGS));
    }

    @Override
    public List<String> jvmOptions(DataDirectory data, Path java) {
        return List.of("-Dlog4j2.configurationFile=classpath:io/carryall/embedded/kafka-log4j2.xml");
    }

    @Override
    public Probe probe(List<Integer> ports) {
        return new KafkaProbe(ports.get(CLIENTS));
    }

    private static String address(List<Integer> ports, int index) {
        return FreePorts.LOOPBACK + ":" + ports.get(index);
    }

    private static boolean isWhole(Path meta) throws IOException {
        if (!Files.isRegularFile(meta)) {
            return false;
        }
        Properties properties = new Properties();
        try (var in = Files.newInputStream(meta)) {
            properties.load(in);
        } catch (IllegalArgumentException e) {
            return false;
        }
        return properties.keySet().containsAll(List.of("cluster.id", "node.id", "directory.id", "version"));
    }

    private static void replace(Path from, Path to) throws IOException {
        Path part = to.resolveSibling(to.getFileName() + ".part");
        Files.copy(from, part, StandardCopyOption.REPLACE_EXISTING);
        Files.move(part, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Kafka's own form: 16 bytes in URL-safe base 64, not beginning with a dash (a command line would take it for an option). */
    private static String newClusterId() {
        while (true) {
            UUID uuid = UUID.randomUUID();
            byte[] bytes = ByteBuffer.allocate(16).putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits()).array();
            String id = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            if (!id.startsWith("-")) {
                return id;
            }
        }
    }
}
