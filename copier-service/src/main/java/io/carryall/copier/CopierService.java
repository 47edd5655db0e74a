package io.carryall.copier;

import io.carryall.core.port.Clock;
import io.carryall.core.port.Ledger;
import io.carryall.core.port.Queue;
import io.carryall.runtime.Connections;
import io.carryall.runtime.PassContexts;
import io.carryall.runtime.PassGate;
import io.carryall.runtime.StepMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs one {@link Copier} for as long as the application runs. */
@ApplicationScoped
public class CopierService {
    private final Copier copier;

    CopierService(CopierConfig config, Ledger ledger, Queue queue, Clock clock, Connections connections, PassContexts contexts, PassGate gate, StepMetrics metrics, MeterRegistry registry) {
        String holder = "copier-" + UUID.randomUUID();
        Path spill = config.spillDirectory().resolve("copier-" + ProcessHandle.current().pid());
        removeLeftovers(config.spillDirectory());
        ContentStore contents = new ContentStore(spill, config.memoryBytesOrShareOfHeap(), config.messageBytesInMemory());
        registry.gauge("carryall.copy.content.memory.bytes", contents, ContentStore::memoryBytes);
        registry.gauge("carryall.copy.content.spilled.bytes", contents, ContentStore::spilledBytes);
        copier = new Copier(ledger, queue, new PooledMailboxes(connections, contexts, ledger), contents, clock, new StepEvents(queue, metrics, registry), gate::isOpen, config.settings(),
                holder);
    }

    void start(@Observes StartupEvent started) {
        Thread thread = new Thread(copier::run, "copier");
        thread.setDaemon(true);
        thread.start();
    }

    void stop(@Observes ShutdownEvent stopping) {
        copier.close();
    }

    /** What a process that died has spilled is of no use to anybody: its items are fetched again. */
    private static void removeLeftovers(Path directory) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path left : entries.filter(CopierService::isLeft).collect(Collectors.toList())) {
                remove(left);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot empty the spill directory " + directory, e);
        }
    }

    private static boolean isLeft(Path entry) {
        String name = entry.getFileName().toString();
        if (!name.matches("copier-[0-9]+")) {
            return false;
        }
        long pid = Long.parseLong(name.substring("copier-".length()));
        return pid == ProcessHandle.current().pid() || ProcessHandle.of(pid).isEmpty();
    }

    private static void remove(Path directory) throws IOException {
        List<Path> files;
        try (Stream<Path> entries = Files.list(directory)) {
            files = entries.collect(Collectors.toList());
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
        Files.deleteIfExists(directory);
    }
}
