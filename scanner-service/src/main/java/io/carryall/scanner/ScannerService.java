package io.carryall.scanner;

import io.carryall.core.port.Clock;
import io.carryall.core.port.Ledger;
import io.carryall.core.port.Queue;
import io.carryall.core.record.Topic;
import io.carryall.runtime.Connections;
import io.carryall.runtime.PassContexts;
import io.carryall.runtime.PassGate;
import io.carryall.runtime.Step;
import io.carryall.runtime.StepLoop;
import io.carryall.runtime.StepMetrics;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** Runs the scanner's loop from the start of the application to its end. */
@Singleton
public final class ScannerService {
    private static final String GROUP = "carryall-scanner";
    /** A request is small, and where nothing changed a scan takes moments. */
    private static final int SCANS_AHEAD_MAX = 50;

    private final StepLoop loop;

    @Inject
    ScannerService(Ledger ledger, Queue queue, Connections connections, PassContexts contexts, PassGate gate, Clock clock, StepMetrics metrics, ScannerSettings settings) {
        Scanner scanner = new Scanner(new Scanner.Parts(ledger, queue, connections, contexts, gate, clock, metrics, settings));
        loop = new StepLoop(Step.SCAN, queue, Topic.SCANS, GROUP, settings.workers(), SCANS_AHEAD_MAX, settings.graceMillis(), metrics, scanner);
    }

    void start(@Observes StartupEvent event) {
        loop.start();
    }

    void stop(@Observes ShutdownEvent event) {
        loop.close();
    }
}
