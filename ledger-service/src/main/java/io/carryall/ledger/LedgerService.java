package io.carryall.ledger;

import io.carryall.core.port.Ledger;
import io.carryall.core.port.Queue;
import io.carryall.core.record.Topic;
import io.carryall.runtime.PassContexts;
import io.carryall.runtime.Step;
import io.carryall.runtime.StepLoop;
import io.carryall.runtime.StepMetrics;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** Runs the ledger service's loop from the start of the application to its end. */
@Singleton
public final class LedgerService {
    private static final String GROUP = "carryall-ledger";
    /** A page is about 20 KB in memory. */
    private static final int PAGES_AHEAD_MAX = 200;

    private final StepLoop loop;

    @Inject
    LedgerService(Ledger ledger, Queue queue, PassContexts contexts, StepMetrics metrics, LedgerSettings settings) {
        Registrar registrar = new Registrar(ledger, queue, contexts, metrics);
        loop = new StepLoop(Step.REGISTER, queue, Topic.ITEMS, GROUP, settings.workers(), PAGES_AHEAD_MAX, settings.graceMillis(), metrics, registrar);
    }

    void start(@Observes StartupEvent event) {
        loop.start();
    }

    void stop(@Observes ShutdownEvent event) {
        loop.close();
    }
}
