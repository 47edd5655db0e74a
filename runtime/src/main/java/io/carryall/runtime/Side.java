package io.carryall.runtime;

import io.carryall.core.migration.Limits;
import io.carryall.core.migration.MailServer;
import io.carryall.core.migration.MigrationSpec;

/** Where a connection leads. */
public enum Side {
    SOURCE("source"),
    TARGET("target");

    private final String word;

    Side(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }

    MailServer server(MigrationSpec spec) {
        return this == SOURCE ? spec.source() : spec.target();
    }

    Limits.Side limits(MigrationSpec spec) {
        return this == SOURCE ? spec.limits().source() : spec.limits().target();
    }
}
