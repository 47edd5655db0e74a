package io.carryall.chaos;

import io.carryall.embedded.EmbeddedCassandra;
import io.carryall.embedded.EmbeddedKafka;
import io.carryall.embedded.EmbeddedStack;
import io.carryall.embedded.ServerOptions;
import io.carryall.embedded.StartFailedException;
import io.carryall.testkit.dovecot.Dovecot;
import io.carryall.testkit.net.FaultProxy;
import io.carryall.testkit.net.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/** An installed Carryall with everything that can be harmed: two mail servers, a broker, a node, a scanner, a ledger service, two copiers and a control service. What dies is started again, as an orchestrator does. */
final class Stage implements AutoCloseable {
    static final String TOKEN = "token-of-the-chaos";
    /** Shorter than in real life, and consistent: a copier needs five seconds of its lease to commit, and renews it three times within it. */
    static final long LEASE_MILLIS = 9_000;
    static final long QUARANTINE_MILLIS = 6_000;
    private static final Duration READY_MAX = Duration.ofSeconds(600);
    private static final int STARTS_MAX = 3;
    private static final int SLOW_MILLIS = 8;
    private static final long RESTART_MILLIS = 1_000;
    private static final long LOOK_MILLIS = 250;
    private static final int LOOKS_A_SAMPLE = 4;

    private final Path directory;
    private final Tally tally;
    private final Consumer<String> log;
    private final Dovecot source = Dovecot.started();
    private final Dovecot target = Dovecot.started();
    private final FaultProxy sourceProxy = new FaultProxy(source.port());
    private final FaultProxy targetProxy = new FaultProxy(target.port());
    private final int kafkaPort = FreePorts.next();
    private final int cassandraPort = FreePorts.next();
    private final Statements statements = new Statements(cassandraPort);
    private final List<Service> services = new ArrayList<>();
    private final List<SmallDisk> disks = new ArrayList<>();
    private final Thread supervisor = new Thread(this::supervise, "chaos-supervisor");
    private volatile EmbeddedKafka kafka;
    private volatile EmbeddedCassandra cassandra;
    private volatile boolean closed;

    private Stage(Path directory, Tally tally, Consumer<String> log) {
        this.directory = directory;
        this.tally = tally;
        this.log = log;
    }

    /** @param directory for data and logs; what is there stays */
    static Stage set(Path directory, Tally tally, Consumer<String> log) {
        Stage stage = new Stage(directory, tally, log);
        try {
            stage.begin();
            return stage;
        } catch (RuntimeException | Error e) {
            stage.close();
            throw e;
        }
    }

    private void begin() {
        Thread other = new Thread(this::startKafka, "chaos-kafka");
        other.start();
        startCassandra();
        join(other);
        writeSecrets();
        add("control", "control-service", Map.of());
        add("scanner", "scanner-service", Map.of("CARRYALL_SCANNER_PAGE_ITEMS", "24"));
        add("ledger", "ledger-service", Map.of());
        for (int i = 1; i <= 2; i++) {
            SmallDisk disk = new SmallDisk(directory.resolve("spill-" + i));
            disks.add(disk);
            add("copier-" + i, "copier-service", Map.of("CARRYALL_COPIER_SPILL_DIRECTORY", disk.directory().resolve("files").toString(), "CARRYALL_COPIER_LEASE_MILLIS", Long.toString(LEASE_MILLIS),
                    "CARRYALL_COPIER_QUARANTINE_MILLIS", Long.toString(QUARANTINE_MILLIS), "CARRYALL_COPIER_GROUP_ITEMS", "8", "CARRYALL_COPIER_MESSAGE_BYTES_IN_MEMORY", "65536"));
        }
        services.forEach(Service::start);
        services.forEach(service -> Waiting.until(READY_MAX, service.name() + " is ready, see " + service.log(), () -> {
            if (!service.isAlive()) {
                throw new AssertionError(service.name() + " ended while it started: " + service.said());
            }
            return service.isReady();
        }));
        // Asked for in peace: later a point would be passed before its name is known.
        List.of(Statements.Point.values()).forEach(statements::identifier);
        supervisor.setDaemon(true);
        supervisor.start();
    }

    private void add(String name, String module, Map<String, String> own) {
        FaultProxy ledger = new FaultProxy(cassandraPort);
        Map<String, String> settings = new HashMap<>(own);
        settings.put("CARRYALL_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:" + kafkaPort);
        settings.put("CARRYALL_CASSANDRA_CONTACT_POINTS", "127.0.0.1:" + ledger.port());
        settings.put("CARRYALL_MAIL_SECRETS_DIR", directory.resolve("secrets").toString());
        settings.put("CARRYALL_CONTROL_TOKEN", TOKEN);
        settings.put("CARRYALL_DURABILITY_REPLICAS", "1");
        services.add(new Service(name, module, directory, settings, ledger));
    }

    private void writeSecrets() {
        try {
            Path secrets = Files.createDirectory(directory.resolve("secrets"), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Files.writeString(secrets.resolve("source"), Dovecot.PASSWORD + "\n");
            Files.writeString(secrets.resolve("target"), Dovecot.MASTER_PASSWORD + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void supervise() {
        Map<Service, Long> due = new HashMap<>();
        for (long looks = 0; !closed; looks++) {
            boolean sampled = looks % LOOKS_A_SAMPLE == 0;
            for (Service service : services) {
                look(service, due, sampled);
            }
            Waiting.pause(LOOK_MILLIS);
        }
    }

    private void look(Service service, Map<Service, Long> due, boolean sampled) {
        if (service.isAlive()) {
            if (sampled && service.isCopier()) {
                service.sample();
            }
            return;
        }
        Long when = due.get(service);
        if (when == null) {
            if (!service.wasKilled()) {
                tally.endedByItself();
                say(service.name() + " ended by itself, see " + service.log());
            }
            due.put(service, System.nanoTime() + RESTART_MILLIS * 1_000_000);
        } else if (System.nanoTime() > when && !closed) {
            due.remove(service);
            service.start();
        }
    }

    void say(String what) {
        log.accept(what);
    }

    Path directory() {
        return directory;
    }

    Dovecot source() {
        return source;
    }

    Dovecot target() {
        return target;
    }

    FaultProxy sourceProxy() {
        return sourceProxy;
    }

    FaultProxy targetProxy() {
        return targetProxy;
    }

    List<Service> services() {
        return services;
    }

    List<Service> copiers() {
        return services.stream().filter(Service::isCopier).toList();
    }

    Service service(String name) {
        return services.stream().filter(service -> service.name().equals(name)).findFirst().orElseThrow();
    }

    List<SmallDisk> disks() {
        return disks;
    }

    Statements statements() {
        return statements;
    }

    long groupsSettled() {
        return copiers().stream().mapToLong(Service::settled).sum();
    }

    void killKafka() {
        kafka.kill();
    }

    void startKafka() {
        kafka = started(() -> EmbeddedKafka.start(directory.resolve("kafka"), EmbeddedStack.kafkaLib(Home.path()), ServerOptions.kafka(cache()).withLogDir(directory).withClientPort(kafkaPort)));
    }

    void killCassandra() {
        cassandra.kill();
    }

    void startCassandra() {
        cassandra = started(() -> EmbeddedCassandra.start(directory.resolve("cassandra"), EmbeddedStack.cassandraLib(Home.path()), ServerOptions.cassandra(cache()).withLogDir(directory).withClientPort(cassandraPort)));
    }

    private static Path cache() {
        return EmbeddedStack.cacheDir(Home.path());
    }

    private interface Start<T> {
        T run() throws StartFailedException, InterruptedException;
    }

    private static <T> T started(Start<T> start) {
        for (int attempt = 1; ; attempt++) {
            try {
                return start.run();
            } catch (StartFailedException e) {
                if (attempt == STARTS_MAX) {
                    throw new IllegalStateException(e.getMessage(), e);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
    }

    static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** A pass takes a while then, so that there is a middle to strike in. */
    void slowDown(Random random) {
        targetProxy.delay(Duration.ofMillis(SLOW_MILLIS + random.nextInt(SLOW_MILLIS)));
        copiers().forEach(copier -> copier.ledger().delay(Duration.ofMillis(SLOW_MILLIS + random.nextInt(SLOW_MILLIS))));
    }

    /** Undoes all harm that lasts. */
    void calm() {
        for (FaultProxy proxy : List.of(sourceProxy, targetProxy)) {
            calm(proxy);
        }
        services.forEach(service -> {
            service.thaw();
            calm(service.ledger());
        });
        disks.forEach(SmallDisk::free);
    }

    private static void calm(FaultProxy proxy) {
        proxy.disarm();
        proxy.delay(Duration.ZERO);
        proxy.refuse(false);
        proxy.release();
    }

    @Override
    public void close() {
        closed = true;
        if (supervisor.isAlive()) {
            join(supervisor);
        }
        services.forEach(Service::close);
        disks.forEach(SmallDisk::close);
        if (kafka != null) {
            kafka.kill();
        }
        if (cassandra != null) {
            cassandra.kill();
        }
        sourceProxy.close();
        targetProxy.close();
        source.close();
        target.close();
    }
}
