package io.carryall.scanner;

import io.smallrye.config.ConfigMapping;

/** {@code carryall.scanner.*}. Defaults and meanings stand in this module's {@code META-INF/microprofile-config.properties}. */
@ConfigMapping(prefix = "carryall.scanner")
public interface ScannerSettings {
    int workers();

    int pageItems();

    int attempts();

    long giveUpMillis();

    long busyMillisMax();

    long graceMillis();
}
