package io.carryall.control.rest;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.util.Optional;

/** {@code carryall.control.*}: what an operator can set of control. Defaults and meanings stand in this module's {@code META-INF/microprofile-config.properties}. */
@ConfigMapping(prefix = "carryall.control")
public interface ControlConfig {
    Optional<String> token();

    Optional<Path> tokenFile();

    int scansAtOnceMax();

    int looksAtOnceMax();

    long pollMillis();

    long sweepMillis();

    int failuresMax();
}
