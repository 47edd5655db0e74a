package io.carryall.runtime;

import io.carryall.core.port.Ledger;
import io.carryall.core.port.LedgerException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Ready while the ledger answers, at the consistency that everything needs. Liveness never asks. */
@Readiness
@Singleton
public final class LedgerReadiness implements HealthCheck {
    private static final String NO_MIGRATION = "readiness";

    private final Ledger ledger;

    @Inject
    LedgerReadiness(Ledger ledger) {
        this.ledger = ledger;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response = HealthCheckResponse.named("cassandra");
        try {
            ledger.passes().newest(NO_MIGRATION);
            return response.up().withData("detail", "answers").build();
        } catch (LedgerException e) {
            return response.down().withData("detail", e.getMessage()).build();
        }
    }
}
