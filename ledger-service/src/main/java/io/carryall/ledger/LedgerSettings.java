package io.carryall.ledger;

import io.smallrye.config.ConfigMapping;

/** {@code carryall.ledger.*}. Defaults and meanings stand in this module's {@code META-INF/microprofile-config.properties}. */
@ConfigMapping(prefix = "carryall.ledger")
public interface LedgerSettings {
    int workers();

    long graceMillis();
}
